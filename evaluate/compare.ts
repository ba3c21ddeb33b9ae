import { REFERENCE, type Resource } from "./graph";
import { movesOnUpdate, replaces } from "./replacement";

export const OPERATIONS = ["create", "update", "replace", "delete", "same"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What becomes of one resource when one graph takes the place of another. */
export interface Change {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly operation: Operation;
  /** Inputs that differ, of an update or a replacement; `replacementTrigger` where the program asks for it. */
  readonly properties: readonly string[];
  /** Of a replacement: whether the old one has to go before the new one comes. */
  readonly oldFirst: boolean;
  readonly protect: boolean;
}

/**
 * What the engine would do to a stack that stands as `before` says, to make it what `after` says. Resources are the same where their URNs
 * are; everything else follows from the inputs that differ and what the provider does about each.
 */
export function compare(before: readonly Resource[], after: readonly Resource[]): Change[] {
  const old = new Map(before.filter(isManaged).map((resource) => [resource.urn, resource]));
  const now = after.filter(isManaged);
  const urns = new Set(now.map(({ urn }) => urn));
  const gone = [...old.values()].filter(({ urn }) => !urns.has(urn)).map((resource) => change(resource, "delete", []));
  let known = now.map((resource) => changeOf(old.get(resource.urn), resource, new Map()));
  // What a changed resource will only tell afterwards is a change for whoever reads it; so again until nothing is added.
  for (let found = -1; found !== count(known);) {
    found = count(known);
    const moving = new Map(known.map((each) => [`${each.type}::${each.name}`, each]));
    known = now.map((resource) => changeOf(old.get(resource.urn), resource, moving));
  }
  return [...known, ...gone].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/** The engine changes nothing about components and what is only read. */
function isManaged({ type, options }: Resource): boolean {
  return options.custom && type !== "pulumi:pulumi:StackReference";
}

function count(changes: readonly Change[]): number {
  return changes.reduce(
    (sum, { operation, properties }) => sum + (operation === "same" ? 0 : 1 + properties.length),
    0,
  );
}

function changeOf(old: Resource | undefined, now: Resource, moving: ReadonlyMap<string, Change>): Change {
  if (old === undefined) return change(now, "create", []);
  const ignored = new Set(now.options.ignoreChanges.map((path) => path.split(/[.[]/)[0]));
  const keys = [...new Set([...Object.keys(old.inputs), ...Object.keys(now.inputs)])].filter(
    (key) => !ignored.has(key),
  );
  const inputs = keys.filter(
    (key) => differs(old.inputs[key], now.inputs[key]) || readsMoving(now.inputs[key], moving),
  );
  const triggered = differs(old.options.replacementTrigger, now.options.replacementTrigger)
    ? ["replacementTrigger"]
    : [];
  const properties = [...inputs, ...triggered];
  const forced =
    triggered.length > 0 || inputs.some((key) => replaces(now.type, key) || now.options.replaceOnChanges.includes(key));
  return change(now, properties.length === 0 ? "same" : forced ? "replace" : "update", properties);
}

function change(
  { urn, type, name, protect, options }: Resource,
  operation: Operation,
  properties: readonly string[],
): Change {
  return {
    urn,
    type,
    name,
    operation,
    properties,
    protect,
    oldFirst: operation === "replace" && options.deleteBeforeReplace,
  };
}

function differs(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) !== JSON.stringify(other ?? null);
}

/** Whether a value holds an output that its resource is about to give another value. */
function readsMoving(value: unknown, moving: ReadonlyMap<string, Change>): boolean {
  const references = [...JSON.stringify(value ?? null).matchAll(REFERENCE)];
  return references.some(([, type = "", name = "", output = ""]) => {
    const operation = moving.get(`${type}::${name}`)?.operation ?? "same";
    return operation === "create" || operation === "replace" || (operation === "update" && movesOnUpdate(type, output));
  });
}
