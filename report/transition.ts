import type { Change, Operation } from "../evaluate/compare";
import { heldBy } from "../evaluate/stateful";
import type { StackTransition } from "../evaluate/transition";
import { interruptionsOf } from "./interruptions";
import { table, title } from "./table";

/** A transition for a terminal: what is refused, what is felt, what happens to which resource, and what to run. */
export function describeTransition(transition: StackTransition): string {
  const { from, to, problems, changes } = transition;
  const head = `${from} -> ${to}`;
  return [
    problems.length > 0 ? `${head}: refused. Nothing would be changed.` : `${head}: ${summaryOf(changes)}`,
    ...problems.map(
      ({ key, why, allowed, mend }) => `\n  ${key}\n    ${why}\n    allowed: ${allowed}\n    mend:    ${mend}`,
    ),
    title("What is felt"),
    describeFelt(transition),
    ...OPERATIONS.flatMap(([operation, words]) => describeOperation(changes, operation, words)),
    title("What to run"),
    ...runOf(transition).map((command) => `  ${command}`),
    "",
  ].join("\n");
}

const OPERATIONS: readonly (readonly [Operation, string])[] = [
  ["create", "Created"],
  ["update", "Changed in place"],
  ["replace", "Replaced"],
  ["delete", "Deleted"],
];

export function countOf(changes: readonly Change[], operation: Operation): number {
  return changes.filter((change) => change.operation === operation).length;
}

function summaryOf(changes: readonly Change[]): string {
  return OPERATIONS.map(([operation, words]) => `${countOf(changes, operation)} ${words.toLowerCase()}`).join(", ");
}

/** What is felt outside, one line each: notices first, then interruptions, those that feel alike together. */
export function feltBy({ notices, changes, machines }: StackTransition): string[] {
  const names = new Map<string, string[]>();
  for (const { name, seconds, felt } of interruptionsOf(changes, machines)) {
    const line = `${seconds > 0 ? `up to ${seconds} s: ` : ""}${felt}`;
    names.set(line, [...(names.get(line) ?? []), name]);
  }
  return [...notices, ...[...names].map(([line, of]) => `${of.join(", ")}: ${line}`)];
}

function describeFelt(transition: StackTransition): string {
  const felt = feltBy(transition);
  return felt.length === 0 ? "  nothing" : felt.map((line) => `  ${line}`).join("\n");
}

function describeOperation(changes: readonly Change[], operation: Operation, words: string): string[] {
  const own = changes.filter((change) => change.operation === operation);
  if (own.length === 0) return [];
  const rows = own.map((change) => [change.name, change.type.split(":").at(-1) ?? "", detailOf(change)]);
  return [title(`${words} (${own.length})`), table(["resource", "type", ""], rows)];
}

function detailOf(change: Change): string {
  const { operation, properties, oldFirst } = change;
  const held = operation === "delete" || operation === "replace" ? heldBy(change) : undefined;
  const order = operation === "replace" ? [oldFirst ? "the old one goes first" : "the new one comes first"] : [];
  return [...properties, ...order, ...(held === undefined ? [] : [`LOSES ${held}`])].join(", ");
}

/** Commands from here to there; for a refused one, those that keep what would be lost, after which it is another one. */
export function runOf({ stack, tier, problems }: StackTransition): string[] {
  if (problems.length > 0) return problems.map(({ mend }) => mend);
  const option = stack === undefined ? "" : ` --stack ${stack}`;
  return [
    `pulumi config set${option} tier ${tier}`,
    `pulumi preview${option} --json > preview.json && npm run gate -- preview.json`,
    `pulumi up${option}`,
  ];
}
