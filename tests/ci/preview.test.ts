import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GOLDEN, previewText, REAL, step, urn } from "../support/previews";
import { REAL_NPM, removeSandboxes, sandbox, UNEXPECTED, type Ran, type Sandbox } from "./sandbox";

const VOLUME = "aws:ebs/volume:Volume";
const SECRET = "correct-horse-battery-staple";
const LOSS = previewText([step("delete", VOLUME, "db", { old: { inputs: { note: SECRET } } })]);

/** The engine, which answers a preview with a file and a status. */
function pulumi(status = 0, printed = ""): string {
  return `case "$1" in
preview) cat preview.json; printf '%s' "${printed}" >&2; exit ${status} ;;
${UNEXPECTED}
esac`;
}

/** Gate and comment in place of the project's own; the gate answers with a status. */
function npm(gate: number): string {
  return `case "$3" in
gate) printf '%s\\n' "the verdict"; echo ${"ab".repeat(32)} >"\${11}"; exit ${gate} ;;
comment) printf '%s\\n' "the comment" ;;
${UNEXPECTED}
esac`;
}

const PREVIEW = "pulumi preview --stack dev --json --non-interactive --color never";

describe("ci/preview.sh", function () {
  this.timeout(60_000);
  const scenes: Record<string, { box: Sandbox; ran: Promise<Ran> }> = {};

  before(() => {
    const scene = (name: string, standIns: Record<string, string>, preview: string, allow = ""): void => {
      const box = sandbox(standIns);
      box.write("preview.json", preview);
      box.write("gate-allow.txt", allow);
      const ran = box.run("preview.sh", ["dev", "out"], { COMMIT: "0123456789abcdef0123" });
      scenes[name] = { box, ran };
    };
    scene("open", { pulumi: pulumi(), npm: REAL_NPM }, REAL);
    scene(
      "let through",
      { pulumi: pulumi(), npm: REAL_NPM },
      LOSS.replaceAll(":test::", ":dev::"),
      urn(VOLUME, "db", "dev"),
    );
    scene("no stack", { pulumi: pulumi(255, "error: no stack named 'dev' found"), npm: REAL_NPM }, "");
    scene("closed", { pulumi: pulumi(), npm: npm(1) }, LOSS);
    scene("failed", { pulumi: pulumi(255, "policy violated"), npm: npm(0) }, REAL);
    scene("broken comment", { pulumi: pulumi(), npm: npm(0).replace('the comment"', 'half"; exit 3') }, REAL);
  });

  after(removeSandboxes);

  async function played(name: string): Promise<Ran & { box: Sandbox }> {
    const { box, ran } = scenes[name]!;
    return { ...(await ran), box };
  }

  it("writes comment and fingerprint of a change that the gate lets through", async () => {
    const { status, stdout, stderr, calls, box } = await played("open");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(stdout, "gate: open. Nothing that cannot be made again is lost.\n");
    assert.equal(box.read("out/dev.md"), readFileSync(join(GOLDEN, "comment.md"), "utf8"));
    assert.match(box.read("out/fingerprint.env"), /^fingerprint=[0-9a-f]{64}\n$/);
    assert.equal(calls[0], PREVIEW);
    assert.equal(calls.filter((call) => call.startsWith("pulumi")).length, 1);
  });

  it("reads gate-allow.txt, and says in the log and in the comment what it let through", async () => {
    const { status, stdout, box } = await played("let through");
    assert.equal(status, 0, stdout);
    assert.match(
      stdout,
      /^gate: open\. 1 finding let through by name\.\n\n {2}let through by name:\n {2}urn:pulumi:dev::.*::db\n/,
    );
    assert.match(box.read("out/dev.md"), /Let through by gate-allow\.txt:\n\n- `urn:pulumi:dev::.*::db`/);
  });

  it("says why where there is no preview, and fails", async () => {
    const { status, stderr, box } = await played("no stack");
    assert.equal(status, 1);
    assert.match(stderr, /^error: no stack named 'dev' found/);
    assert.match(stderr, /pulumi preview of dev failed with status 255\n$/);
    assert.match(box.read("out/dev.md"), /### dev: no verdict[^]*The stack has no state yet\. .*pulumi stack init/);
    assert.equal(box.read("out/fingerprint.env"), "fingerprint=none\n");
  });

  it("writes the comment and fails where the gate is closed, and approves nothing", async () => {
    const { status, box } = await played("closed");
    assert.deepEqual([status, box.read("out/dev.md")], [1, "the comment\n"]);
    assert.equal(box.read("out/fingerprint.env"), "fingerprint=none\n");
  });

  it("fails where Pulumi did, whatever the gate makes of what it printed", async () => {
    const { status, calls, box } = await played("failed");
    assert.equal(status, 1);
    assert.equal(box.read("out/fingerprint.env"), "fingerprint=none\n");
    assert.match(calls.at(-1) ?? "", /^npm run --silent comment -- .* --status 255 --commit 0123456789abcdef0123$/);
  });

  it("leaves no half of a comment", async () => {
    const { status, box } = await played("broken comment");
    assert.deepEqual([status, box.has("out/dev.md")], [3, false]);
  });

  it("leaves nothing behind but what it wrote for others, and shows no value", async () => {
    for (const name of Object.keys(scenes)) {
      const { box, stdout, stderr } = await played(name);
      assert.deepEqual(box.leftovers(), [], name);
      for (const text of [stdout, stderr, box.has("out/dev.md") ? box.read("out/dev.md") : ""])
        assert.ok(!text.includes(SECRET), `${name}: ${text}`);
      assert.equal(box.mode("out/fingerprint.env"), 0o600);
    }
  });

  it("wants a stack and a folder", async () => {
    const box = sandbox({});
    for (const args of [[], ["dev"], ["dev", "out", "more"]]) {
      const { status, stderr } = await box.run("preview.sh", args);
      assert.deepEqual([status, stderr], [2, "usage: ci/preview.sh STACK FOLDER\n"]);
    }
  });
});
