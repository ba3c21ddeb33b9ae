import { z } from "zod";
import { textOf, type FieldText } from "./fields";
import { below } from "./problem";
import { stackSchema } from "./schema";

/** Steps from the top of a stack file down to a value; a number is a list's element. */
export type Path = readonly string[];

/** One value to set, or to remove where it is `undefined`. */
export interface Change {
  readonly path: Path;
  readonly value: unknown;
}

/** A path as Pulumi writes it. */
export function keyOf(path: Path): string {
  return path.reduce((key, name) => (/^\d+$/.test(name) ? `${key}[${name}]` : below(key, name)), "");
}

export function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? own(value, name) : undefined), values);
}

/** The values with another one at a path, or without any. */
export function withValueAt(values: unknown, { path, value }: Change): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const { [name]: old, ...others } = isRecord(values) ? values : {};
  const inner = withValueAt(old, { path: rest, value });
  return inner === undefined ? others : { ...others, [name]: inner };
}

/** The fields of the object at a path; none where there is no object. */
export function shapeAt(path: Path): Record<string, z.ZodType> {
  const schema = schemaAt(path);
  return schema instanceof z.ZodObject ? schema.shape : {};
}

export interface FoundField {
  /** Path of the field itself; a value inside a list belongs to the list's field. */
  readonly path: Path;
  readonly text: FieldText | undefined;
}

/** The field that a value belongs to, with what people read of it; an object of fields has none. */
export function fieldAt(path: Path): FoundField {
  const lengths = path.map((_, index) => path.length - index);
  const found = lengths.map((length) => path.slice(0, length)).find((part) => textOf(schemaAt(part)) !== undefined);
  return { path: found ?? path, text: found === undefined ? undefined : textOf(schemaAt(found)) };
}

export function isField(path: Path): boolean {
  return textOf(schemaAt(path)) !== undefined;
}

/** The whole number nearest to a value that the field at a path takes; nothing where it takes others than whole ones. */
export function nearestWhole(path: Path, value: unknown): number | undefined {
  const schema = schemaAt(path);
  if (!(schema instanceof z.ZodNumber) || schema.format !== "safeint") return undefined;
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  return Math.min(Math.max(Math.round(value), schema.minValue ?? -Infinity), schema.maxValue ?? Infinity);
}

function schemaAt(path: Path): z.ZodType {
  return path.reduce<z.ZodType>((schema, name) => unwrapped(childOf(schema, name)), stackSchema);
}

function childOf(schema: z.ZodType, name: string): z.ZodType {
  return schema instanceof z.ZodObject ? ((own(schema.shape, name) ?? z.unknown()) as z.ZodType) : z.unknown();
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function own(record: object, name: string): unknown {
  return Object.hasOwn(record, name) ? (record as Record<string, unknown>)[name] : undefined;
}
