import assert from "node:assert/strict";
import type { Footprint } from "../../config";
import { compare } from "../../evaluate/compare";
import type { Evaluation } from "../../evaluate";
import { parsePreview, type Preview } from "../../evaluate/preview";
import { heldBy } from "../../evaluate/stateful";
import { describeVerdict, judge } from "../../report/gate";
import { disagreements, type StateResource } from "./agreement";
import { offline } from "./offline";
import type { EngineStack } from "./stack";

/** One change of a live stack. */
export interface Step {
  readonly says: string;
  /** Keys to set; an empty value removes the key. */
  readonly set: Readonly<Record<string, string>>;
  /** Names of stateful resources that this step gives up: unprotected by hand, and let through the gate by name. */
  readonly givesUp?: readonly string[];
}

/**
 * Takes a stack through its steps. Before each: the gate reads the real preview, and the computed changes are the engine's own, resource by
 * resource. After each: nothing is left to do, the state is what the evaluation said, and every stateful resource is the one it was.
 */
export class Climber {
  private evaluation: Evaluation | undefined;
  private ids = new Map<string, string>();

  constructor(private readonly stack: EngineStack) {}

  async begin(config: Readonly<Record<string, string>>): Promise<void> {
    await this.stack.create(config);
    await this.stack.up();
    await this.settled(await offline(this.stack), []);
  }

  async take(step: Step): Promise<void> {
    await this.stack.set(step.set);
    const before = this.evaluation;
    assert.ok(before, "the stack has not begun");
    const after = await offline(this.stack, before.outputs["footprint"] as Footprint);
    const givenUp = await this.giveUp(step.givesUp ?? []);
    const preview = parsePreview(await this.stack.preview());
    this.gateOpens(preview, givenUp);
    assert.deepEqual(computed(before, after), engines(preview), "computed changes and the engine's");
    await this.stack.up();
    await this.stack.expectNoChanges();
    await this.settled(after, givenUp);
  }

  private async giveUp(names: readonly string[]): Promise<string[]> {
    const urns =
      this.evaluation?.resources.filter(({ name, protect }) => protect && names.includes(name)).map(({ urn }) => urn) ??
      [];
    assert.equal(urns.length, names.length, `one protected resource each of ${names.join(", ")}`);
    for (const urn of urns) await this.stack.unprotect(urn);
    return urns;
  }

  private gateOpens(preview: Preview, givenUp: readonly string[]): void {
    if (givenUp.length > 0) {
      assert.deepEqual(
        judge(preview, [])
          .stopped.map(({ urn }) => urn)
          .filter((urn) => givenUp.includes(urn))
          .sort(),
        [...givenUp].sort(),
      );
    }
    const machines = judge(preview, givenUp)
      .stopped.filter(({ urn }) => givenUp.some((volume) => sameName(urn, volume)))
      .map(({ urn }) => urn);
    const verdict = judge(preview, [...givenUp, ...machines]);
    assert.equal(verdict.stopped.length, 0, describeVerdict(verdict));
  }

  private async settled(evaluation: Evaluation, givenUp: readonly string[]): Promise<void> {
    const state = await this.stack.state();
    assert.deepEqual(disagreements(evaluation, state), []);
    const now = statefulIds(state);
    const lost = [...this.ids].filter(([urn, id]) => now.get(urn) !== id && !givenUp.includes(urn)).map(([urn]) => urn);
    assert.deepEqual(lost, [], "stateful resources that are gone or others");
    this.ids = now;
    this.evaluation = evaluation;
  }
}

function sameName(one: string, other: string): boolean {
  return one.split("::").at(-1) === other.split("::").at(-1);
}

function statefulIds(state: readonly StateResource[]): Map<string, string> {
  const kept = state.filter((resource) => heldBy({ ...resource, protect: resource.protect ?? false }) !== undefined);
  return new Map(kept.map(({ urn, id }) => [urn, id ?? ""]));
}

/** Operations by URN, as the comparison of two evaluations has them. */
function computed(before: Evaluation, after: Evaluation): Record<string, string> {
  const changes = compare(before.resources, after.resources).filter(({ operation }) => operation !== "same");
  return sorted(changes.map(({ urn, operation }) => [urn, operation]));
}

/** The same as the engine has them; what it only reads and its own stack are no changes. */
function engines({ steps }: Preview): Record<string, string> {
  return sorted(steps.filter(({ op }) => op !== "same" && op !== "read").map(({ urn, op }) => [urn, op]));
}

function sorted(entries: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
