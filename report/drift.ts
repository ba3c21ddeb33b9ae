import type { EngineStep, Preview } from "../evaluate/preview";
import { block, bounded, code, shortType } from "./markdown";

/** What `pulumi refresh --preview-only` found, or why it found nothing out. */
export type Refreshed = { readonly refresh: Preview } | { readonly failure: string };

/** What the issue of this stack's drift begins with, so that it is edited and not opened again. */
export function driftMarker(stack: string): string {
  return `<!-- billybully drift: ${stack} -->`;
}

/** Whether AWS is as the state says, as far as anybody can tell. */
export function hasDrift(refreshed: Refreshed): boolean {
  return "failure" in refreshed || count(refreshed.refresh) > 0;
}

/** The text of the issue; nothing but its marker where there is nothing to say, which closes it. */
export function driftFor(stack: string, refreshed: Refreshed): string {
  const body = hasDrift(refreshed) ? bodyOf(stack, refreshed) : [];
  return `${[driftMarker(stack), ...body].join("\n\n")}\n`;
}

function bodyOf(stack: string, refreshed: Refreshed): string[] {
  if ("failure" in refreshed)
    return [
      `### ${stack}: nobody knows whether AWS is as the state says`,
      block(bounded(refreshed.failure.trim().split("\n"), 20_000).join("\n")),
    ];
  const { refresh } = refreshed;
  const lines = refresh.steps.filter(isChange).map(lineOf);
  const untold = count(refresh) - lines.length;
  const more =
    untold > 0 ? [`- ${untold} of which the provider does not say what has changed: \`pulumi refresh\``] : [];
  return [
    `### ${stack}: AWS is not as the state says`,
    bounded([...lines, ...more], 40_000).join("\n"),
    'Somebody or something changed these outside of the program. docs/ci.md, "Drift", says how to find out who, and how to go on.',
  ];
}

/** What the summary counts; it is right where the steps are not told. */
function count({ changeSummary }: Preview): number {
  return Object.entries(changeSummary)
    .filter(([op]) => op !== "same" && op !== "read" && op !== "refresh")
    .reduce((sum, [, counted]) => sum + counted, 0);
}

function isChange({ op }: EngineStep): boolean {
  return op !== "refresh" && op !== "same" && op !== "read";
}

function lineOf({ op, urn, oldState, newState, detailedDiff }: EngineStep): string {
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  const type = shortType((oldState ?? newState)?.type ?? "");
  const properties = Object.keys((detailedDiff ?? {}) as Record<string, unknown>).map(code);
  return `- ${code(name)} (${type}): ${op === "delete" ? "gone" : `changed: ${properties.join(", ")}`}`;
}
