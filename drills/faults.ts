import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { APP_FAULTS } from "./app/faults";
import { BOOTSTRAP_FAULTS } from "./bootstrap/faults";
import { MIGRATION_FAULTS } from "./migration/faults";
import { MYSQL_FAULTS } from "./mysql/faults";
import { NGINX_FAULTS } from "./nginx/faults";
import { RELEASE_FAULTS } from "./releases/faults";
import { collect } from "./world/process";

/** A mistake that somebody might make, and the promise that a drill has to find broken by it. */
export interface Fault {
  readonly says: string;
  /** File of the project. */
  readonly file: string;
  /** Texts in it, each with what stands there by mistake. */
  readonly patches: readonly (readonly [before: string, after: string])[];
  /** `drill/phase`. */
  readonly phase: string;
  readonly promise: string;
}

export const FAULTS: readonly Fault[] = [
  ...BOOTSTRAP_FAULTS,
  ...NGINX_FAULTS,
  ...RELEASE_FAULTS,
  ...MYSQL_FAULTS,
  ...APP_FAULTS,
  ...MIGRATION_FAULTS,
];

export interface Found {
  readonly fault: Fault;
  readonly outcome: "noticed" | "unnoticed" | "skipped";
  /** What the drill said of the broken promise, or the end of what it said at all. */
  readonly words: string;
}

const ROOT = join(__dirname, "..");
/** Of what a drill needs there is one for all; everything else is copied, and of these the one with the mistake. */
const SHARED = ["node_modules", ".cache", "examples"];
const LEFT_OUT = new Set([".git", "docs"]);

/** Makes the mistake in a copy of the project, and runs that one phase there. */
export async function seed(fault: Fault): Promise<Found> {
  const copy = mkdtempSync(join(tmpdir(), "billybully-fault-"));
  try {
    const shared = SHARED.filter((name) => !fault.file.startsWith(`${name}/`));
    for (const entry of readdirSync(ROOT).filter((name) => !LEFT_OUT.has(name) && !shared.includes(name)))
      cpSync(join(ROOT, entry), join(copy, entry), { recursive: true });
    for (const entry of shared) symlinkSync(join(ROOT, entry), join(copy, entry));
    writeFileSync(join(copy, fault.file), patched(fault.file, fault.patches));
    const command = ["--require", "./commands/typescript.cjs", join(copy, "commands", "drill.ts"), fault.phase];
    // A fault shows at any rate, and finding the highest takes longer than most phases.
    const env = { ...process.env, BILLYBULLY_DRILL_RATE: "500" };
    const { text } = await collect(spawn(process.execPath, command, { cwd: copy, env }), 600);
    return judge(fault, text);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** @throws Error where a text is not there, or more than once: then nobody knows which mistake is made */
export function patched(file: string, patches: Fault["patches"]): string {
  return patches.reduce(
    (text, [before, after]) => {
      const count = text.split(before).length - 1;
      if (count !== 1) throw new Error(`${file} has ${count} times, and has to have once: ${before}`);
      return text.replace(before, () => after);
    },
    readFileSync(join(ROOT, file), "utf8"),
  );
}

function judge(fault: Fault, text: string): Found {
  const broken = text.split("\n").find((line) => line.includes(`BROKEN ${fault.phase}/${fault.promise}:`));
  if (broken !== undefined) return { fault, outcome: "noticed", words: broken.trim() };
  const skipped = /: SKIPPED, .*/.exec(text)?.[0];
  if (skipped !== undefined) return { fault, outcome: "skipped", words: skipped };
  return { fault, outcome: "unnoticed", words: text.trim().split("\n").slice(-20).join("\n") };
}
