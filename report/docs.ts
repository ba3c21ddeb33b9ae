import { TIERS } from "../config/tiers";
import type { StackTransition } from "../evaluate/transition";
import { configurationTable, ENGLISH } from "./configuration";
import { KOREAN } from "./korean";
import { table } from "./markdown";
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
    section("README.md", "configuration", configurationTable(ENGLISH)),
    section("README.ko.md", "configuration", configurationTable(KOREAN)),
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
  return table(
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
  return table(["change", "created", "in place", "replaced", "deleted", "felt", "refused until"], rows).join("\n");
}
