import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewText, REAL, step, urn } from "../support/previews";

const ROOT = join(__dirname, "../..");
const VOLUME = "aws:ebs/volume:Volume";
const LOSS = previewText([step("delete", VOLUME, "db")]);
const FILES = {
  "open.json": REAL,
  "loss.json": LOSS,
  "cut.json": LOSS.slice(0, -20),
  "empty.json": "",
  "allow.txt": `# agreed\n${urn(VOLUME, "db")}\n${urn(VOLUME, "db", "prod")}\n`,
  "bad.txt": "db\n",
  "errors.txt": "error: no stack named 'test' found",
  "clean.json": previewText([step("refresh", VOLUME, "db")], { changeSummary: { same: 1 } }),
  "drift.json": previewText([step("delete", VOLUME, "db")]),
};

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls by their words, begun together: each takes a second, most of it to start. */
const CALLS = [
  "gate open.json --fingerprint print.txt",
  "gate loss.json --fingerprint closed.txt",
  "gate loss.json --stack test --allow-file allow.txt",
  "gate loss.json --stack test --allow-file bad.txt",
  "gate cut.json --fingerprint none.txt",
  "gate nowhere.json",
  "gate open.json --stack test",
  "gate open.json --alow x",
  "comment cut.json --stack test --allow-file bad.txt",
  "comment empty.json --stack test --errors errors.txt",
  "drift clean.json --stack test",
  "drift clean.json --stack test --status 255 --errors errors.txt",
  "drift drift.json --stack test",
] as const;

describe("npm run gate, comment and drift", function () {
  this.timeout(60_000);
  let folder: string;
  const runs = new Map<string, Promise<Ran>>();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "billybully-gate-"));
    for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
    // Two at a time: as many as CI has cores.
    const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
    for (const [index, call] of CALLS.entries()) {
      const run = lanes[index % 2]!.then(() => start(call));
      lanes[index % 2] = run;
      runs.set(call, run);
    }
  });
  after(async () => {
    await Promise.all(runs.values());
    rmSync(folder, { recursive: true });
  });

  function start(call: string): Promise<Ran> {
    const [command, ...args] = call.split(" ");
    const all = ["--require", join(ROOT, "commands/typescript.cjs"), join(ROOT, `commands/${command!}.ts`), ...args];
    return new Promise((resolve) => {
      execFile(process.execPath, all, { cwd: folder, env: {} }, (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }
  const ran = async (call: (typeof CALLS)[number]): Promise<Ran> => runs.get(call)!;

  it("is 0 where the gate is open, and leaves the fingerprint of the changes", async () => {
    const { status, stderr, stdout } = await ran("gate open.json --fingerprint print.txt");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(stdout, "gate: open. Nothing that cannot be made again is lost.\n");
    assert.match(readFileSync(join(folder, "print.txt"), "utf8"), /^[0-9a-f]{64}\n$/);
  });

  it("is 1 where something is lost, and the fingerprint is there all the same", async () => {
    const { status, stdout } = await ran("gate loss.json --fingerprint closed.txt");
    assert.equal(status, 1);
    assert.match(stdout, /^gate: closed by 1 finding\.\n\n {2}urn:pulumi:test::/);
    assert.match(readFileSync(join(folder, "closed.txt"), "utf8"), /^[0-9a-f]{64}\n$/);
  });

  it("is 0 for a loss that the file names for this stack, and says so", async () => {
    const { status, stdout } = await ran("gate loss.json --stack test --allow-file allow.txt");
    assert.equal(status, 0, stdout);
    assert.match(
      stdout,
      /^gate: open\. 1 finding let through by name\.\n\n {2}let through by name:\n {2}urn:pulumi:test::/,
    );
  });

  it("is 1 where nobody can tell: a list that is none, a preview that is cut short or not there, an option that is none", async () => {
    const cases: [(typeof CALLS)[number], RegExp][] = [
      [
        "gate loss.json --stack test --allow-file bad.txt",
        /^gate: closed\. gate-allow\.txt takes one URN a line.*\n {2}line 1: db\n$/,
      ],
      ["gate cut.json --fingerprint none.txt", /^gate: closed\. this is not JSON, or cut short\n$/],
      ["gate nowhere.json", /^gate: closed\. ENOENT/],
      ["gate open.json --alow x", /^gate: closed\. Unknown option '--alow'/],
    ];
    for (const [call, why] of cases) {
      const { status, stdout, stderr } = await ran(call);
      assert.deepEqual([status, stdout], [1, ""], call);
      assert.match(stderr, why);
    }
    assert.throws(() => readFileSync(join(folder, "none.txt")), /ENOENT/);
  });

  it("is 2 where half of a call is missing", async () => {
    const { status, stdout, stderr } = await ran("gate open.json --stack test");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^usage: /);
  });

  it("is 0 for a comment, also for one that says why there is no verdict", async () => {
    const cut = await ran("comment cut.json --stack test --allow-file bad.txt");
    assert.deepEqual([cut.status, cut.stderr], [0, ""]);
    assert.match(cut.stdout, /### test: no verdict[^]*this is not JSON, or cut short/);
    const empty = await ran("comment empty.json --stack test --errors errors.txt");
    assert.equal(empty.status, 0);
    assert.match(empty.stdout, /The stack has no state yet\./);
  });

  it("is 1 for drift, and where nobody knows", async () => {
    assert.deepEqual(await ran("drift clean.json --stack test"), {
      status: 0,
      stdout: "<!-- billybully drift: test -->\n",
      stderr: "",
    });
    const failed = await ran("drift clean.json --stack test --status 255 --errors errors.txt");
    assert.equal(failed.status, 1);
    assert.match(failed.stdout, /### test: nobody knows whether AWS is as the state says/);
    const drift = await ran("drift drift.json --stack test");
    assert.equal(drift.status, 1);
    assert.match(drift.stdout, /- `db` \(ebs Volume\): gone/);
  });
});
