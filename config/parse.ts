import type { z } from "zod";
import type { FieldText } from "./fields";
import { problemOf, type Finding } from "./finding";
import { numberIn } from "./mends";
import { fieldAt, nearestWhole, shapeAt, valueAt, withValueAt, type Path } from "./paths";
import type { Problem } from "./problem";
import { stackSchema, type StackFile } from "./schema";
import { meantBy, nearest, unknownKey } from "./spelling";

/** Outcome of the first pass. */
export interface Parsed {
  /** What is wrong with the shape of the stack file's own words. */
  readonly problems: readonly Problem[];
  /** Those words; as they would be after the commands of the problems, where there are any. Nothing where these do not mend it all. */
  readonly file: StackFile | undefined;
}

/**
 * Reads a stack's configuration as Pulumi hands it over: every value a string, objects as JSON.
 *
 * @param raw by key, without the namespace
 */
export function parseStackFile(raw: Readonly<Record<string, string>>, stack: string): Parsed {
  const values = Object.fromEntries(Object.entries(raw).map(([key, text]) => [key, valueOf(key, text)]));
  const result = stackSchema.safeParse(values);
  if (result.success) return { file: result.data, problems: [] };
  const issues = result.error.issues.filter(
    (issue, index, all) => !isMisspelt(issue, all) && !isToldAlready(issue, all.slice(0, index)),
  );
  const findings = issues.flatMap((issue) => findingsOf(issue, values));
  const mended = findings.flatMap(({ changes }) => changes).reduce<unknown>(withValueAt, values);
  return {
    file: stackSchema.safeParse(mended).data,
    problems: findings.map((finding) => problemOf(finding, stack)),
  };
}

/** Pulumi has no types for top-level values; an empty one is a key without a value. */
function valueOf(key: string, text: string): unknown {
  if (text === "") return undefined;
  if (key === "tier") return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

type Issue = z.core.$ZodIssue;

/** Whether a key is missing only because it is misspelt, which is told already. */
function isMisspelt({ code, path }: Issue, issues: readonly Issue[]): boolean {
  const unknown = issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [],
  );
  return code !== "unrecognized_keys" && unknown.some((key) => meantBy([], key)?.join(".") === path.join("."));
}

/** Whether it is only about the size of a value that is wrong in another way already: a text where a list should be has a length as well. */
function isToldAlready({ code, path }: Issue, before: readonly Issue[]): boolean {
  const isSize = code === "too_small" || code === "too_big";
  return isSize && before.some((other) => other.path.join(".") === path.join("."));
}

function findingsOf(issue: Issue, values: unknown): Finding[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key, values));
  const { path: fieldPath, text } = fieldAt(path);
  const value = valueAt(values, path);
  const right = meantValue(issue, path, value) ?? rightValue(text, valueAt(values, fieldPath));
  return [
    {
      path,
      value,
      why: reason(issue, value),
      allowed: text?.allowed ?? `an object with any of ${Object.keys(shapeAt(fieldPath)).join(", ")}`,
      changes: [{ path: fieldPath, value: right }],
    },
  ];
}

/** What the field makes of a wrong value, or its example. */
function rightValue(text: FieldText | undefined, wrong: unknown): unknown {
  if (text === undefined) return undefined;
  if (text.mend !== undefined) return text.mend(wrong);
  const { example } = text;
  return typeof example === "string" && /^[[{]/.test(example) ? (JSON.parse(example) as unknown) : example;
}

function meantValue(issue: Issue, path: Path, value: unknown): string | number | undefined {
  const written = textAsNumber(issue, value);
  const whole = nearestWhole(path, written ?? value);
  return neighbour(issue, value) ?? whole ?? written;
}

/** The choice that a misspelt one stands for. */
function neighbour(issue: Issue, value: unknown): string | undefined {
  if (issue.code !== "invalid_value" || typeof value !== "string") return undefined;
  return nearest(value, issue.values.map(String));
}

/** Pulumi keeps a fraction as text when it is set at a path without `--type float`, and a number with separators always. */
function textAsNumber(issue: Issue, value: unknown): number | undefined {
  if (issue.code !== "invalid_type" || issue.expected !== "number" || typeof value !== "string") return undefined;
  return numberIn(value);
}

function reason(issue: Issue, value: unknown): string {
  if (value === undefined) return "missing";
  if (issue.code === "custom") return issue.message;
  if (textAsNumber(issue, value) !== undefined) return "text, and not a number";
  if (issue.code === "invalid_type")
    return `not ${issue.expected === "int" ? "a whole number" : article(issue.expected)}`;
  const near = neighbour(issue, value);
  if (near !== undefined) return `not one of the choices; did you mean ${near}?`;
  return REASONS[issue.code]?.[typeof value === "number" ? "number" : "other"] ?? issue.message;
}

const REASONS: Partial<Record<Issue["code"], { readonly number: string; readonly other: string }>> = {
  too_small: { number: "too small", other: "too few" },
  too_big: { number: "too large", other: "too many" },
  invalid_value: { number: "not one of the choices", other: "not one of the choices" },
  invalid_union: { number: "not one of the choices", other: "not one of the choices" },
  invalid_format: { number: "not written as it must be", other: "not written as it must be" },
};

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
