import assert from "node:assert/strict";
import { removeSandboxes, sandbox, UNEXPECTED, type Ran } from "./sandbox";

const APPROVED = "ab".repeat(32);
const PREVIEW = "pulumi preview --stack prod --json --non-interactive --color never";
const UP = "pulumi up --stack prod --yes --skip-preview --non-interactive --color never --suppress-progress";

interface Scene {
  readonly preview?: number;
  readonly gate?: number;
  readonly fingerprint?: string;
  readonly up?: number;
  readonly approved?: string;
}

/** What the script does on a stack that is as the scene says. */
async function deploy({
  preview = 0,
  gate = 0,
  fingerprint = APPROVED,
  up = 0,
  approved = APPROVED,
}: Scene): Promise<Ran> {
  const box = sandbox({
    pulumi: `case "$1" in preview) echo '{}'; exit ${preview} ;; up) exit ${up} ;; ${UNEXPECTED} esac`,
    npm: `case "$3" in gate) [ $# -eq 5 ] || echo ${fingerprint} >"\${11}"; exit ${gate} ;; ${UNEXPECTED} esac`,
  });
  const ran = await box.run("deploy.sh", ["prod", approved]);
  assert.deepEqual(box.leftovers(), []);
  const calls = ran.calls.map((call) => call.replaceAll(/ROOT\/tmp\/tmp\.\w+/g, "WORK"));
  return { ...ran, calls };
}

const GATE =
  "npm run --silent gate -- WORK/preview.json --stack prod --allow-file gate-allow.txt --fingerprint WORK/fingerprint";

describe("ci/deploy.sh", () => {
  after(removeSandboxes);

  it("previews anew, asks the gate, and brings up what was approved, directly after", async () => {
    const { status, calls } = await deploy({});
    assert.deepEqual([status, calls], [0, [PREVIEW, GATE, UP]]);
  });

  it("does nothing where the changes are others than the approved ones", async () => {
    const { status, calls, stderr } = await deploy({ fingerprint: "cd".repeat(32) });
    assert.deepEqual([status, calls], [1, [PREVIEW, GATE]]);
    assert.match(stderr, /the changes of prod are others than those that were approved; nothing was changed/);
  });

  it("does nothing where the gate is closed, even for what was approved", async () => {
    assert.deepEqual((await deploy({ gate: 1 })).calls, [PREVIEW, GATE]);
    assert.equal((await deploy({ gate: 1 })).status, 1);
  });

  it("does nothing where the preview fails, even if it printed something, and repeats what the program said", async () => {
    for (const gate of [0, 1]) {
      const { status, calls, stderr } = await deploy({ preview: 255, gate });
      assert.deepEqual([status, calls], [1, [PREVIEW, "npm run --silent gate -- WORK/preview.json"]]);
      assert.match(stderr, /pulumi preview of prod failed; nothing was changed/);
    }
  });

  it("does nothing at all without an approved preview", async () => {
    for (const approved of ["", "none", APPROVED.slice(1), `${APPROVED}; true`, "$(true)", APPROVED.toUpperCase()]) {
      const { status, calls, stderr } = await deploy({ approved });
      assert.deepEqual([status, calls], [1, []], approved);
      assert.match(stderr, /no approved preview of prod/);
    }
  });

  it("fails where the up does", async () => {
    const { status, calls } = await deploy({ up: 3 });
    assert.deepEqual([status, calls.at(-1)], [3, UP]);
  });

  it("wants a stack and a fingerprint", async () => {
    assert.equal((await sandbox({}).run("deploy.sh", ["prod"])).status, 2);
  });
});

describe("ci/drift.sh", () => {
  after(removeSandboxes);

  const REFRESH = "pulumi refresh --stack prod --preview-only --json --non-interactive --color never";

  for (const [what, refresh, drift, status] of [
    ["no drift", 0, 0, 0],
    ["drift", 0, 1, 1],
    ["a refresh that fails", 255, 1, 1],
  ] as const)
    it(`${what}: leaves the text of an issue, and status ${status}`, async () => {
      const box = sandbox({
        pulumi: `case "$1" in refresh) echo '{}'; exit ${refresh} ;; ${UNEXPECTED} esac`,
        npm: `case "$3" in drift) printf 'the report\\n'; exit ${drift} ;; ${UNEXPECTED} esac`,
      });
      const ran = await box.run("drift.sh", ["prod", "out"]);
      assert.deepEqual([ran.status, ran.calls[0], box.read("out/prod.md")], [status, REFRESH, "the report\n"]);
      assert.match(
        ran.calls[1] ?? "",
        new RegExp(`^npm run --silent drift -- .* --stack prod .* --status ${refresh}$`),
      );
      assert.deepEqual([ran.calls.length, box.leftovers()], [2, []]);
    });
});
