import { resolveSettings, type Footprint } from "../../config";
import { transitionOf, type Transition } from "../../config/transition";
import { compare, type Change } from "../../evaluate/compare";
import { heldBy } from "../../evaluate/stateful";
import { configOf, stackWith, type Words } from "../support/stacks";

/** A change of a stack that stands on one file to another file. */
export interface Found extends Transition {
  readonly changes: readonly Change[];
}

export async function changeFrom(before: Words, after: Words): Promise<Found> {
  const [old, now] = [await stackWith(before), await stackWith(after)];
  const settings = resolveSettings(configOf(after), "test");
  const found = transitionOf(old.outputs["footprint"] as Footprint, settings, "test");
  return { ...found, changes: compare(old.resources, now.resources) };
}

/** Stateful resources that a change would end, as `operation name`. */
export function losses({ changes }: Pick<Found, "changes">): string[] {
  return changes
    .filter(
      (change) => (change.operation === "delete" || change.operation === "replace") && heldBy(change) !== undefined,
    )
    .map(({ operation, name }) => `${operation} ${name}`);
}
