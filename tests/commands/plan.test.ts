import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, resolveSettings } from "../../config";
import { evaluate } from "../../evaluate";
import { readStack } from "../../evaluate/stack-file";
import program from "../../index";
import { inTurn } from "../support/stacks";

const ROOT = join(__dirname, "../..");
const COPIED = ["commands", "components", "config", "evaluate", "plan", "report", "templates", "index.ts"];
const FILES = ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"];
const BAD = "config:\n  aws:region: ap-northeast-2\n  billybully:tier: elastic\n  billybully:app: { min: 4, mxa: 8 }\n";

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where the program is used as on a bare machine: nothing on PATH, nothing in the environment. */
function planIn(root: string, ...args: string[]): Promise<Ran> {
  const command = ["--require", "./commands/typescript.cjs", join(root, "commands/plan.ts"), ...args];
  const options = { cwd: root, env: { PATH: "/nowhere" }, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

describe("npm run plan", function () {
  this.timeout(120_000);
  let root: string;
  const runs = new Map<string, Promise<Ran>>();
  const plan = (args: string): Promise<Ran> => {
    const run = runs.get(args);
    assert.ok(run !== undefined, args);
    return run;
  };

  before(() => {
    root = mkdtempSync(join(tmpdir(), "billybully-plan-"));
    for (const entry of [...COPIED, ...FILES]) cpSync(join(ROOT, entry), join(root, entry), { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, "Pulumi.bad.yaml"), BAD);
    const all = ["", "--stack prod --json", "--stack bad", "--stack nowhere", "--teir single"];
    for (const args of [...all, "--tier elastic --users 2000000"])
      runs.set(args, planIn(root, ...args.split(" ").filter((word) => word !== "")));
  });

  after(async () => {
    await Promise.all(runs.values());
    rmSync(root, { recursive: true });
  });

  it("prints the plan of the stack dev where nothing else is said", async () => {
    const { status, stdout, stderr } = await plan("");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^dev: tier single, one server and one database\n/);
    for (const title of ["Layout", "Addresses in use", "Sizes"]) assert.ok(stdout.includes(`\n${title}\n`), title);
  });

  it("prints one JSON object with the resources as the engine would show them", async () => {
    const { status, stdout, stderr } = await plan("--stack prod --json");
    assert.deepEqual([status, stderr], [0, ""]);
    const { stack, tier, resources } = JSON.parse(stdout) as {
      stack: string;
      tier: string;
      resources: Record<string, unknown>[];
    };
    assert.deepEqual([stack, tier], ["prod", "multi-az"]);
    const evaluation = await inTurn(() => evaluate(program, readStack(ROOT, "prod", {})));
    assert.deepEqual(
      resources,
      evaluation.resources.map(({ urn, type, name, parent, inputs, protect }) => ({
        urn,
        type,
        name,
        parent,
        inputs,
        protect,
      })),
    );
    assert.ok(
      resources.some(({ type }) => type === "aws:ec2/subnet:Subnet"),
      "awsx's children are among them",
    );
  });

  it("prints the error of `up` for a stack file with mistakes, and no plan", async () => {
    const { status, stdout, stderr } = await plan("--stack bad");
    const { config } = readStack(root, "bad", {});
    assert.throws(
      () => resolveSettings(config, "bad"),
      (error) => error instanceof ConfigError && `${error.message}\n` === stderr,
    );
    assert.match(stderr, /billybully:app\.mxa = 8\n {4}unknown key; did you mean max\?/);
    assert.deepEqual([status, stdout], [1, ""]);
  });

  it("says how to make a file that is missing, without a stack trace", async () => {
    const { status, stdout, stderr } = await plan("--stack nowhere");
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^There is no Pulumi\.nowhere\.yaml here\. Make it with .*--tier single\n$/);
  });

  it("refuses an option that it does not know", async () => {
    const { status, stdout, stderr } = await plan("--teir single");
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^Unknown option '--teir'/);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });

  it("needs no stack file for a tier and a number of users", async () => {
    const { status, stdout, stderr } = await plan("--tier elastic --users 2000000");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(
      stdout,
      /^elastic: tier elastic, .*\nap-northeast-2, sized for 2,000,000 users: 1157\.4 requests\/s at the peak\n/,
    );
    assert.match(stdout, /users +2000000 +stack file/);
    assert.match(stdout, /app +fleet, 4 to 8 x c7g\.xlarge/);
  });
});
