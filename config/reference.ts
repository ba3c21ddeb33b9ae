import { z } from "zod";
import { textOf, type FieldText } from "./fields";
import { stackSchema } from "./schema";

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
