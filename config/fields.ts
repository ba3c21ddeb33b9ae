import { z } from "zod";

/** What people read of a field: in the README's table, in an error, in the plan. */
export interface FieldText {
  /** One sentence. */
  readonly about: string;
  readonly allowed: string;
  /** A valid value, for the command that mends a wrong one. Lists and objects as JSON. */
  readonly example: string | number | boolean;
  /** A valid value made of a wrong one; nothing where the key should go. @default - the example */
  readonly mend?: (wrong: unknown) => unknown;
  /** What applies when it is left out. */
  readonly otherwise: string;
  /** What changing it does to a stack that runs. */
  readonly change: string;
}

export const texts = z.registry<FieldText>();

/** The text of a field, or nothing for an object of fields. */
export function textOf(schema: z.ZodType): FieldText | undefined {
  return texts.get(schema);
}

export function field<S extends z.ZodType>(schema: S, text: FieldText): z.ZodOptional<S> {
  texts.add(schema, text);
  return schema.optional();
}

export const whole = (min: number, max: number): z.ZodNumber => z.number().int().min(min).max(max);
export const oneOf = (values: readonly string[]): string => values.join(" | ");
