import assert from "node:assert/strict";
import { releaseDocument } from "../../plan/release-document";

interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly onFailure?: string;
  readonly onCancel?: string;
  readonly nextStep?: string;
  readonly isEnd?: boolean;
}

interface Automation {
  readonly schemaVersion: string;
  readonly assumeRole: string;
  readonly parameters: { readonly Version: { readonly type: string; readonly allowedPattern: string } };
  readonly mainSteps: readonly Step[];
}

const document = releaseDocument({
  roleArn: "arn:aws:iam::123456789012:role/release",
  bucket: "artifacts",
  currentParameter: "/billybully/prod/app-release",
  lockParameter: "/billybully/prod/app-release-lock",
  tag: { key: "billybully:machines", value: "billybully-prod-app" },
}) as Automation;
const steps = document.mainSteps;
const step = (name: string): Step => steps.find((candidate) => candidate.name === name)!;
const target = (jump: string | undefined): string | undefined => jump?.replace(/^step:/, "");
const isUnlock = ({ inputs }: Step): boolean => inputs["Api"] === "DeleteParameter";

/** Every way through the steps from one of them, as lists of names. */
function ways(name: string, walked: readonly string[] = []): string[][] {
  assert.ok(!walked.includes(name), `${name} comes twice: ${walked.join(", ")}`);
  const { isEnd, nextStep, onFailure } = step(name);
  const next = [...new Set([nextStep, target(onFailure)])].filter((jump) => jump !== undefined && jump !== "Abort");
  const path = [...walked, name];
  return isEnd === true ? [path] : next.flatMap((jump) => ways(jump!, path));
}

describe("releaseDocument", () => {
  it("is an automation under its own role", () => {
    assert.equal(document.schemaVersion, "0.3");
    assert.equal(document.assumeRole, "arn:aws:iam::123456789012:role/release");
  });

  it("jumps only to steps that there are", () => {
    const jumps = steps.flatMap(({ nextStep, onFailure, onCancel }) => [nextStep, target(onFailure), target(onCancel)]);
    const unknown = jumps.filter(
      (jump) => jump !== undefined && jump !== "Abort" && !steps.some(({ name }) => name === jump),
    );
    assert.deepEqual(unknown, []);
  });

  it("says of every step what comes next, and what when it fails", () => {
    for (const { name, isEnd, nextStep, onFailure } of steps) {
      assert.equal((isEnd === true) !== (nextStep !== undefined), true, name);
      if (isEnd !== true) assert.notEqual(onFailure, undefined, name);
    }
  });

  it("goes the good way through: lock, find, roll, record, late, unlock", () => {
    const good: string[] = [];
    for (let name: string | undefined = "lock"; name !== undefined; name = step(name).nextStep) good.push(name);
    assert.deepEqual(good, ["lock", "find", "roll", "record", "late", "unlock"]);
    assert.equal(steps[0]?.name, "lock");
  });

  it("gives the lock back on every way, good or bad, and only at its end", () => {
    const all = ways("lock");
    assert.ok(all.length > 4, `${all.length} ways`);
    for (const way of all) {
      const unlocks = way.filter((name) => isUnlock(step(name)));
      assert.deepEqual(unlocks, [way.at(-1)], way.join(", "));
    }
  });

  it("gives up when another release holds the lock, and leaves that lock alone", () => {
    const { inputs, onFailure } = step("lock");
    assert.equal(inputs["Overwrite"], false);
    assert.equal(onFailure, "Abort");
    assert.deepEqual(
      steps.filter(isUnlock).map(({ inputs: { Name } }) => Name),
      ["/billybully/prod/app-release-lock", "/billybully/prod/app-release-lock"],
    );
  });

  it("takes a failed or cancelled release back on all servers, and only then unlocks", () => {
    assert.deepEqual([step("roll").onFailure, step("roll").onCancel], ["step:takeBack", "step:takeBack"]);
    assert.equal(step("record").onFailure, "step:takeBack");
    assert.deepEqual(commandOf("takeBack"), ["/opt/billybully/app/release.sh back {{ Version }}"]);
    assert.equal(step("takeBack").nextStep, "unlockAfterFailure");
  });

  it("gives the lock back when it is cancelled during a step that takes long", () => {
    const onCancel = steps
      .filter(({ action }) => action === "aws:runCommand")
      .map((long) => [long.name, long.onCancel]);
    assert.deepEqual(onCancel, [
      ["roll", "step:takeBack"],
      ["late", "step:unlockAfterFailure"],
      ["takeBack", "step:unlockAfterFailure"],
    ]);
  });

  it("goes to one server at a time, and stops at the first that fails", () => {
    const runs = steps.filter(({ action }) => action === "aws:runCommand");
    assert.deepEqual(
      runs.map(({ name, inputs }) => [name, inputs["MaxConcurrency"], inputs["MaxErrors"]]),
      [
        ["roll", "1", "0"],
        ["late", "1", "100%"],
        ["takeBack", "1", "100%"],
      ],
    );
    for (const { inputs } of runs)
      assert.deepEqual(inputs["Targets"], [{ Key: "tag:billybully:machines", Values: ["billybully-prod-app"] }]);
    assert.deepEqual(commandOf("roll"), ["/opt/billybully/app/release.sh install {{ Version }}"]);
  });

  it("looks for the JAR before it touches a server, and records a version only after all servers have it", () => {
    assert.deepEqual(step("find").inputs, {
      Service: "s3",
      Api: "HeadObject",
      Bucket: "artifacts",
      Key: "releases/{{ Version }}.jar",
    });
    assert.deepEqual(step("record").inputs, {
      Service: "ssm",
      Api: "PutParameter",
      Name: "/billybully/prod/app-release",
      Type: "String",
      Value: "{{ Version }}",
      Overwrite: true,
    });
  });

  it("takes versions that are plain file names, and nothing that a shell would read otherwise", () => {
    const pattern = new RegExp(document.parameters.Version.allowedPattern);
    assert.deepEqual(
      ["1.4.2", "2026-12-01_b7", "v1", "a".repeat(64)].filter((version) => !pattern.test(version)),
      [],
    );
    const refused = ["", "-rf", ".hidden", "../x", "a/b", "a b", "a;id", "$(id)", "a\nb", "a'b", "*", "a".repeat(65)];
    assert.deepEqual(
      refused.filter((version) => pattern.test(version)),
      [],
    );
  });
});

function commandOf(name: string): unknown {
  return (step(name).inputs["Parameters"] as { commands: unknown }).commands;
}
