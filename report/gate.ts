import { ENDS, type EngineState, type EngineStep, type Preview } from "../evaluate/preview";
import { heldBy, PROTECTIONS } from "../evaluate/stateful";
import { ALLOW, type Finding } from "./finding";
import { fleetsShrinking } from "./fleet-size";
import { machinesGoing } from "./machines-going";
import { waysInGoing } from "./ways-in";

export interface Verdict {
  readonly stopped: readonly Finding[];
  /** Findings that somebody let through by name. */
  readonly allowed: readonly Finding[];
  /** Names on the list that let nothing through: a typing error, or left over from another change. */
  readonly unused: readonly string[];
}

export function isOpen({ stopped, unused }: Verdict): boolean {
  return stopped.length === 0 && unused.length === 0;
}

export function judge(preview: Preview, allow: readonly string[]): Verdict {
  const { steps } = preview;
  const findings = [
    ...losses(steps),
    ...lifted(steps),
    ...machinesGoing(steps),
    ...fleetsShrinking(steps),
    ...waysInGoing(steps),
  ];
  const named = new Set(allow);
  return {
    stopped: findings.filter(({ urn }) => !named.has(urn)),
    allowed: findings.filter(({ urn }) => named.has(urn)),
    unused: allow.filter((urn) => !findings.some((finding) => finding.urn === urn)),
  };
}

function losses(steps: readonly EngineStep[]): Finding[] {
  return steps
    .filter(({ op }) => ENDS.has(op))
    .flatMap(({ op, urn, oldState, replaceReasons }) => {
      const held = oldState == null ? undefined : heldBy(oldState);
      if (held === undefined) return [];
      const reasons = replaceReasons ?? [];
      const what = op === "delete" ? "would be deleted" : "would be replaced";
      return [
        {
          urn,
          property: reasons.join(", ") || undefined,
          why: `${what}, and with it ${held}`,
          todo: todoFor(op, reasons),
        },
      ];
    });
}

function todoFor(op: EngineStep["op"], reasons: readonly string[]): string {
  const keep =
    op === "delete"
      ? "put back what made it (tier, count, name)"
      : `put back ${reasons.join(", ") || "what forces it"}`;
  return `${keep}; if the loss is meant: name it under billybully:consent, take a snapshot, pulumi state unprotect, then ${ALLOW}`;
}

/** Protections that a change takes off: the engine's own, and those of AWS that hold when the engine's is off. */
function lifted(steps: readonly EngineStep[]): Finding[] {
  return steps.flatMap(({ op, urn, oldState, newState }) => {
    if (oldState == null || newState == null) return [];
    const aws = op === "update" ? Object.keys(PROTECTIONS).filter((name) => lowers(name, oldState, newState)) : [];
    return [
      ...(oldState.protect && !newState.protect ? [unprotected(urn)] : []),
      ...aws.map((property) => lowered(urn, property)),
    ];
  });
}

function lowers(property: string, { inputs: old }: EngineState, { inputs: now }: EngineState): boolean {
  const holds = PROTECTIONS[property];
  return (old[property] ?? false) === holds && (now[property] ?? false) !== holds;
}

function unprotected(urn: string): Finding {
  return {
    urn,
    property: "protect",
    why: "loses its protection, so that the next change may delete it",
    todo: "put protect: true back; a resource that is to go is unprotected by hand (pulumi state unprotect), never by the program",
  };
}

function lowered(urn: string, property: string): Finding {
  return {
    urn,
    property,
    why: "AWS's own protection is taken off, so that nothing stops or outlives a deletion",
    todo: `put ${property}: ${PROTECTIONS[property] === true} back; if it is meant: ${ALLOW}`,
  };
}

/** The verdict for a terminal and for a comment on a merge request. */
export function describeVerdict({ stopped, allowed, unused }: Verdict): string {
  const paragraph = ({ urn, property, why, todo }: Finding): string =>
    `  ${urn}\n    ${property === undefined ? "" : `${property}: `}${why}\n    to do: ${todo}`;
  return [
    `gate: ${summaryOf({ stopped, allowed, unused })}`,
    ...stopped.map(paragraph),
    ...allowed.map((finding) => `  let through by name:\n${paragraph(finding)}`),
    ...unused.map((urn) => `  let through by name, and nothing to let through: ${urn}`),
  ].join("\n\n");
}

/** Whether the gate is open, and why, in one line. */
export function summaryOf({ stopped, allowed, unused }: Verdict): string {
  const closing = stopped.length + unused.length;
  if (closing > 0) return `closed by ${counted(closing, "finding")}.`;
  return allowed.length > 0
    ? `open. ${counted(allowed.length, "finding")} let through by name.`
    : "open. Nothing that cannot be made again is lost.";
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
