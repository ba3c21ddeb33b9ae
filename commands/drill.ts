import { join } from "node:path";
import { parseArgs } from "node:util";
import { DRILLS } from "../drills";
import { isApart, leave, runApart } from "../drills/apart";
import { buildApp } from "../drills/app/jar";
import type { Drill, Settings } from "../drills/drill";
import { FAULTS, seed, type Found } from "../drills/faults";
import { prepare } from "../drills/prepare";
import { record } from "../drills/record";
import { lacking } from "../drills/needs";
import { runDrill, type Result } from "../drills/runner";
import { enclose, furnish, isEnclosed } from "../drills/world/enclosure";
import { evaluate } from "../evaluate";
import type { Evaluation } from "../evaluate/graph";
import { readStack } from "../evaluate/stack-file";
import program from "../index";

const USAGE = `usage: npm run drill -- [--list] [--quick] [--record] [--prepare] [--faults] [NAME[/PHASE]...]

Runs what runs on the machines, for real, on this one: docs/drills.md.
  NAME        that drill; NAME/PHASE one phase of it (default: all)
  --quick     the half that CI runs each time
  --record    writes what was measured into docs/drills.md
  --prepare   makes what the drills of MySQL and Valkey need, in .cache/sid
  --faults    makes mistakes in copies of the project, one at a time (those of NAME only), and has the drills notice each
  --list      the drills, what they need, and whether this machine has it`;

const ROOT = join(__dirname, "..");

const OPTIONS = {
  list: { type: "boolean" },
  quick: { type: "boolean" },
  record: { type: "boolean" },
  prepare: { type: "boolean" },
  faults: { type: "boolean" },
  help: { type: "boolean" },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help === true) return say(USAGE);
  if (values.prepare === true) return prepare();
  if (values.list === true) return list();
  const unknown = positionals.find((name) => !NAMES.has(name));
  if (unknown !== undefined) throw new Error(`no drill ${unknown}: see npm run drill -- --list`);
  if (values.faults === true) return seedFaults(positionals);
  const drills = chosen(positionals, values.quick === true);
  if (lacking(["root"]).length > 0 || isEnclosed())
    return end(await runAll(drills, positionals), values.record === true);
  if (drills.length > 1)
    return end(await runApart(drills, (drill) => commandOf(drill, positionals)), values.record === true);
  if (drills.some(({ needs }) => needs.includes("app") && lacking(needs).length === 0)) buildApp();
  return enclose();
}

function end(results: readonly Result[], recorded: boolean): number {
  if (isApart()) return leave(results);
  if (recorded) record(results);
  return summary(results);
}

function commandOf({ name }: Drill, wanted: readonly string[]): readonly [string, ...string[]] {
  const own = wanted.filter((each) => each.startsWith(`${name}/`));
  return [
    process.execPath,
    ...process.execArgv,
    join(ROOT, "commands", "drill.ts"),
    ...(own.length > 0 ? own : [name]),
  ];
}

/** Those that are wanted by name; else all, or the quick ones. */
function chosen(wanted: readonly string[], onlyQuick: boolean): Drill[] {
  const names = new Set(wanted.map((name) => name.split("/")[0]));
  return DRILLS.filter(({ name, quick }) => (names.size > 0 ? names.has(name) : quick || !onlyQuick));
}

async function runAll(drills: readonly Drill[], wanted: readonly string[]): Promise<Result[]> {
  if (isEnclosed()) furnish();
  const results: Result[] = [];
  for (const drill of drills) {
    const phases = wanted.filter((name) => name.startsWith(`${drill.name}/`)).map((name) => name.split("/")[1] ?? "");
    results.push(await runDrill(drill, phases, evaluated));
  }
  return results;
}

const NAMES = new Set(DRILLS.flatMap(({ name, phases }) => [name, ...phases.map((phase) => `${name}/${phase.name}`)]));

const evaluations = new Map<string, Promise<Evaluation>>();

function evaluated(tier: string, settings: Settings = {}): Promise<Evaluation> {
  const key = JSON.stringify([tier, settings]);
  const stack = readStack(ROOT, undefined, { tier });
  const own = Object.entries(settings).map(([name, value]) => [`${stack.project}:${name}`, value]);
  const config = { ...stack.config, ...Object.fromEntries(own) } as Record<string, string>;
  const known = evaluations.get(key) ?? evaluate(program, { ...stack, config });
  evaluations.set(key, known);
  return known;
}

function list(): number {
  for (const { name, title, needs, quick, phases } of DRILLS) {
    const lacks = lacking(needs);
    say(
      `${name}${quick ? " (quick)" : ""}: ${title}; needs ${needs.join(", ")}${lacks.length === 0 ? "" : `; NOT HERE: ${lacks.join("; ")}`}`,
    );
    for (const phase of phases) say(`  ${name}/${phase.name}: ${phase.title}`);
  }
  return 0;
}

async function seedFaults(wanted: readonly string[]): Promise<number> {
  const faults = FAULTS.filter(
    ({ phase }) => wanted.length === 0 || wanted.includes(phase) || wanted.includes(phase.split("/")[0] ?? ""),
  );
  const found: Found[] = [];
  for (const fault of faults) {
    const each = await seed(fault);
    found.push(each);
    say(`${each.outcome.toUpperCase()}: ${fault.says} (${fault.file})`);
    say(each.words.replaceAll(/^/gm, "  "));
  }
  const of = (outcome: Found["outcome"]): number => found.filter((each) => each.outcome === outcome).length;
  return totals("faults noticed", of("noticed"), of("unnoticed"), of("skipped"));
}

/** In the form in which CI counts all tests. */
function totals(what: string, good: number, bad: number, skipped: number): number {
  say(`\n  ${good} passing (${what})`);
  if (skipped > 0) say(`  ${skipped} pending`);
  if (bad > 0) say(`  ${bad} failing`);
  return bad === 0 ? 0 : 1;
}

function summary(results: readonly Result[]): number {
  const of = (outcome: Result["outcome"]): Result[] => results.filter((result) => result.outcome === outcome);
  const broken = results.flatMap((result) => result.broken);
  const sum = (part: (result: Result) => number): number => results.reduce((total, each) => total + part(each), 0);
  for (const { drill } of of("failed")) say(`failed: ${drill}`);
  for (const name of broken) say(`broken: ${name}`);
  const what = `promises of ${results.length - of("skipped").length} drills, ${Math.round(sum(({ seconds }) => seconds))} s`;
  return totals(
    what,
    sum(({ kept }) => kept),
    broken.length + of("failed").length,
    of("skipped").length,
  );
}

function say(text: string): number {
  console.log(text);
  return 0;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error((error as Error).stack ?? String(error));
    process.exit(2);
  },
);
