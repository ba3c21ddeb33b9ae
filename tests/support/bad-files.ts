import { z } from "zod";
import { textOf } from "../../config/fields";
import { stackSchema } from "../../config/schema";
import { configOf, type Words } from "./stacks";

/** A stack file with one mistake. */
export interface BadFile {
  readonly what: string;
  readonly config: Readonly<Record<string, string>>;
  /** The key that the error has to name, with its namespace. */
  readonly key: string;
  /** The value as the error has to show it; nothing where it is missing. */
  readonly value: string | undefined;
  /** A part of what is allowed. */
  readonly allowed: string;
  /** The key that was meant. */
  readonly neighbour?: string;
}

/** A field of the schema or an object of fields, by its steps. */
interface Place {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
}

const unwrapped = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;

function placesBelow(path: readonly string[], schema: z.ZodObject): Place[] {
  return Object.entries(schema.shape).flatMap(([name, inner]) => {
    const place = { path: [...path, name], schema: unwrapped(inner as z.ZodType) };
    return place.schema instanceof z.ZodObject ? [place, ...placesBelow(place.path, place.schema)] : [place];
  });
}

export const PLACES: readonly Place[] = placesBelow([], stackSchema);

/** Files in which a right value at the path breaks no rule; `multi-az` alone where there is no other. */
const AROUND: Readonly<Record<string, Words>> = {
  "app.servers": { tier: "balanced" },
  "database.active": { tier: "elastic", database: { kind: "migrating" } },
  "database.engineVersion": { tier: "resilient" },
  "database.primary": { tier: "cached" },
  "database.volumeGiB": { tier: "cached" },
  "edge.hostedZoneId": { tier: "elastic", edge: { domain: "api.example.com" } },
  replace: { tier: "single" },
  users: { tier: "single" },
};

function around(path: readonly string[]): Words {
  return AROUND[path.join(".")] ?? { tier: "elastic" };
}

/** The file around a path with a value at it. */
export function withValue(path: readonly string[], value: unknown, words: Words = around(path)): Words {
  const [first = "", ...rest] = path;
  const below = words[first];
  return {
    ...words,
    [first]: rest.length === 0 ? value : withValue(rest, value, typeof below === "object" ? (below as Words) : {}),
  };
}

const WRONG_TYPES: Readonly<Record<string, readonly unknown[]>> = {
  number: ["many", true, [3], { a: 1 }, null],
  string: [5, true, ["x"], { a: 1 }, null],
  enum: [5, true, ["x"], { a: 1 }, null],
  array: ["", 5, true, { a: 1 }],
  record: [5, true, ["x"]],
  object: [5, true, ["x"]],
  union: ["many", true, [3]],
};

/** Every field with values of every other type. */
export function wrongTypes(): BadFile[] {
  return PLACES.filter(({ path }) => path[0] !== "tier").flatMap(({ path, schema }) =>
    (WRONG_TYPES[schema.type] ?? [])
      .filter((value) => value !== "" && (path.length > 1 || value !== null))
      .map((value) => badValue(path, value)),
  );
}

/** A value that its own field does not take. */
export function badValue(path: readonly string[], value: unknown, words?: Words): BadFile {
  const key = path.join(".");
  const schema = PLACES.find((place) => place.path.join(".") === key)!.schema;
  const fields = schema instanceof z.ZodObject ? `an object with any of ${Object.keys(schema.shape).join(", ")}` : "";
  return {
    what: `${key} ${JSON.stringify(value)}`,
    config: configOf(withValue(path, value, words)),
    key: `billybully:${key}`,
    value: shown(value),
    allowed: textOf(schema)?.allowed ?? fields,
  };
}

/** An element of a list that the list's field does not take. */
export function badElement(path: readonly string[], list: readonly unknown[], index: number): BadFile {
  const whole = badValue(path, list);
  return { ...whole, key: `${whole.key}[${index}]`, value: shown(list[index]) };
}

/** Every key with a letter too few, a letter too many and two pairs of letters swapped, all of them holding a value. */
export function misspeltKeys(): BadFile[] {
  return PLACES.flatMap(({ path }) => {
    const siblings = PLACES.filter((place) => place.path.slice(0, -1).join(".") === path.slice(0, -1).join("."));
    const names = siblings.map((place) => place.path.at(-1)!);
    return misspellings(path.at(-1)!)
      .filter((wrong) => !names.includes(wrong))
      .map((wrong) => misspelt(path, wrong, names));
  });
}

function misspelt(path: readonly string[], wrong: string, names: readonly string[]): BadFile {
  const schema = PLACES.find((place) => place.path.join(".") === path.join("."))!.schema;
  const value = rightValue(schema);
  const parent = path.slice(0, -1);
  const words = path[0] === "tier" ? {} : around(path);
  return {
    what: `${[...parent, wrong].join(".")} for ${path.at(-1)!}`,
    config: configOf(withValue([...parent, wrong], value, words)),
    key: `billybully:${[...parent, wrong].join(".")}`,
    value: shown(value),
    allowed: names.join(", "),
    neighbour: path.at(-1)!,
  };
}

function misspellings(name: string): string[] {
  const middle = Math.floor(name.length / 2);
  const [head, letter, tail] = [name.slice(0, middle), name.charAt(middle), name.slice(middle + 1)];
  const swapped = name.slice(0, middle - 1) + letter + name.charAt(middle - 1) + tail;
  const last = name.slice(0, -2) + name.slice(-1) + name.slice(-2, -1);
  return [...new Set([head + tail, head + letter + letter + tail, swapped, last])].filter((word) => word !== name);
}

/** The example of a field; of an object of fields, its first field's. */
export function rightValue(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodObject) {
    const [[name, inner]] = Object.entries(schema.shape) as [[string, z.ZodType]];
    return { [name]: rightValue(unwrapped(inner)) };
  }
  const { example } = textOf(schema)!;
  return typeof example === "string" && /^[[{]/.test(example) ? (JSON.parse(example) as unknown) : example;
}

/** Every number too small, too large, and a fraction where it has to be whole. */
export function numbersOutOfRange(): BadFile[] {
  return PLACES.flatMap(({ path, schema }) => {
    if (!(schema instanceof z.ZodNumber)) return [];
    const { minValue, maxValue, format } = schema;
    const isWhole = format === "safeint";
    const least = isWhole ? minValue! - 1 : minValue!;
    return [least, -7, maxValue! + 1, 1e15, ...(isWhole ? [minValue! + 0.5] : [])].map((value) =>
      badValue(path, value),
    );
  });
}

/** Every choice, misspelt in the same ways. */
export function misspeltChoices(): BadFile[] {
  return PLACES.flatMap(({ path, schema }) => {
    if (!(schema instanceof z.ZodEnum)) return [];
    const choices = schema.options as string[];
    return choices.flatMap((choice) =>
      misspellings(choice)
        .filter((wrong) => !choices.includes(wrong))
        .map((wrong) => ({ ...badValue(path, wrong), neighbour: choice })),
    );
  });
}

/** As the error shows it. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
