import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

export const TEMPLATES = join(__dirname, "..", "..", "templates");
export const ROLES = ["app", "balancer", "mysql", "nat"] as const;

export function has(command: string): boolean {
  return spawnSync("bash", ["-c", `command -v ${command}`]).status === 0;
}

export interface Ran {
  readonly status: number | null;
  /** Standard output and standard error. */
  readonly text: string;
}

/** What stands in for AWS and systemd: records each call, answers from files of the machine, and fails where `FAIL` says so. */
const STUB = `#!/usr/bin/env bash
command=\${0##*/}
printf '%s %s\\n' "$command" "$*" >>"$BILLYBULLY_ROOT/calls"
if [[ -s $BILLYBULLY_ROOT/FAIL && "$command $*" == *"$(cat "$BILLYBULLY_ROOT/FAIL")"* ]]; then echo "it says no" >&2; exit 1; fi
case "$command $*" in
  "aws "*get-secret-value*) printf '%s\\n' 'a "secret" $HOME \`id\` \\ end' ;;
  "aws "*release*) cat "$BILLYBULLY_ROOT/release" ;;
  "aws "*get-parameter*) cat "$BILLYBULLY_ROOT/settings" ;;
  "curl "*) printf 200 ;;
esac
`;

/** A machine under a folder of its own, as its user data would leave it, before the bootstrap. */
export class Machine {
  readonly root = mkdtempSync(join(tmpdir(), "billybully-"));

  constructor(
    readonly role: string,
    settings: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    for (const folder of ["machine", role])
      cpSync(join(TEMPLATES, folder), this.path("opt/billybully", folder), { recursive: true });
    const lines = { ...IDENTITY, ROLE: role, SETTINGS_PARAMETER: `/test/${role}`, ...env };
    const text = Object.entries(lines).map(([key, value]) => `${key}='${value}'\n`);
    this.write("etc/billybully/machine.env", text.join(""));
    this.write("settings", settings);
    this.write("release", "none\n");
    for (const command of ["aws", "dnf", "systemctl", "useradd", "curl", "sleep"]) this.stub(`bin/${command}`);
    this.stub("opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl");
    // Ports below 1024 are not for everybody who runs tests.
    const conf = join("opt/billybully", role, "nginx.conf");
    if (existsSync(this.path(conf))) this.write(conf, this.read(conf).replace("listen 80 ", "listen 18080 "));
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  read(file: string): string {
    return readFileSync(this.path(file), "utf8");
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  stub(file: string): void {
    this.write(file, STUB);
    chmodSync(this.path(file), 0o755);
  }

  /** Calls of a command that contain some text. */
  calls(text: string): string[] {
    return existsSync(this.path("calls"))
      ? this.read("calls")
          .split("\n")
          .filter((call) => call.includes(text))
      : [];
  }

  run(script: string, ...args: string[]): Ran {
    const env = {
      ...process.env,
      BILLYBULLY_ROOT: this.root,
      BILLYBULLY_PAUSE: "0",
      PATH: [this.path("bin"), process.env["PATH"]].join(delimiter),
    };
    const { status, stdout, stderr } = spawnSync(this.path("opt/billybully", script), args, { env, encoding: "utf8" });
    return { status, text: stdout + stderr };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

const IDENTITY = {
  STACK: "test",
  REGION: "test-1",
  LOG_GROUP: "the-logs",
  NETWORK_CIDR: "10.20.0.0/16",
  ARTIFACT_BUCKET: "the-artifacts",
  RELEASE_PARAMETER: "/test/release",
  FLEET: "no",
};
