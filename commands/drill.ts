import { join } from "node:path";
import { parseArgs } from "node:util";
import { DRILLS } from "../drills";
import type { Settings } from "../drills/drill";
import { prepare } from "../drills/prepare";
import { lacking } from "../drills/needs";
import { runDrill, type Result } from "../drills/runner";
import { enclose, furnish, isEnclosed } from "../drills/world/enclosure";
import { evaluate } from "../evaluate";
import type { Evaluation } from "../evaluate/graph";
import { readStack } from "../evaluate/stack-file";
import program from "../index";

const USAGE = `usage: npm run drill -- [--list] [--quick] [--prepare] [NAME[/PHASE]...]

Runs what runs on the machines, for real, on this one: docs/drills.md.
  NAME        that drill; NAME/PHASE one phase of it (default: all)
  --quick     the half that CI runs each time
  --prepare   makes what the drills of MySQL and Valkey need, in .cache/sid
  --list      the drills, what they need, and whether this machine has it`;

const ROOT = join(__dirname, "..");

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      list: { type: "boolean" },
      quick: { type: "boolean" },
      prepare: { type: "boolean" },
      help: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (values.help === true) return say(USAGE);
  if (values.prepare === true) return prepare();
  if (values.list === true) return list();
  const wanted = positionals.map((name) => name.split("/")[0] ?? "");
  const unknown = wanted.find((name) => !DRILLS.some((drill) => drill.name === name));
  if (unknown !== undefined) throw new Error(`no drill ${unknown}: ${DRILLS.map(({ name }) => name).join(", ")}`);
  if (lacking(["root"]).length === 0 && !isEnclosed()) return enclose();
  if (isEnclosed()) furnish();
  const drills = DRILLS.filter(({ name, quick }) =>
    wanted.length > 0 ? wanted.includes(name) : values.quick !== true || quick,
  );
  const results: Result[] = [];
  for (const drill of drills) {
    const only = positionals.flatMap((name) =>
      name.startsWith(`${drill.name}/`) ? [name.slice(drill.name.length + 1)] : [],
    );
    results.push(await runDrill(drill, only, evaluated));
  }
  return summary(results);
}

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

function summary(results: readonly Result[]): number {
  const of = (outcome: Result["outcome"]): number => results.filter((result) => result.outcome === outcome).length;
  const broken = results.flatMap((result) => result.broken);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  for (const name of broken) say(`broken: ${name}`);
  say(
    `${of("kept")} drills kept every promise, ${of("broken") + of("failed")} did not, ${of("skipped")} skipped, ${Math.round(seconds)} s`,
  );
  return of("broken") + of("failed") === 0 ? 0 : 1;
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
