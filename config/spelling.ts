import { distance } from "fastest-levenshtein";
import type { Finding } from "./finding";
import { isField, keyOf, shapeAt, valueAt, type Path } from "./paths";

/** What is said of a key that nobody knows, and of the one that was meant. */
export function unknownKey(parent: Path, key: string, values: unknown): Finding {
  const path = [...parent, key];
  const value = valueAt(values, path);
  const meant = meantBy(parent, key);
  const isMoved = meant !== undefined && valueAt(values, meant) === undefined && value !== undefined && value !== null;
  return {
    path,
    value,
    why: whyUnknown(path, meant),
    allowed: Object.keys(shapeAt(parent)).join(", "),
    changes: [{ path, value: undefined }, ...(isMoved ? [{ path: meant, value }] : [])],
  };
}

function whyUnknown(path: Path, meant: Path | undefined): string {
  if (meant === undefined) return "unknown key";
  if (path.join(".") === meant.join(".")) return "unknown key: a path is set with --path";
  return `unknown key; did you mean ${path.length === meant.length ? (meant.at(-1) ?? "") : keyOf(meant)}?`;
}

/** The key that an unknown one stands for: what it is the path of, its namesake in another object, or its neighbour. */
export function meantBy(parent: Path, key: string): Path | undefined {
  const steps = key.split(".");
  if (parent.length === 0 && steps.length > 1) return isField(steps) ? steps : undefined;
  const namesakes = Object.keys(shapeAt([])).filter((section) => Object.hasOwn(shapeAt([section]), key));
  if (namesakes.length === 1) return [...namesakes, key];
  const near = nearest(key, Object.keys(shapeAt(parent)));
  return near === undefined ? undefined : [...parent, near];
}

/** The choice that a misspelt or shortened word stands for, where one is near. */
export function nearest(word: string, choices: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  const ranked = choices
    .map((choice) => ({ choice, steps: stepsBetween(lower, choice.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  return ranked.find(({ choice, steps }) => steps <= Math.max(2, Math.floor(choice.length / 3)))?.choice;
}

/** Letters to change; one where two only changed places, or the end is left out. */
function stepsBetween(word: string, choice: string): number {
  const letters = (text: string): string => Array.from(text).sort().join("");
  const isShort = word.length > 2 && choice.startsWith(word);
  return isShort || (word !== choice && letters(word) === letters(choice)) ? 1 : distance(word, choice);
}
