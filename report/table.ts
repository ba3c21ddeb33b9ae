import Table from "cli-table3";

/** A table without lines inside, for the terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], indent = "  "): string {
  const made = new Table({
    head: [...head],
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
  });
  made.push(...rows.map((row) => [...row]));
  return made
    .toString()
    .split("\n")
    .map((line) => indent + line.trimEnd())
    .join("\n");
}

const NO_LINES = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
    "middle",
  ].map((part) => [part, ""]),
);

export function title(text: string): string {
  return `\n${text}\n${"-".repeat(text.length)}`;
}

/** A plain value as text. */
export function plainText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
