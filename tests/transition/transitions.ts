import assert from "node:assert/strict";
import { resolveSettings, type Footprint } from "../../config";
import { transitionOf, type Transition } from "../../config/transition";
import type { Resource } from "../../evaluate";
import { compare, type Change } from "../../evaluate/compare";
import { heldBy } from "../../evaluate/stateful";
import { interruptionsOf } from "../../report/interruptions";
import { configOf, stackWith, type Words } from "../support/stacks";

/** A change of a stack that stands on one file to another file. */
export interface Found extends Transition {
  readonly changes: readonly Change[];
  /** Machines that stood before, by group. */
  readonly machines: Footprint["machines"];
  /** What stands afterwards. */
  readonly resources: readonly Resource[];
}

export async function changeFrom(before: Words, after: Words): Promise<Found> {
  const [old, now] = [await stackWith(before), await stackWith(after)];
  const settings = resolveSettings(configOf(after), "test");
  const footprint = old.outputs["footprint"] as Footprint;
  const found = transitionOf(footprint, settings, "test");
  const changes = compare(old.resources, now.resources);
  return { ...found, changes, machines: footprint.machines, resources: now.resources };
}

/** Stateful resources that a change would end, as `operation name`. */
export function losses({ changes }: Pick<Found, "changes">): string[] {
  return changes
    .filter(
      (change) => (change.operation === "delete" || change.operation === "replace") && heldBy(change) !== undefined,
    )
    .map(({ operation, name }) => `${operation} ${name}`);
}

const INSTANCE = "aws:ec2/instance:Instance";
const AURORA = "aws:rds/clusterInstance:ClusterInstance";
const isMachine = ({ type }: Change): boolean => type === INSTANCE || type === AURORA;

/** `app-private`, `db-aurora`: machines of one name do the same work. */
export function groupOf({ name }: Change): string {
  return name.replace(/-\d+$/, "");
}

export function groupsOf(machines: readonly Change[]): Change[][] {
  const names = [...new Set(machines.map(groupOf))];
  return names.map((name) => machines.filter((machine) => groupOf(machine) === name));
}

/** Machines that are away before what comes for them serves: they go first, or stop to be changed. */
export function downFirst({ changes }: Pick<Found, "changes">): Change[] {
  const stops = ({ operation, properties }: Change): boolean =>
    operation === "update" && properties.some((property) => /^instance(Type|Class)$/.test(property));
  // Aurora's identifiers are fixed: the old one has to go.
  const goes = ({ type, operation, oldFirst }: Change): boolean =>
    operation === "replace" && (oldFirst || type === AURORA);
  return changes.filter((change) => isMachine(change) && (stops(change) || goes(change)));
}

/** Two machines of one group that go down first and of which neither waits for the other, as `one and other`. */
export function unordered(found: Pick<Found, "changes" | "resources">): string[] {
  return groupsOf(downFirst(found)).flatMap((group) =>
    group.flatMap((one, index) =>
      group
        .slice(index + 1)
        .filter((other) => !waits(found.resources, one, other) && !waits(found.resources, other, one))
        .map((other) => `${one.name} and ${other.name}`),
    ),
  );
}

/** Whether one is only begun when another is done, and serves: over however many in between. */
function waits(resources: readonly Resource[], one: Change, other: Change): boolean {
  const served = other.type === INSTANCE ? `::${other.name}-apply` : `::${other.name}`;
  const seen = new Set([one.urn]);
  for (const urn of seen) {
    const { dependencies = [] } = resources.find((resource) => resource.urn === urn)?.options ?? {};
    for (const dependency of dependencies) seen.add(dependency);
  }
  return [...seen].some((urn) => urn !== one.urn && urn.endsWith(served));
}

/** Those of them that are the only one of their group while they are down. */
export function aloneDown(found: Pick<Found, "changes">): Change[] {
  const stood = found.changes.filter((change) => isMachine(change) && change.operation !== "create");
  const peers = (machine: Change): Change[] => stood.filter((other) => groupOf(other) === groupOf(machine));
  return downFirst(found).filter((machine) => peers(machine).length === 1);
}

/** Of what clients feel for certain: that nothing of it is left untold. */
export function assertTold({ changes, machines }: Pick<Found, "changes" | "machines">): void {
  const moved = changes.filter(
    ({ type, name, operation }) =>
      type === "aws:ec2/eipAssociation:EipAssociation" && name.startsWith("app-front") && operation === "replace",
  );
  const told = interruptionsOf(changes, machines)
    .filter(({ seconds }) => seconds > 0)
    .map(({ name }) => name);
  assert.deepEqual(
    [...aloneDown({ changes }), ...moved].map(({ name }) => name).filter((name) => !told.includes(name)),
    [],
    "these are felt, and no second of it is told",
  );
}
