import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import type { Evaluation } from "../../evaluate";
import { BOTH, bootstrapWith, documentIn, one } from "./bootstrap";

const FOLDER = join(__dirname, "../../bootstrap");

describe("the state that the bootstrap makes", () => {
  let evaluation: Evaluation;

  before(async () => {
    evaluation = await bootstrapWith(BOTH);
  });

  const s3 = (type: string): Readonly<Record<string, unknown>> =>
    one(evaluation, `aws:s3/${type[0]!.toLowerCase()}${type.slice(1)}:${type}`, "billybully-state");

  it("is protected, bucket and key, and nothing else has to be", () => {
    const kept = evaluation.resources.filter(({ protect }) => protect).map(({ type, name }) => `${type} ${name}`);
    assert.deepEqual(kept, ["aws:kms/key:Key billybully-state", "aws:s3/bucket:Bucket billybully-state"]);
    assert.deepEqual(one(evaluation, "aws:kms/key:Key", "billybully-state"), {
      description: "Pulumi state, and the passwords in it",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
  });

  it("is open to nobody, encrypted with its own key, and keeps what it held before", () => {
    assert.deepEqual(
      Object.entries(s3("BucketPublicAccessBlock"))
        .filter(([key]) => key !== "bucket")
        .map(([, value]) => value),
      [true, true, true, true],
    );
    assert.deepEqual(s3("BucketVersioning")["versioningConfiguration"], { status: "Enabled" });
    assert.deepEqual(s3("BucketServerSideEncryptionConfiguration")["rules"], [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "<aws:kms/key:Key::billybully-state.arn>",
        },
        bucketKeyEnabled: true,
      },
    ]);
    const [rule] = s3("BucketLifecycleConfiguration")["rules"] as Record<string, unknown>[];
    assert.equal(rule?.["expiration"], undefined, "no state that is in use ever goes");
    assert.deepEqual(rule?.["noncurrentVersionExpiration"], { noncurrentDays: 365 });
  });

  it("is not reached without TLS", () => {
    assert.deepEqual(documentIn(s3("BucketPolicy")["policy"]), [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["<aws:s3/bucket:Bucket::billybully-state.arn>", "<aws:s3/bucket:Bucket::billybully-state.arn>/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });

  it("tells what CI's variables are set to", () => {
    const { stateUrl, secretsProvider, roles } = evaluation.outputs as Record<string, unknown>;
    assert.match(
      stateUrl as string,
      /^s3:\/\/<aws:s3\/bucket:Bucket::billybully-state\.bucket>\?region=ap-northeast-2&awssdk=v2$/,
    );
    assert.equal(secretsProvider, "awskms://alias/billybully-state?region=ap-northeast-2");
    assert.deepEqual(Object.keys(roles as object), ["preview", "drift", "deploy-dev", "deploy-prod"]);
  });
});

describe("settings of the bootstrap", () => {
  const cases: readonly (readonly [what: string, words: Record<string, unknown>, problems: RegExp[]])[] = [
    ["no forge", {}, [/one of github and gitlab is needed: pulumi config set gitlab group\/project/]],
    ["a pattern for a repository", { github: "billybully/*" }, [/github is no owner\/name/]],
    ["a pattern for a project", { gitlab: "*" }, [/gitlab is no group\/project/]],
    ["a pattern for a branch", { ...BOTH, branch: "*" }, [/branch is no branch/]],
    ["a service without TLS", { ...BOTH, gitlabUrl: "http://git.example.com" }, [/gitlabUrl is no https/]],
    ["no stacks", { ...BOTH, stacks: [] }, [/stacks /]],
    ["stacks with patterns", { ...BOTH, stacks: ["dev", "p*"] }, [/stacks\.1 is no stack name/]],
    [
      "several mistakes at once",
      { github: "x", branch: "a b", project: "Billy Bully" },
      [/github is no/, /branch is no/, /project is no/],
    ],
  ];
  for (const [what, words, problems] of cases)
    it(`${what}: one error that names each mistake`, async () => {
      await assert.rejects(bootstrapWith(words), (error: Error) => {
        assert.match(error.message, /^The configuration of the bootstrap has a problem\. Nothing was changed\.\n/);
        assert.equal(error.message.trim().split("\n").length, problems.length + 1, error.message);
        for (const problem of problems) assert.match(error.message, problem);
        return true;
      });
    });

  it("a region that is none, or missing, is one as well", async () => {
    for (const region of ["", "seoul"]) await assert.rejects(bootstrapWith(BOTH, region), /region is no region/);
  });

  it("are declared with the program's own defaults, and with the program's own entry point", async () => {
    const { main, config } = load(readFileSync(join(FOLDER, "Pulumi.yaml"), "utf8")) as {
      main: string;
      config: Record<string, { default: unknown }>;
    };
    // Pulumi would run the main program otherwise: it looks for the package.json above.
    assert.equal(main, "index.ts");
    const declared = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value.default]));
    const [bare, full] = [await bootstrapWith(BOTH), await bootstrapWith({ ...declared, ...BOTH })];
    assert.deepEqual(full, bare);
  });
});
