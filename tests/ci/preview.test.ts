import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GOLDEN, previewText, REAL, step } from "../support/previews";
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
    const scene = (name: string, standIns: Record<string, string>, preview: string): void => {
      const box = sandbox(standIns);
      box.write("preview.json", preview);
      const ran = box.run("preview.sh", ["dev", "out"], { COMMIT: "0123456789abcdef0123" });
      scenes[name] = { box, ran };
    };
    scene("open", { pulumi: pulumi(), npm: REAL_NPM }, REAL);
    scene("let through", { pulumi: pulumi(), npm: npm(0) }, LOSS);
    scene("no stack", { pulumi: pulumi(255, "error: no stack named 'dev' found"), npm: npm(1) }, "");
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

  it("asks gate and comment with the same list of exceptions", async () => {
    const { status, stdout, calls } = await played("let through");
    assert.deepEqual([status, stdout], [0, "the verdict\n"]);
    const [, gate, comment] = calls.map((call) => call.replaceAll(/ROOT\/tmp\/tmp\.\w+/g, "WORK"));
    const both = "WORK/preview.json --stack dev --allow-file gate-allow.txt";
    assert.equal(gate, `npm run --silent gate -- ${both} --fingerprint WORK/fingerprint`);
    const rest = "--errors WORK/errors --status 0 --commit 0123456789abcdef0123";
    assert.equal(comment, `npm run --silent comment -- ${both} ${rest}`);
  });

  it("hands Pulumi's words to the log, and to the comment for what they mean, and fails", async () => {
    const { status, stderr, calls, box } = await played("no stack");
    assert.equal(status, 1);
    assert.equal(stderr, "error: no stack named 'dev' foundpulumi preview of dev failed with status 255\n");
    assert.match(calls.at(-1) ?? "", / comment -- .* --errors ROOT\/tmp\/\S+\/errors --status 255 /);
    assert.deepEqual(
      [box.read("out/dev.md"), box.read("out/fingerprint.env")],
      ["the comment\n", "fingerprint=none\n"],
    );
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
