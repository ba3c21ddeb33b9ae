import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StateResource } from "./agreement";

const run = promisify(execFile);
const ROOT = join(__dirname, "..", "..");
const LEFT_OUT = new Set(["node_modules", ".git", ".cache", "examples", "docs"]);

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
  /** The copy; an accident may change what is in it. */
  readonly folder = mkdtempSync(join(tmpdir(), "billybully-engine-"));

  /** @param project folder of the Pulumi project inside of the copy */
  constructor(
    readonly name: string,
    private readonly project = ".",
  ) {
    for (const entry of readdirSync(ROOT).filter((file) => !LEFT_OUT.has(file) && !/^Pulumi\..+\.yaml$/.test(file))) {
      cpSync(join(ROOT, entry), join(this.folder, entry), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.folder, "node_modules"));
  }

  async create(config: Readonly<Record<string, string>>): Promise<void> {
    await this.pulumi("stack", "init", this.name);
    await this.set(config);
  }

  /** Sets keys of the stack file; a path has dots or brackets, and an empty value removes the key. */
  async set(config: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(config)) {
      const path = /[.[]/.test(key) && !key.includes(":") ? ["--path"] : [];
      await (value === ""
        ? this.pulumi("config", "rm", ...path, key)
        : this.pulumi("config", "set", ...path, key, value));
    }
  }

  /** The whole configuration as the program gets it. */
  async configuration(): Promise<Record<string, string>> {
    const values = JSON.parse(await this.pulumi("config", "--json")) as Record<string, { value?: string }>;
    return Object.fromEntries(Object.entries(values).map(([key, { value }]) => [key, value ?? ""]));
  }

  async up(): Promise<void> {
    await this.pulumi("up", "--yes", "--skip-preview", "--suppress-progress");
  }

  /** What the engine says an `up` would do, as `npm run gate` reads it; also of a program that refuses. */
  async preview(): Promise<string> {
    return this.pulumi("preview", "--json").catch((error: unknown) => {
      const { stdout } = (error as Error).cause as { stdout: string };
      return stdout;
    });
  }

  /** Fails with the engine's own diff where a second `up` would change anything. */
  async expectNoChanges(): Promise<void> {
    await this.pulumi("preview", "--expect-no-changes", "--diff");
  }

  async unprotect(urn: string): Promise<void> {
    await this.pulumi("state", "unprotect", "--yes", urn);
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
    const options = { cwd: join(this.folder, this.project), maxBuffer: 1 << 28 };
    const selection = args.includes(this.name) ? [] : ["--stack", this.name];
    try {
      return (await run("pulumi", [...args, "--non-interactive", "--color", "never", ...selection], options)).stdout;
    } catch (error) {
      const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
      throw new Error(`pulumi ${args.join(" ")} failed on stack ${this.name}:\n${reason(stdout)}\n${reason(stderr)}`, {
        cause: error,
      });
    }
  }
}

/** What the engine says of its errors, above the outputs; or else the end. */
function reason(text: string): string {
  const [, diagnostics] = /^Diagnostics:\n([^]*?)(?=^\w+:$|$(?![^]))/m.exec(text) ?? [];
  return diagnostics ?? text.split("\n").slice(-60).join("\n");
}
