import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DOCUMENT_LIMIT_BYTES,
  MIGRATION_STEPS,
  migrationDocument,
  type MigrationArgs,
} from "../../plan/migration-document";

const TEMPLATES = join(__dirname, "..", "..", "templates", "migration");
const ARGS: MigrationArgs = {
  stack: "prod",
  auroraHost: "writer.cluster",
  auroraReader: "reader.cluster",
  auroraCluster: "the-cluster",
  readerName: "reader.prod.internal",
};

interface Parameter {
  readonly type: string;
  readonly default: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
}

interface Content {
  readonly schemaVersion: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly mainSteps: readonly {
    readonly action: string;
    readonly inputs: { readonly timeoutSeconds: string; readonly runCommand: readonly string[] };
  }[];
}

const read = (args: Partial<MigrationArgs> = {}): Content =>
  JSON.parse(migrationDocument({ ...ARGS, ...args })) as Content;
const linesOf = ({ mainSteps }: Content): readonly string[] => mainSteps.flatMap(({ inputs }) => inputs.runCommand);

/** Runs the document's lines with a step of ours in the place of the scripts, and returns what that step saw. */
function seenBy(content: Content, values: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "billybully-document-"));
  const filled = Object.entries(content.parameters).reduce(
    (text, [name, { default: usual }]) => text.replaceAll(`{{ ${name} }}`, values[name] ?? usual),
    linesOf(content).join("\n"),
  );
  const script = filled
    .replace("/run/billybully/", `${folder}/`)
    .replace(/^bash "\$folder\/(.+)\.sh"$/m, `env; ls "$folder"; echo "step $1"; echo "left in $folder"`);
  writeFileSync(join(folder, "script"), script);
  const { status, stdout, stderr } = spawnSync("sh", [join(folder, "script")], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.deepEqual(readdirSync(folder), ["script"], "nothing is left behind");
  rmSync(folder, { recursive: true });
  return stdout;
}

describe("migrationDocument", () => {
  it("is a command with three parameters, none of which a shell can read otherwise", () => {
    const { schemaVersion, parameters, mainSteps } = read();
    assert.equal(schemaVersion, "2.2");
    assert.deepEqual(
      mainSteps.map(({ action, inputs }) => [action, inputs.timeoutSeconds]),
      [["aws:runShellScript", "172800"]],
    );
    assert.deepEqual(Object.keys(parameters), ["Step", "Overwrite", "Snapshot"]);
    assert.deepEqual(parameters["Step"]?.allowedValues, MIGRATION_STEPS);
    assert.deepEqual(parameters["Overwrite"]?.allowedValues, ["nothing", "self-managed", "aurora"]);
    const snapshot = new RegExp(parameters["Snapshot"]?.allowedPattern ?? "");
    for (const good of ["none", "snap-0123456789abcdef0", "snap-01234567", "before-retire-2026-12-01", "x"])
      assert.match(good, snapshot);
    for (const bad of ["", "snap 1", "'; rm -rf / #", "$(id)", "a\nb", "1-begins-with-a-digit", "rds:billybully"])
      assert.doesNotMatch(bad, snapshot);
  });

  it("asks for nothing dangerous where nothing is said", () => {
    const defaults = Object.entries(read().parameters).map(([name, { default: usual }]) => [name, usual]);
    assert.deepEqual(Object.fromEntries(defaults), { Step: "status", Overwrite: "nothing", Snapshot: "none" });
  });

  it("holds every script whole, and a script for every step", () => {
    const text = linesOf(read()).join("\n");
    const scripts = readdirSync(TEMPLATES);
    for (const script of scripts)
      assert.ok(text.includes(readFileSync(join(TEMPLATES, script), "utf8").trimEnd()), script);
    for (const step of MIGRATION_STEPS) assert.ok(scripts.includes(`${step}.sh`), step);
  });

  it("has no braces in its scripts that Systems Manager would take for a parameter", () => {
    for (const script of readdirSync(TEMPLATES))
      assert.doesNotMatch(readFileSync(join(TEMPLATES, script), "utf8"), /\{\{|^END_OF_FILE$/m, script);
  });

  it("leaves room under Systems Manager's limit", () => {
    assert.ok(Buffer.byteLength(migrationDocument(ARGS)) < DOCUMENT_LIMIT_BYTES * 0.8);
    assert.throws(
      () => migrationDocument({ ...ARGS, auroraHost: "x".repeat(DOCUMENT_LIMIT_BYTES) }),
      /^RangeError: the migration document has \d+ bytes, Systems Manager takes 65536: shorten templates\/migration$/,
    );
  });

  it("lays the scripts down where nobody else can read them, tells the step what it has to know, and leaves nothing", () => {
    const seen = seenBy(read(), { Step: "retire", Overwrite: "aurora", Snapshot: "snap-01234567" });
    for (const line of [
      "OF_STACK=prod",
      "AURORA_HOST=writer.cluster",
      "AURORA_READER=reader.cluster",
      "AURORA_CLUSTER=the-cluster",
      "READER_NAME=reader.prod.internal",
      "OVERWRITE=aurora",
      "SNAPSHOT=snap-01234567",
      "step retire",
      "cut-over.sh",
      "sessions.sh",
    ])
      assert.ok(seen.split("\n").includes(line), line);
  });

  it("tells a step that nobody reads by an empty name", () => {
    assert.ok(
      seenBy(read({ readerName: "" }), {})
        .split("\n")
        .includes("READER_NAME="),
    );
  });
});
