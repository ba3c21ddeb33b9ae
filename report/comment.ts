import { footprintOf, resolveSettings, type Settings } from "../config";
import { transitionOf } from "../config/transition";
import type { Change, Operation } from "../evaluate/compare";
import { footprintIn, type EngineStep, type Preview } from "../evaluate/preview";
import type { Finding } from "./finding";
import { isOpen, judge, summaryOf, type Verdict } from "./gate";
import { interruptionsOf } from "./interruptions";
import { block, bounded, code, shortType } from "./markdown";

/** A preview of one stack with what the gate was told to let through, or why there is no verdict. */
export type Judged = { readonly preview: Preview; readonly allow: readonly string[] } | { readonly failure: string };

/** What this stack's comment begins with, so that it is edited and not written again. */
export function markerFor(stack: string): string {
  return `<!-- billybully preview: ${stack} -->`;
}

/** Characters of the longest comment: GitHub takes 65,536, GitLab a million. */
export const COMMENT_CHARACTERS = 60_000;

/**
 * A preview for the people who review a change: the gate's verdict, what clients notice, and which resources change. It names resources and
 * properties, and never says what is in them.
 */
export function commentFor(stack: string, judged: Judged, commit?: string): string {
  const body = "failure" in judged ? ofFailure(stack, judged.failure) : ofPreview(stack, judged.preview, judged.allow);
  const of = commit === undefined ? [] : [`Previewed at ${code(commit.slice(0, 12))}.`];
  return `${[markerFor(stack), ...body, ...of].join("\n\n")}\n`;
}

function ofFailure(stack: string, failure: string): string[] {
  const text = bounded(failure.trim().split("\n"), 20_000).join("\n");
  return [`### ${stack}: no verdict`, "**Gate: closed.** Nothing was changed.", block(text)];
}

function ofPreview(stack: string, preview: Preview, allow: readonly string[]): string[] {
  const settings = settingsIn(preview, stack);
  const changes = preview.steps.flatMap(changeOf);
  return [
    `### ${stack}: ${headline(preview, settings)}`,
    ...verdictLines(judge(preview, allow)),
    `**What clients notice**\n\n${list(feltBy(preview, settings, stack, changes))}`,
    ...changeTable(preview, changes),
  ];
}

/** The settings of the change, as the program read them; nothing where the preview does not hold them. */
function settingsIn({ config }: Preview, stack: string): Settings | undefined {
  const texts = Object.entries(config ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  try {
    return resolveSettings(Object.fromEntries(texts), stack);
  } catch {
    return undefined;
  }
}

function headline({ steps }: Preview, settings: Settings | undefined): string {
  const was = footprintIn(steps)?.tier;
  const is = settings === undefined ? undefined : footprintOf(settings).tier;
  if (was === undefined) return is === undefined ? "tier unknown" : `a new stack, tier ${is}`;
  if (is === undefined) return `tier ${was} -> unknown`;
  return was === is ? `no tier change (${was})` : `tier ${was} -> ${is}`;
}

function verdictLines(verdict: Verdict): string[] {
  const { stopped, allowed, unused } = verdict;
  return [
    `**Gate: ${summaryOf(verdict)}**${isOpen(verdict) ? "" : " docs/ci.md says what to do."}`,
    ...sectionOf("", stopped.map(findingLine)),
    ...sectionOf("Let through by gate-allow.txt:", allowed.map(findingLine)),
    ...sectionOf(
      "Named in gate-allow.txt, and nothing to let through: take these lines out.",
      unused.map((urn) => `- ${code(urn)}`),
    ),
  ];
}

function findingLine({ urn, property, why, todo }: Finding): string {
  return `- ${code(urn)}: ${property === undefined ? "" : `${code(property)}: `}${why}. To do: ${todo}`;
}

function sectionOf(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [...(title === "" ? [] : [title]), bounded(lines, 10_000).join("\n")];
}

function feltBy(
  { steps }: Preview,
  settings: Settings | undefined,
  stack: string,
  changes: readonly Change[],
): string[] {
  const before = footprintIn(steps);
  const notices = before === undefined || settings === undefined ? [] : transitionOf(before, settings, stack).notices;
  const names = new Map<string, string[]>();
  for (const { name, seconds, felt } of interruptionsOf(changes, before?.machines)) {
    const text = `${seconds > 0 ? `up to ${seconds} s: ` : ""}${felt}`;
    names.set(text, [...(names.get(text) ?? []), code(name)]);
  }
  return [...notices, ...[...names].map(([text, own]) => `${own.join(", ")}: ${text}`)];
}

function list(lines: readonly string[]): string {
  return lines.length === 0
    ? "nothing"
    : bounded(
        lines.map((line) => `- ${line}`),
        10_000,
      ).join("\n");
}

const OPERATIONS: Readonly<Partial<Record<EngineStep["op"], Operation>>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
};

/** What the engine would do to one resource, in the words of the offline comparison. Its order is not in the preview, but follows from its inputs. */
function changeOf({ op, urn, oldState, newState, diffReasons, replaceReasons }: EngineStep): Change[] {
  const operation = OPERATIONS[op];
  const state = newState ?? oldState;
  if (operation === undefined || state == null || !state.custom) return [];
  return [
    {
      urn,
      type: state.type,
      name: urn.slice(urn.lastIndexOf("::") + 2),
      operation,
      properties: [...new Set([...(replaceReasons ?? []), ...(diffReasons ?? [])])],
      oldFirst: operation === "replace" && state.inputs["networkInterfaces"] !== undefined,
      protect: state.protect,
    },
  ];
}

const WORDS: readonly (readonly [Operation, string])[] = [
  ["replace", "replaced"],
  ["delete", "deleted"],
  ["update", "changed"],
  ["create", "created"],
];

function changeTable({ changeSummary }: Preview, changes: readonly Change[]): string[] {
  const counts = WORDS.map(
    ([operation, word]) => `${changes.filter((change) => change.operation === operation).length} ${word}`,
  );
  const summary = `${counts.join(", ")}, ${changeSummary["same"] ?? 0} unchanged`;
  if (changes.length === 0) return [`${summary}.`];
  const rows = WORDS.flatMap(([operation, word]) =>
    changes
      .filter((change) => change.operation === operation)
      .map(
        ({ name, type, properties }) => `| ${word} | ${code(name)} | ${code(shortType(type))} | ${cell(properties)} |`,
      ),
  );
  const table = ["| | resource | type | because of |", "| --- | --- | --- | --- |", ...bounded(rows, 20_000)];
  return [`<details><summary>${summary}</summary>`, table.join("\n"), "</details>"];
}

function cell(properties: readonly string[]): string {
  return properties.map(code).join(", ");
}
