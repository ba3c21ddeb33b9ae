import { z } from "zod";
import { textOf, type FieldText } from "./fields";
import { stackSchema, type StackFile } from "./schema";

/** `tier`, `network.cidr`: the keys of `fieldRows`, as a type. A list or a map of any names is one key. */
export type FieldKey = KeysOf<StackFile>;
type KeysOf<T> = { [K in keyof T & string]-?: KeysBelow<K, NonNullable<T[K]>> }[keyof T & string];
type KeysBelow<K extends string, V> = V extends string | number | readonly unknown[]
  ? K
  : string extends keyof V
    ? K
    : `${K}.${keyof V & string}`;

export interface FieldRow {
  /** Key as it stands in a stack file, without the namespace. */
  readonly key: string;
  readonly text: FieldText;
}

/** Every key that a stack file may have, in the order of the schema. */
export function fieldRows(schema: z.ZodObject = stackSchema, parent = ""): FieldRow[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, optional]) => {
    const key = parent === "" ? name : `${parent}.${name}`;
    const inner = optional instanceof z.ZodOptional ? (optional.unwrap() as z.ZodType) : optional;
    const text = textOf(inner);
    if (text !== undefined) return [{ key, text }];
    return inner instanceof z.ZodObject ? fieldRows(inner, key) : [];
  });
}
