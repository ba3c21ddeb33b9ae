import { keyOf, type Change, type Path } from "./paths";
import { commandsFor, type Problem } from "./problem";

/** What is wrong at one place of a stack file, and what would be right. */
export interface Finding {
  readonly path: Path;
  readonly value: unknown;
  readonly why: string;
  readonly allowed: string;
  readonly changes: readonly Change[];
}

/** The same for people, with commands in place of changes. */
export function problemOf({ path, value, why, allowed, changes }: Finding, stack: string): Problem {
  const mend = changes.map((change) => commandOf(change, stack)).join(" && ");
  return { key: nameOf(path), value, why, allowed, mend };
}

/** A key of the file's first level is no path, whatever it looks like. */
function nameOf(path: Path): string {
  return path.length === 1 ? path.join() : keyOf(path);
}

function commandOf({ path, value }: Change, stack: string): string {
  const { set, remove, removeLiteral } = commandsFor(stack);
  if (value !== undefined) return set(keyOf(path), value);
  return path.length === 1 ? removeLiteral(nameOf(path)) : remove(keyOf(path));
}
