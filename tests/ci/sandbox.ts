import { execFile } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ROOT = join(__dirname, "../..");

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls of the stand-ins, in their order. */
  readonly calls: readonly string[];
}

/** `npm run` of this project's own gate and comment. */
export const REAL_NPM = `shift 2; command=$1; shift 2
exec "${process.execPath}" --require "${ROOT}/commands/typescript.cjs" "${ROOT}/commands/$command.ts" "$@"`;

/**
 * A project of nothing but CI's scripts, on a machine that has no other commands than Debian's own and those that a test stands in for. A
 * stand-in is the body of a bash script; every call of one is written down.
 */
export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), "billybully-ci-"));
  private readonly log = join(this.folder, "calls.log");

  constructor(standIns: Readonly<Record<string, string>>) {
    cpSync(join(ROOT, "ci"), join(this.folder, "ci"), { recursive: true });
    mkdirSync(join(this.folder, "bin"));
    mkdirSync(join(this.folder, "tmp"));
    this.write("gate-allow.txt", "# nothing\n");
    this.write("calls.log", "");
    for (const [name, body] of Object.entries(standIns)) {
      this.write(`bin/${name}`, `#!/bin/bash\nprintf '%s\\n' "${name} $*" >>"${this.log}"\n${body}\n`);
      chmodSync(join(this.folder, "bin", name), 0o755);
    }
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  has(file: string): boolean {
    return existsSync(join(this.folder, file));
  }

  mode(file: string): number {
    return statSync(join(this.folder, file)).mode & 0o777;
  }

  /** What a script left in the folder for temporary files. */
  leftovers(): string[] {
    return readdirSync(join(this.folder, "tmp"));
  }

  run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const own = {
      PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`,
      TMPDIR: join(this.folder, "tmp"),
      HOME: this.folder,
    };
    const options = { cwd: this.folder, env: { ...own, ...env }, timeout: 60_000 };
    return new Promise((resolve) => {
      execFile(join(this.folder, "ci", script), args, options, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        const calls = this.read("calls.log")
          .split("\n")
          .filter((line) => line !== "");
        resolve({ status, stdout, stderr, calls: calls.map((call) => call.replaceAll(this.folder, "ROOT")) });
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Stand-ins say so, and fail, where they are called as nobody should. */
export const UNEXPECTED = `*) echo "unexpected: $0 $*" >&2; exit 99 ;;`;

const made: Sandbox[] = [];

export function sandbox(standIns: Readonly<Record<string, string>>): Sandbox {
  const own = new Sandbox(standIns);
  made.push(own);
  return own;
}

export function removeSandboxes(): void {
  for (const own of made.splice(0)) own.remove();
}
