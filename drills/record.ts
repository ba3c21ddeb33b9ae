import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import type { Result, Shown } from "./runner";

const DOCUMENT = join(__dirname, "..", "docs", "drills.md");
/** Characters of a figure; some are a whole line of a log. */
const LONGEST = 90;

/** Writes what each drill showed into its section of docs/drills.md. @throws Error where a drill has none */
export function record(results: readonly Result[]): void {
  const ran = results.filter(({ shown }) => shown.length > 0);
  writeFileSync(DOCUMENT, ran.reduce(withFigures, readFileSync(DOCUMENT, "utf8")));
}

/** Between `<!-- figures of NAME -->` and `<!-- /figures -->`. */
function withFigures(document: string, { drill, seconds, shown }: Result): string {
  const place = new RegExp(`(<!-- figures of ${drill} -->\n)[^]*?(<!-- /figures -->)`);
  if (!place.test(document)) throw new Error(`docs/drills.md has no figures of ${drill}`);
  const machine = `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, ${Math.round(seconds)} s`;
  const rows = shown.map(rowOf);
  const table = [`| phase (${machine}) | measured | promised |`, "| --- | --- | --- |", ...rows].join("\n");
  return document.replace(place, (_, head: string, foot: string) => `${head}\n${table}\n\n${foot}`);
}

function rowOf({ phase, title, outcome: { lines, verdicts } }: Shown): string {
  const promises = verdicts.map(({ kept, sentence, figures }) => {
    const text = figures.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z [\w.]+: /g, "");
    const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
    return `${kept ? "" : "**NOT KEPT** "}${sentence}${short.trim() === "" ? "" : ` (${short.trim()})`}`;
  });
  const cells = [`**${phase}**: ${title}`, lines.join("<br>"), promises.join("<br>")];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}
