import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStack, StackFileError } from "../../evaluate/stack-file";

const PROJECT_FILE = `
name: billybully
config:
  tier: { type: string, description: the step, default: "" }
  users: { description: how many, default: "" }
  network: { description: fields, default: {} }
`;

describe("readStack", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "billybully-stacks-"));
    writeFileSync(join(root, "Pulumi.yaml"), PROJECT_FILE);
  });
  after(() => {
    rmSync(root, { recursive: true });
  });

  const withFile = (stack: string, content: string) => {
    writeFileSync(join(root, `Pulumi.${stack}.yaml`), content);
    return readStack(root, stack, {});
  };

  it("writes every value as Pulumi hands it over: scalars as text, objects and lists as JSON", () => {
    const { project, stack, config } = withFile(
      "prod",
      `
encryptionsalt: v1:abc
config:
  aws:region: eu-west-1
  billybully:tier: multi-az
  billybully:users: 10000000
  billybully:network:
    zones: [eu-west-1a, eu-west-1b]
    addressQuota: 8
  billybully:flag: true
  billybully:share: 0.25
  billybully:version: "8.0"
  billybully:nothing:
  other:key: kept
`,
    );
    assert.deepEqual([project, stack], ["billybully", "prod"]);
    assert.deepEqual(config, {
      "aws:region": "eu-west-1",
      "billybully:tier": "multi-az",
      "billybully:users": "10000000",
      "billybully:network": '{"zones":["eu-west-1a","eu-west-1b"],"addressQuota":8}',
      "billybully:flag": "true",
      "billybully:share": "0.25",
      "billybully:version": "8.0",
      "billybully:nothing": "",
      "other:key": "kept",
    });
  });

  it("fills in the defaults of Pulumi.yaml", () => {
    assert.deepEqual(withFile("dev", "config: { aws:region: us-east-1 }").config, {
      "aws:region": "us-east-1",
      "billybully:tier": "",
      "billybully:users": "",
      "billybully:network": "{}",
    });
  });

  it("takes a file without configuration as one that says nothing", () => {
    for (const content of ["", "encryptionsalt: v1:abc\n", "# only a comment\n", "config:\n"])
      assert.deepEqual(withFile("empty", content).config, {
        "billybully:tier": "",
        "billybully:users": "",
        "billybully:network": "{}",
      });
  });

  it("lays what a person says on the command line over the file", () => {
    withFile("prod", "config: { aws:region: eu-west-1, billybully:tier: single, billybully:users: 5 }");
    const { stack, config } = readStack(root, "prod", { tier: "elastic", users: "7" });
    assert.equal(stack, "prod");
    assert.deepEqual(
      [config["billybully:tier"], config["billybully:users"], config["aws:region"]],
      ["elastic", "7", "eu-west-1"],
    );
    assert.equal(readStack(root, "prod", { users: "7" }).config["billybully:tier"], "single");
  });

  it("needs no file for a tier, and stands in Seoul then", () => {
    const { stack, config } = readStack(root, undefined, { tier: "balanced" });
    assert.equal(stack, "balanced");
    assert.deepEqual(config, {
      "aws:region": "ap-northeast-2",
      "billybully:tier": "balanced",
      "billybully:users": "",
      "billybully:network": "{}",
    });
    assert.equal(readStack(root, undefined, {}).stack, "plan");
  });

  it("says which file is missing and how to make it", () => {
    assert.throws(
      () => readStack(root, "staging", {}),
      (error) =>
        error instanceof StackFileError &&
        error.message ===
          "There is no Pulumi.staging.yaml here. Make it with `pulumi stack init staging`, or name a tier: --tier single",
    );
  });

  it("says which file is not YAML, and where", () => {
    for (const content of ["config: [", "config:\n  a: 1\n a: 2\n", "config:\n  a: 1\n  a: 2\n", "config: {a: 'x}\n"])
      assert.throws(
        () => withFile("broken", content),
        (error) =>
          error instanceof StackFileError && /Pulumi\.broken\.yaml is not YAML: .* \(\d+:\d+\)/s.test(error.message),
        content,
      );
  });
});
