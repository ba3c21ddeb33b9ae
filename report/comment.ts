import { footprintOf, resolveSettings, type Settings } from "../config";
import { transitionOf } from "../config/transition";
import type { Change, Operation } from "../evaluate/compare";
import type { EngineStep, Preview } from "../evaluate/preview";
import { judge, type Finding, type Verdict } from "./gate";
import { interruptionsOf } from "./interruptions";
import { footprintIn } from "./machines-going";

/** A preview of one stack, or why there is none. */
export type Previewed = { readonly preview: Preview } | { readonly failure: string };

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
export function commentFor(stack: string, previewed: Previewed, allow: readonly string[]): string {
  const body =
    "failure" in previewed ? ofFailure(stack, previewed.failure) : ofPreview(stack, previewed.preview, allow);
  return `${[markerFor(stack), ...body].join("\n\n")}\n`;
}

function ofFailure(stack: string, failure: string): string[] {
  const text = bounded(failure.trim().replaceAll("```", "'''").split("\n"), 20_000).join("\n");
  return [`### ${stack}: no preview`, "**Gate: closed.** Nothing was changed.", `\`\`\`text\n${text}\n\`\`\``];
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

function verdictLines({ stopped, allowed, unused }: Verdict): string[] {
  const closed = stopped.length + unused.length > 0;
  const head = closed
    ? `**Gate: closed** by ${counted(stopped.length + unused.length, "finding")}. docs/ci.md says what to do.`
    : "**Gate: open.** Nothing that cannot be made again is lost.";
  return [
    head,
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
  const interruptions = interruptionsOf(changes).map(
    ({ name, seconds, felt }) => `${code(name)}: ${seconds > 0 ? `up to ${seconds} s: ` : ""}${felt}`,
  );
  return [...notices, ...interruptions];
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

/** `ec2 Instance` of `aws:ec2/instance:Instance`. */
function shortType(type: string): string {
  const [, module = "", name = ""] = type.split(":");
  return `${module.split("/")[0] ?? ""} ${name}`;
}

/** Names come from the program, and some day from somebody's joke: none of them is markup. */
function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, " ")}\``;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** The first lines that fit, and how many do not. */
function bounded(lines: readonly string[], characters: number): string[] {
  let used = 0;
  const fitting = lines.filter((line) => (used += Buffer.byteLength(line) + 1) <= characters);
  const left = lines.length - fitting.length;
  return left === 0 ? fitting : [...fitting, `... and ${left} more; the job's log has all of them`];
}
