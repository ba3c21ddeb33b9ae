import assert from "node:assert/strict";
import { join } from "node:path";
import { ConfigError } from "../../config";
import { fileSide, tierSide, transitions, type Side, type StackTransition } from "../../evaluate/transition";
import program from "../../index";
import { describeTransition, runOf } from "../../report/transition";
import { configOf, inTurn, PROJECT, type Words } from "../support/stacks";

const ROOT = join(__dirname, "../..");

function fileOf(stack: string, words: Words): Side {
  return { label: stack, stack, config: { project: PROJECT, stack, config: configOf(words) } };
}

async function change(from: Side, to: Side): Promise<StackTransition> {
  const [found] = await inTurn(() => transitions(program, [from, to]));
  return found!;
}

describe("what to run from one side to the other", function () {
  this.timeout(60_000);

  it("names no stack between two tiers", async () => {
    assert.deepEqual(runOf(await change(tierSide(ROOT, "single"), tierSide(ROOT, "cached"))), [
      "pulumi config set tier cached",
      "pulumi preview --json > preview.json && npm run gate -- preview.json",
      "pulumi up",
    ]);
  });

  it("names the stack of a file, and the tier in it", async () => {
    const found = await change(fileSide(ROOT, "dev"), fileOf("stage", { tier: "elastic" }));
    assert.deepEqual([found.from, found.to, found.stack, found.tier], ["dev", "stage", "stage", "elastic"]);
    assert.deepEqual(runOf(found), [
      "pulumi config set --stack stage tier elastic",
      "pulumi preview --stack stage --json > preview.json && npm run gate -- preview.json",
      "pulumi up --stack stage",
    ]);
  });

  it("is for the stack that stands where a file goes to a tier", async () => {
    const [first] = runOf(await change(fileSide(ROOT, "dev"), tierSide(ROOT, "cached")));
    assert.equal(first, "pulumi config set --stack dev tier cached");
  });

  it("is what mends it first where it is refused, and nothing after it", async () => {
    const found = await change(fileSide(ROOT, "prod"), fileSide(ROOT, "dev"));
    assert.ok(found.problems.length > 0);
    assert.deepEqual(
      runOf(found),
      found.problems.map(({ mend }) => mend),
    );
    const text = describeTransition(found);
    assert.match(text, /^prod -> dev: refused\. Nothing would be changed\.\n/);
    assert.match(text, /pulumi config set --stack dev /);
    assert.doesNotMatch(text, /STACK|pulumi up|config set tier/);
  });

  it("comes with what is felt of the machines that stood before", async () => {
    const of = (readers: number, instanceType: string): Side =>
      fileOf("stage", { tier: "resilient", database: { readers, instanceType } });
    const told = async (readers: number): Promise<string> =>
      describeTransition(await change(of(readers, "r7g.large"), of(1, "r7g.xlarge")));
    assert.match(await told(0), /^ {2}db-aurora-1: up to 600 s: /m);
    assert.match(await told(1), /^ {2}db-aurora-1, db-aurora-2: up to 60 s: /m);
  });

  it("is said under the name of the side whose file is wrong", async () => {
    for (const sides of [
      [fileOf("broken", { tier: "single", users: -5 }), tierSide(ROOT, "cached")],
      [tierSide(ROOT, "cached"), fileOf("broken", { tier: "single", users: -5 })],
    ])
      await assert.rejects(
        () => change(sides[0]!, sides[1]!),
        (error) =>
          error instanceof ConfigError &&
          error.stackName === "broken" &&
          error.problems[0]?.mend === "pulumi config set --stack broken users 1",
      );
  });
});
