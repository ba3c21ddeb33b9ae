import { readFileSync } from "node:fs";
import { join } from "node:path";
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
