import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Evaluation, Resource } from "../../evaluate";
import { compare } from "../../evaluate/compare";
import { reference } from "../../evaluate/graph";
import { parsePreview, type Preview } from "../../evaluate/preview";

export const GOLDEN = join(__dirname, "../golden");

/** What a real engine said of a stack of tier `single` that goes to `elastic`; values that nobody reads were left out. */
export const REAL = readFileSync(join(GOLDEN, "preview.json"), "utf8");

/** A preview as `pulumi preview --json` writes it, open to whatever a test wants to put into it. */
export type Json = Record<string, unknown>;

export function urn(type: string, name: string, stack = "test"): string {
  return `urn:pulumi:${stack}::billybully::billybully:part:Part$${type}::${name}`;
}

export function state(type: string, name: string, more: Json = {}): Json {
  return { urn: urn(type, name), custom: true, type, ...more };
}

/** A step with the states that its operation has: no old one where something comes, no new one where it goes. */
export function step(op: string, type: string, name: string, more: Json = {}): Json {
  const { old = {}, now = {}, ...rest } = more as { old?: Json; now?: Json };
  const comes = op === "create" || op === "import";
  return {
    op,
    urn: urn(type, name),
    ...(!comes && { oldState: state(type, name, old) }),
    ...(op !== "delete" && { newState: state(type, name, now) }),
    detailedDiff: null,
    ...rest,
  };
}

/** The step of the stack itself, which tells how many machines there were. */
export function stackStep(machines: Json): Json {
  const [own, type] = ["urn:pulumi:test::billybully::pulumi:pulumi:Stack::billybully-test", "pulumi:pulumi:Stack"];
  const both = { urn: own, type, custom: false };
  return { op: "same", urn: own, oldState: { ...both, outputs: { footprint: { machines } } }, newState: both };
}

/** The text of a preview of these steps, whose sums are right. */
export function previewText(steps: readonly Json[], more: Json = {}): string {
  const changeSummary: Record<string, number> = {};
  for (const { op } of steps) changeSummary[op as string] = (changeSummary[op as string] ?? 0) + 1;
  return JSON.stringify({ config: {}, steps, duration: 1, changeSummary, ...more });
}

export function previewOf(...steps: readonly Json[]): Preview {
  return parsePreview(previewText(steps));
}

/** What the engine would say of a stack that goes from one evaluation to another, as far as the comparison of the two knows it. */
export function previewBetween(before: Evaluation, after: Evaluation): Preview {
  const [old, now] = [before, after].map(
    ({ resources }) => new Map(resources.map((each) => [each.urn, stateOf(each)])),
  );
  const steps = compare(before.resources, after.resources).map(({ urn: own, operation, properties }) => ({
    op: operation,
    urn: own,
    ...(operation !== "create" && { oldState: old?.get(own) }),
    ...(operation !== "delete" && { newState: now?.get(own) }),
    diffReasons: properties,
  }));
  const { footprint } = before.outputs;
  const [stack] = [stackStep({})];
  Object.assign(stack["oldState"] as Json, { outputs: { footprint } });
  return previewOf(stack, ...steps);
}

function stateOf({ urn: own, type, name, inputs, protect, options: { custom, dependencies } }: Resource): Json {
  return { urn: own, custom, type, id: reference(type, name, "id"), inputs, protect, dependencies };
}
