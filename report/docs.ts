import { fieldRows } from "../config/reference";
import { TIERS } from "../config/tiers";
import type { StackTransition } from "../evaluate/transition";
import { countOf, feltBy } from "./transition";

/** A part of a document that follows from the code. */
export interface GeneratedSection {
  readonly file: string;
  readonly section: string;
  /** The document with this section as it should be. @throws where the document has no such section */
  readonly write: (document: string) => string;
}

/** @param transitions of every pair of tiers, without any other setting */
export function generatedSections(transitions: readonly StackTransition[]): GeneratedSection[] {
  return [
    section("README.md", "configuration", configurationTable()),
    section("docs/changes.md", "overview", overviewTable(transitions)),
    section("docs/changes.md", "pairs", pairTable(transitions)),
  ];
}

/** Between `<!-- NAME: npm run docs -->` and `<!-- /NAME -->`. */
function section(file: string, name: string, content: string): GeneratedSection {
  const place = new RegExp(`(<!-- ${name}: npm run docs -->\n)[^]*?(<!-- /${name} -->)`);
  const write = (document: string): string => {
    if (!place.test(document)) throw new Error(`${file} has no section ${name}`);
    return document.replace(place, (_, head: string, foot: string) => `${head}\n${content}\n${foot}`);
  };
  return { file, section: name, write };
}

/** One cell for each ordered pair. */
export function overviewTable(transitions: readonly StackTransition[]): string {
  const cell = (from: string, to: string): string => {
    const found = transitions.find((transition) => transition.from === from && transition.to === to);
    if (found === undefined) return "-";
    if (found.problems.length > 0) return [...new Set(found.problems.map(({ key }) => key))].join(", ");
    return found.notices.length > 0 ? "felt" : "yes";
  };
  return markdown(
    ["from \\ to", ...TIERS],
    TIERS.map((from) => [`**${from}**`, ...TIERS.map((to) => cell(from, to))]),
  ).join("\n");
}

export function pairTable(transitions: readonly StackTransition[]): string {
  const rows = transitions.map((found) => {
    const counts = (["create", "update", "replace", "delete"] as const).map((operation) =>
      String(countOf(found.changes, operation)),
    );
    const problems = found.problems.map(({ key, why, mend }) => `**${key}**: ${why}. Keep it: \`${mend}\``);
    const felt = [...new Set(feltBy(found))];
    return [`${found.from} → ${found.to}`, ...counts, felt.join("<br>") || "nothing", problems.join("<br>") || "no"];
  });
  return markdown(["change", "created", "in place", "replaced", "deleted", "felt", "refused until"], rows).join("\n");
}

/** Every key of a stack file. The capacity model's are many and alike, so they stand apart. */
export function configurationTable(): string {
  const rows = fieldRows();
  const model = rows.filter(({ key }) => key.startsWith("model."));
  const others = rows.filter(({ key }) => !key.startsWith("model."));
  return [
    ...markdown(
      ["key", "what", "allowed", "when left out", "what a change does to a live stack"],
      others.map(({ key, text }) => [`\`${key}\``, text.about, text.allowed, text.otherwise, text.change]),
    ),
    "",
    "Parameters of the capacity model ([plan/capacity.ts](plan/capacity.ts) gives the source of each); what is sized by them follows a change.",
    "",
    ...markdown(
      ["key", "allowed", "when left out"],
      model.map(({ key, text }) => [`\`${key}\``, text.allowed, text.otherwise]),
    ),
  ].join("\n");
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
