import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allOf, documentOf } from "../support/markdown";

/** AWS and Pulumi as far as the runbook's function asks them, for a command that ends as `result`. */
const STAND_INS = (result: string): Readonly<Record<string, string>> => ({
  pulumi: 'echo "$3"',
  sleep: "",
  aws: `case "$*" in
  *'send-command --document-name migrationDocument --instance-ids migrationMachine --parameters Step=copy,Overwrite=aurora'*) echo c-1 ;;
  *send-command*) exit 1 ;;
  *'--query Status'*) echo ${result} ;;
  *) printf 'words\\t\\t%s\\n' ${result} ;;
esac`,
});

describe("the function `step` of docs/migration.md", () => {
  const block = allOf(
    "code",
    documentOf("docs/migration.md").flatMap(({ tokens }) => tokens),
  ).find(({ text }) => text.startsWith("step() ("));
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "billybully-step-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function run(result: string, command: string): { status: number | null; out: string } {
    for (const [name, body] of Object.entries(STAND_INS(result))) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const { status, stdout } = spawnSync("bash", ["-c", `${block?.text ?? ""}\n${command}`], {
      env: { PATH: `${folder}:/usr/bin:/bin` },
      encoding: "utf8",
    });
    return { status, out: stdout };
  }

  it("is shell", () => {
    execFileSync("bash", ["-n", "-c", block?.text ?? "("]);
  });

  it("prints the step's words and ends well with it, so that the next one begins", () => {
    assert.deepEqual(run("Success", "step copy Overwrite=aurora && echo next"), {
      status: 0,
      out: "words\t\tSuccess\nnext\n",
    });
  });

  for (const result of ["Failed", "TimedOut", "Cancelled"])
    it(`prints the words of a step that is ${result}, and nothing follows it`, () => {
      assert.deepEqual(run(result, "step copy Overwrite=aurora && echo next"), {
        status: 1,
        out: `words\t\t${result}\n`,
      });
    });

  it("ends where AWS takes no command", () => {
    assert.deepEqual(run("Success", "step unknown && echo next"), { status: 1, out: "" });
  });

  it("joins the switch of database.active to the step before it, wherever both stand together", () => {
    const blocks = allOf(
      "code",
      documentOf("docs/migration.md").flatMap(({ tokens }) => tokens),
    );
    const both = blocks.filter(({ text }) => /^step (?!retire).*\n\s*pulumi config set/m.test(text));
    assert.equal(both.length, 2);
    for (const { text } of both) assert.match(text, /^step .*&&(?: +#.*)?\n {2}pulumi config set/m);
  });
});
