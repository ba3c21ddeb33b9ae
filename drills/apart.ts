import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Drill } from "./drill";
import type { Result } from "./runner";
import { collect } from "./world/process";

/** Of those that bear company. Three would make each other late on two cores. */
const SIDE_BY_SIDE = 2;
/** File in which a drill that was run apart leaves its result. */
const RESULT = "BILLYBULLY_DRILL_RESULT";

/**
 * Runs each drill as a command of its own, so in an enclosure of its own: first those that want the machine for themselves, then the others side by
 * side. @param command one drill's, as file and arguments @returns results in the order of `drills`
 */
export async function runApart(
  drills: readonly Drill[],
  command: (drill: Drill) => readonly [string, ...string[]],
): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), "billybully-drill-"));
  const run = async (drill: Drill, stdio: "inherit" | "pipe"): Promise<void> => {
    const env = { ...process.env, [RESULT]: join(folder, drill.name) };
    // It ends with us, however we end.
    const child = spawn("setpriv", ["--pdeathsig", "KILL", ...command(drill)], {
      stdio: ["ignore", stdio, stdio],
      env,
    });
    process.stdout.write((await collect(child)).text);
  };
  try {
    for (const drill of drills.filter(({ company }) => !company)) await run(drill, "inherit");
    const waiting = drills.filter(({ company }) => company);
    const lane = async (): Promise<void> => {
      for (let drill = waiting.shift(); drill !== undefined; drill = waiting.shift()) await run(drill, "pipe");
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
    return drills.map((drill) => resultOf(drill, folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether somebody else sums up. */
export function isApart(): boolean {
  return process.env[RESULT] !== undefined;
}

/** @returns exit status: whether promises were kept is in the result */
export function leave(results: readonly Result[]): number {
  writeFileSync(process.env[RESULT] ?? "", JSON.stringify(results));
  return 0;
}

function resultOf({ name }: Drill, folder: string): Result {
  try {
    const [result] = JSON.parse(readFileSync(join(folder, name), "utf8")) as [Result];
    return result;
  } catch {
    return { drill: name, outcome: "failed", kept: 0, shown: [], broken: [], seconds: 0 }; // it was killed
  }
}
