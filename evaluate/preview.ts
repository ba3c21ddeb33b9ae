import { z } from "zod";
import type { Footprint } from "../config/footprint";

/** Everything that a step of the engine may be; any other word is a failure of whoever reads it. */
export const ENGINE_OPERATIONS = [
  "same",
  "create",
  "update",
  "delete",
  "replace",
  "create-replacement",
  "delete-replaced",
  "read",
  "read-replacement",
  "refresh",
  "read-discard",
  "discard-replaced",
  "remove-pending-replace",
  "import",
  "import-replacement",
] as const;

/** Operations after which the resource of before is gone. */
export const ENDS: ReadonlySet<string> = new Set<(typeof ENGINE_OPERATIONS)[number]>([
  "delete",
  "replace",
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "remove-pending-replace",
]);

const anything = z.unknown();

/** A resource's state as the engine writes it. Strict: a field that nobody here has heard of may say something that matters. */
const state = z.strictObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().optional(),
  parent: z.string().optional(),
  protect: z.boolean().default(false),
  delete: z.boolean().optional(),
  external: z.boolean().optional(),
  inputs: z.record(z.string(), anything).default({}),
  outputs: z.record(z.string(), anything).default({}),
  dependencies: z.array(z.string()).default([]),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
  ...Object.fromEntries(
    [
      "additionalSecretOutputs",
      "aliases",
      "created",
      "customTimeouts",
      "deletedWith",
      "envVarMappings",
      "hideDiff",
      "ignoreChanges",
      "importID",
      "initErrors",
      "modified",
      "pendingReplacement",
      "provider",
      "refreshBeforeUpdate",
      "replaceOnChanges",
      "replaceWith",
      "replacementTrigger",
      "resourceHooks",
      "retainOnDelete",
      "sourcePosition",
      "stackTrace",
      "taint",
      "viewOf",
    ].map((key) => [key, anything.optional()]),
  ),
});

/** What an operation changes or leaves as it is: both states are compared. */
const COMPARED: ReadonlySet<string> = new Set<(typeof ENGINE_OPERATIONS)[number]>(["same", "update"]);

const step = z
  .strictObject({
    op: z.enum(ENGINE_OPERATIONS),
    urn: z.string().startsWith("urn:pulumi:"),
    provider: z.string().optional(),
    oldState: state.nullish(),
    newState: state.nullish(),
    diffReasons: z.array(z.string()).nullish(),
    replaceReasons: z.array(z.string()).nullish(),
    detailedDiff: anything.optional(),
  })
  .refine(({ op, oldState }) => oldState != null || !(ENDS.has(op) || COMPARED.has(op)), {
    path: ["oldState"],
    message: "missing, so that nobody can tell what was there",
  })
  .refine(({ op, newState }) => newState != null || !COMPARED.has(op), {
    path: ["newState"],
    message: "missing, so that nobody can tell what becomes of it",
  });

const preview = z.strictObject({
  config: z.record(z.string(), anything).optional(),
  steps: z.array(step),
  diagnostics: z.array(z.object({ message: z.string(), severity: z.string() })).default([]),
  duration: z.number(),
  changeSummary: z.record(z.string(), z.number()),
  maybeCorrupt: z.boolean().optional(),
  policyPacks: anything.optional(),
});

export type EngineState = z.infer<typeof state>;
export type EngineStep = z.infer<typeof step>;
export type Preview = z.infer<typeof preview>;

/** A preview that cannot be believed. */
export class PreviewError extends Error {}

/**
 * Reads the output of `pulumi preview --json`.
 *
 * @throws PreviewError where it is cut short, has a field or an operation that is not known here, holds an error, or does not add up
 */
export function parsePreview(text: string): Preview {
  const read = parseDigest(text);
  const missing = unaccounted(read);
  if (missing.length > 0)
    throw new PreviewError(`the preview does not list the changes that it counts: ${missing.join(", ")}`);
  return read;
}

/**
 * Reads the output of `pulumi refresh --preview-only --json`. Its summary may count changes that its steps do not tell: those of which the
 * provider says that, but not how, a resource has changed.
 *
 * @throws PreviewError as `parsePreview` does, apart from the sums
 */
export function parseRefresh(text: string): Preview {
  return parseDigest(text);
}

function parseDigest(text: string): Preview {
  const result = preview.safeParse(jsonOf(text));
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `${path.join(".") || "the whole"}: ${message}`);
    throw new PreviewError(`this is no preview that the gate understands:\n  ${problems.slice(0, 10).join("\n  ")}`);
  }
  if (result.data.maybeCorrupt === true)
    throw new PreviewError("the preview says of itself that it may be corrupt, so that nobody can tell what is there");
  const errors = result.data.diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new PreviewError(`the preview failed:\n  ${errors.map(({ message }) => message.trim()).join("\n  ")}`);
  return result.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's own words quote the text, and the text has the state in it.
    throw new PreviewError("this is not JSON, or cut short");
  }
}

/** Operations that change nothing, and that the engine lists without counting them on a fresh stack. */
const HARMLESS = new Set<string>(["read", "refresh"]);

/** Operations of which the summary counts more than the list has, or of the changes fewer. */
function unaccounted({ steps, changeSummary }: Preview): string[] {
  const operations = new Set([...Object.keys(changeSummary), ...steps.map(({ op }) => op)]);
  operations.delete("same");
  return [...operations]
    .map((op) => ({ op, counted: changeSummary[op] ?? 0, listed: steps.filter((each) => each.op === op).length }))
    .filter(({ op, counted, listed }) => counted > listed || (counted < listed && !HARMLESS.has(op)))
    .map(({ op, counted, listed }) => `${op} ${counted}, listed ${listed}`);
}

const STACK = "pulumi:pulumi:Stack";

/** What the stack stood on before, from its own outputs in the preview. */
export function footprintIn(steps: readonly EngineStep[]): Footprint | undefined {
  const stack = steps.find(({ urn }) => urn.split("::")[2] === STACK);
  return stack?.oldState?.outputs["footprint"] as Footprint | undefined;
}
