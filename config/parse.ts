import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { commandsFor, type Problem } from "./problem";
import { textOf } from "./fields";
import { stackSchema, type StackFile } from "./schema";

/** Outcome of the first pass: the stack file's own words, or what is wrong with their shape. */
export type Parsed =
  | { readonly file: StackFile; readonly problems?: undefined }
  | { readonly file?: undefined; readonly problems: readonly Problem[] };

/**
 * Reads a stack's configuration as Pulumi hands it over: every value a string, objects as JSON.
 *
 * @param raw by key, without the namespace
 */
export function parseStackFile(raw: Readonly<Record<string, string>>, stack: string): Parsed {
  const values = Object.fromEntries(Object.entries(raw).map(([key, text]) => [key, valueOf(key, text)]));
  const result = stackSchema.safeParse(values);
  if (result.success) return { file: result.data };
  return { problems: result.error.issues.flatMap((issue) => problemsOf(issue, values, stack)) };
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

function problemsOf(issue: Issue, values: unknown, stack: string): Problem[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(path, key, values, stack));
  const field = fieldAt(path);
  const value = valueAt(values, path);
  const key = field.path.join(".");
  const { set, remove } = commandsFor(stack);
  const mend = field.text === undefined ? remove(key) : set(key, parseExample(field.text.example));
  return [
    {
      key: keyOf(path),
      value,
      why: reason(issue, value),
      allowed: allowedAt(field),
      mend: suggestion(issue, value, key, stack) ?? mend,
    },
  ];
}

function unknownKey(parent: readonly string[], key: string, values: unknown, stack: string): Problem {
  const known = Object.keys(shapeAt(parent));
  const near = closest(key, known);
  const value = valueAt(values, [...parent, key]);
  const { set, remove } = commandsFor(stack);
  const own = keyOf([...parent, key]);
  const right = keyOf([...parent, near]);
  const move = typeof value === "object" ? `write it as ${right}` : set(right, value);
  return {
    key: own,
    value,
    why: `unknown key; did you mean ${near}?`,
    allowed: known.join(", "),
    mend: `${remove(own)} && ${move}`,
  };
}

/** A misspelt choice is set to its neighbour. */
function suggestion(issue: Issue, value: unknown, key: string, stack: string): string | undefined {
  const near = neighbour(issue, value);
  return near === undefined ? undefined : commandsFor(stack).set(key, near);
}

function neighbour(issue: Issue, value: unknown): string | undefined {
  if (issue.code !== "invalid_value" || typeof value !== "string") return undefined;
  const near = closest(value, issue.values.map(String));
  return distance(value, near) <= Math.ceil(near.length / 2) ? near : undefined;
}

function reason(issue: Issue, value: unknown): string {
  if (value === undefined) return "missing";
  if (issue.code === "custom") return issue.message;
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

interface FoundField {
  /** Path of the field itself; a value inside an array belongs to the array's field. */
  readonly path: readonly string[];
  readonly text: ReturnType<typeof textOf>;
}

function fieldAt(path: readonly string[]): FoundField {
  const lengths = path.map((_, index) => path.length - index);
  const found = lengths.map((length) => path.slice(0, length)).find((part) => textOf(schemaAt(part)) !== undefined);
  return { path: found ?? path, text: found === undefined ? undefined : textOf(schemaAt(found)) };
}

function allowedAt({ path, text }: FoundField): string {
  return text?.allowed ?? `an object with any of ${Object.keys(shapeAt(path)).join(", ")}`;
}

function schemaAt(path: readonly string[]): z.ZodType {
  return path.reduce<z.ZodType>((schema, name) => unwrapped(childOf(schema, name)), stackSchema);
}

function childOf(schema: z.ZodType, name: string): z.ZodType {
  if (schema instanceof z.ZodObject) return (schema.shape as Record<string, z.ZodType>)[name] ?? z.unknown();
  return z.unknown();
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function shapeAt(path: readonly string[]): Record<string, z.ZodType> {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? schema.shape : {};
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    values,
  );
}

function keyOf(path: readonly string[]): string {
  return path.reduce(
    (key, name) => (/^\d+$/.test(name) ? `${key}[${name}]` : key === "" ? name : `${key}.${name}`),
    "",
  );
}

function parseExample(example: string | number | boolean): unknown {
  return typeof example === "string" && /^[[{]/.test(example) ? (JSON.parse(example) as unknown) : example;
}
