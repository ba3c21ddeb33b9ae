import { z } from "zod";
import { DEFAULT_MODEL, type CapacityModel } from "../plan/capacity";
import { field } from "./fields";

const SHARES = /Share$|Utilisation$/;

function modelField(key: keyof CapacityModel): z.ZodOptional<z.ZodNumber> {
  const share = SHARES.test(key);
  return field(share ? z.number().gt(0).max(1) : z.number().gt(0).max(1_000_000), {
    about: `Capacity model: ${key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`,
    allowed: share ? "above 0, at most 1" : "above 0, at most 1000000",
    example: DEFAULT_MODEL[key],
    otherwise: String(DEFAULT_MODEL[key]),
    change: "sizes that come from the model follow",
  });
}

/** Each parameter of the capacity model as a field of its own. */
export const model = z.strictObject(
  Object.fromEntries(Object.keys(DEFAULT_MODEL).map((key) => [key, modelField(key as keyof CapacityModel)])) as Record<
    keyof CapacityModel,
    z.ZodOptional<z.ZodNumber>
  >,
);
