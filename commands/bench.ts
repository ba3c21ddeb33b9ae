import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { evaluate } from "../evaluate";
import { readStack } from "../evaluate/stack-file";
import program from "../index";
import { table } from "../report/table";

/** How often each is run. They take turns, so that a machine that gets slower gets slower for all of them. */
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 7);
const ROOT = join(__dirname, "..");

/** What is measured, each as a whole process. */
const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  floor: ["--eval", 'require("@pulumi/pulumi"); require("@pulumi/aws"); require("@pulumi/awsx");'],
  plan: ["--require", "./commands/typescript.cjs", join(__dirname, "plan.ts"), "--stack", "prod"],
  once: ["--require", "./commands/typescript.cjs", __filename, "1"],
  tenfold: ["--require", "./commands/typescript.cjs", __filename, "10"],
};

function measure(): void {
  const rounds = Array.from({ length: ROUNDS + 1 }, () =>
    Object.fromEntries(Object.entries(SUBJECTS).map(([name, args]) => [name, seconds(args)])),
  );
  const counted = rounds.slice(1); // the first one warms the file cache
  const of = (ratio: (round: Record<string, number>) => number): string[] =>
    spread(counted.map(ratio)).map((value) => value.toFixed(2));
  const over = (name: string) => (round: Record<string, number>) => (round[name] ?? 0) - (round["floor"] ?? 0);
  const rows = [
    [
      "offline plan of prod (multi-az) / loading the three packages",
      ...of(({ plan = 0, floor = 1 }) => plan / floor),
      "1.5",
    ],
    [
      "ten times the resources / once, each over loading the packages",
      ...of((round) => over("tenfold")(round) / over("once")(round)),
      "10",
    ],
    ["loading the packages, seconds", ...of(({ floor = 0 }) => floor), ""],
    ["offline plan, seconds", ...of(({ plan = 0 }) => plan), ""],
  ];
  console.log(table([`ratios of ${ROUNDS} rounds`, "min", "median", "max", "goal at most"], rows));
}

function seconds(args: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, [...args], {
    cwd: ROOT,
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  if (status !== 0) throw new Error(`node ${args.join(" ")} failed:\n${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function spread(values: readonly number[]): [number, number, number] {
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0] ?? NaN, sorted[Math.floor(sorted.length / 2)] ?? NaN, sorted.at(-1) ?? NaN];
}

/** The program so many times over in one evaluation. */
async function load(times: number): Promise<void> {
  const many = async (): Promise<Record<string, unknown>> => {
    for (let i = 1; i < times; i++) await program();
    return program();
  };
  const { resources } = await evaluate(many, readStack(ROOT, "prod", {}));
  process.stdout.write(JSON.stringify(resources));
}

const [times] = process.argv.slice(2);
if (times === undefined) measure();
else void load(Number(times));
