import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StateResource } from "./agreement";

const run = promisify(execFile);
const ROOT = join(__dirname, "..", "..");
const LEFT_OUT = new Set(["node_modules", ".git", ".cache", "examples"]);

/** Why engine tests cannot run here, or nothing. They never touch a real account: an emulator's address has to be in the environment. */
export async function missing(): Promise<string | undefined> {
  const pulumi = await run("pulumi", ["version"]).catch(() => undefined);
  if (pulumi === undefined) return "no pulumi on PATH";
  if ((process.env["AWS_ENDPOINT_URL"] ?? "") === "")
    return "AWS_ENDPOINT_URL names no AWS emulator, and a real account costs money";
  return undefined;
}

/** A stack of its own copy of the project, so that stacks run side by side and leave nothing behind. */
export class EngineStack {
  private readonly folder = mkdtempSync(join(tmpdir(), "billybully-engine-"));

  constructor(readonly name: string) {
    for (const entry of readdirSync(ROOT).filter((file) => !LEFT_OUT.has(file) && !/^Pulumi\..+\.yaml$/.test(file))) {
      cpSync(join(ROOT, entry), join(this.folder, entry), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
    mkdirSync(join(this.folder, ".cache"), { recursive: true });
  }

  async create(config: Readonly<Record<string, string>>): Promise<void> {
    await this.pulumi("stack", "init", this.name);
    for (const [key, value] of Object.entries(config)) await this.set(key, value);
  }

  async set(key: string, value: string): Promise<void> {
    await this.pulumi("config", "set", ...(key.includes(".") ? ["--path"] : []), key, value);
  }

  async up(): Promise<void> {
    await this.pulumi("up", "--yes", "--skip-preview", "--suppress-progress");
  }

  /** Fails with the engine's own diff where a second `up` would change anything. */
  async expectNoChanges(): Promise<void> {
    await this.pulumi("preview", "--expect-no-changes", "--diff");
  }

  async state(): Promise<StateResource[]> {
    const text = await this.pulumi("stack", "export", "--show-secrets");
    return (JSON.parse(text) as { deployment: { resources: StateResource[] } }).deployment.resources;
  }

  /** Forgets the stack. What it built goes with the emulator. */
  async forget(): Promise<void> {
    await this.pulumi("stack", "rm", "--force", "--yes", this.name).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async pulumi(...args: string[]): Promise<string> {
    const options = { cwd: this.folder, maxBuffer: 1 << 28 };
    try {
      return (await run("pulumi", [...args, "--non-interactive", "--color", "never", ...this.selection(args)], options))
        .stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`pulumi ${args.join(" ")} failed on stack ${this.name}:\n${tail(stdout)}\n${tail(stderr)}`, {
        cause: error,
      });
    }
  }

  private selection(args: readonly string[]): string[] {
    return args.includes(this.name) ? [] : ["--stack", this.name];
  }
}

function tail(text: string): string {
  return text.split("\n").slice(-60).join("\n");
}

/** Runs the jobs, so many at a time, in their order; each job's outcome is its own. */
export function inTurns<T, R>(jobs: readonly T[], width: number, work: (job: T) => Promise<R>): Map<T, Promise<R>> {
  const waiting = jobs.map((job) => {
    let start!: () => void;
    const begun = new Promise<void>((resolve) => (start = resolve));
    const outcome = begun.then(() => work(job));
    outcome.catch(() => undefined); // whoever waits for it hears of it
    return { job, start, outcome };
  });
  const next = async (): Promise<void> => {
    const turn = waiting[started++];
    if (turn === undefined) return;
    turn.start();
    await turn.outcome.catch(() => undefined);
    await next();
  };
  let started = 0;
  for (let i = 0; i < width; i++) void next();
  return new Map(waiting.map(({ job, outcome }) => [job, outcome]));
}
