import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ConfigError } from "../../config";
import { evaluate, type Program } from "../../evaluate";
import program from "../../index";
import { all, one } from "../support/graph";
import { configOf, inTurn, outputsOf, PROJECT, stackWith } from "../support/stacks";

class Box extends pulumi.ComponentResource {
  constructor(
    name: string,
    build: (child: pulumi.CustomResourceOptions) => unknown,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("test:box:Box", name, { secret: "of the component" }, opts);
    build({ parent: this });
  }
}

const run = (small: Program) => outputsOf(small);
const fail = (small: Program): Promise<unknown> =>
  run(small).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("evaluate", () => {
  it("gives nested resources the engine's own URNs, with all types above them but the stack's", async () => {
    const { resources } = await run(() => {
      new Box("outer", (child) => {
        const inner = (below: pulumi.CustomResourceOptions) => new aws.s3.Bucket("b", {}, below);
        new Box("inner", inner, child);
      });
      new aws.s3.Bucket("alone", {});
      return {};
    });
    const prefix = "urn:pulumi:test::billybully::";
    assert.deepEqual(
      resources.map(({ urn, parent }) => [urn.replace(prefix, ""), parent?.replace(prefix, "") ?? null]),
      [
        ["aws:s3/bucket:Bucket::alone", "pulumi:pulumi:Stack::billybully-test"],
        ["pulumi:pulumi:Stack::billybully-test", null],
        ["test:box:Box$test:box:Box$aws:s3/bucket:Bucket::b", "test:box:Box$test:box:Box::inner"],
        ["test:box:Box$test:box:Box::inner", "test:box:Box::outer"],
        ["test:box:Box::outer", "pulumi:pulumi:Stack::billybully-test"],
      ],
    );
  });

  it("sees options, and what the engine inherits from a parent", async () => {
    const graph = await run(() => {
      const first = new aws.s3.Bucket("first", {}, { protect: true, ignoreChanges: ["tags"] });
      new aws.s3.Bucket("second", {}, { deleteBeforeReplace: true, replaceOnChanges: ["bucket"], dependsOn: [first] });
      new aws.s3.Bucket("third", {}, { replacementTrigger: "text" });
      new Box("box", (child) => new aws.s3.Bucket("inside", {}, child), { protect: true });
      return {};
    });
    const options = (name: string) => one(graph, "Bucket", name).options;
    assert.deepEqual(options("first"), {
      custom: true,
      ignoreChanges: ["tags"],
      replaceOnChanges: [],
      deleteBeforeReplace: false,
      replacementTrigger: null,
      dependencies: [],
    });
    assert.deepEqual(options("second"), {
      custom: true,
      ignoreChanges: [],
      replaceOnChanges: ["bucket"],
      deleteBeforeReplace: true,
      replacementTrigger: null,
      dependencies: [one(graph, "Bucket", "first").urn],
    });
    assert.equal(options("third").replacementTrigger, "text");
    assert.deepEqual(
      all(graph, "Bucket").map(({ name, protect }) => `${name} ${String(protect)}`),
      ["first true", "inside true", "second false", "third false"],
    );
    assert.deepEqual([one(graph, "Box", "box").options.custom, one(graph, "Box", "box").inputs], [false, {}]);
  });

  it("answers with references in place of what only AWS knows, and with inputs as they were given", async () => {
    const { resources, outputs } = await run(() => {
      const bucket = new aws.s3.Bucket("b", { tags: { a: "1" } });
      const policy = pulumi.interpolate`${bucket.arn}/*`;
      new aws.s3.BucketPolicy("p", { bucket: bucket.id, policy });
      return { arn: bucket.arn, tags: bucket.tags, nested: { list: [bucket.id] } };
    });
    assert.deepEqual(one({ resources }, "BucketPolicy", "p").inputs, {
      bucket: "<aws:s3/bucket:Bucket::b.id>",
      policy: "<aws:s3/bucket:Bucket::b.arn>/*",
    });
    assert.deepEqual(outputs, {
      arn: "<aws:s3/bucket:Bucket::b.arn>",
      tags: { a: "1" },
      nested: { list: ["<aws:s3/bucket:Bucket::b.id>"] },
    });
  });

  it("shows secrets as their values, at any depth", async () => {
    const graph = await run(() => {
      const password = new random.RandomPassword("p", { length: 9 });
      new aws.ssm.Parameter("one", { type: "String", value: pulumi.secret("plain") });
      new aws.ssm.Parameter("two", { type: "String", value: password.result, tags: { a: pulumi.secret("deep") } });
      return {};
    });
    assert.equal(one(graph, "Parameter", "one").inputs["value"], "plain");
    assert.deepEqual(one(graph, "Parameter", "two").inputs, {
      type: "String",
      value: "<random:index/randomPassword:RandomPassword::p.result>",
      tags: { a: "deep" },
    });
  });

  it("throws what the program throws, the same error", async () => {
    const error = new RangeError("no such zone");
    assert.equal(
      await fail(() => {
        throw error;
      }),
      error,
    );
    assert.equal(await fail(() => Promise.reject(error)), error);
  });

  it("throws what an apply among the inputs throws, in place of leaving that resource out", async () => {
    const error = new RangeError("too many bytes");
    const thrown = await fail(() => {
      const bucket = pulumi.output("x").apply((): string => {
        throw error;
      });
      new aws.s3.Bucket("b", { bucket });
      return {};
    });
    assert.equal(thrown, error);
    assert.match(error.message, /too many bytes$/);
  });

  it("throws what an apply among the outputs throws", async () => {
    const error = new Error("no address");
    const thrown = await fail(() => ({
      address: pulumi.output("x").apply((): string => {
        throw error;
      }),
    }));
    assert.equal(thrown, error);
  });

  it("leaves the process as it was, after a failure as after a success", async () => {
    const traces = Error.stackTraceLimit;
    const listeners = process.listeners("unhandledRejection");
    await fail(() => {
      throw new Error("first");
    });
    const { resources } = await run(() => {
      new aws.s3.Bucket("b", {});
      return {};
    });
    assert.deepEqual(resources.length, 2);
    assert.equal(Error.stackTraceLimit, traces);
    assert.deepEqual(process.listeners("unhandledRejection"), listeners);
  });

  it("gives the same twice", async () => {
    const words = { tier: "balanced" };
    const stack = { project: PROJECT, stack: "test", config: configOf(words) };
    assert.deepEqual(await inTurn(() => evaluate(program, stack)), await stackWith(words));
  });

  it("refuses to look anything up", async () => {
    const error = await fail(async () => ({
      ami: (await pulumi.runtime.invoke("aws:ec2/getAmi:getAmi", {})) as unknown,
    }));
    assert.match(String(error), /aws:ec2\/getAmi:getAmi: this program looks nothing up/);
  });

  it("hands the program the project, the stack and its configuration", async () => {
    const { outputs } = await inTurn(() =>
      evaluate(
        () => ({ name: `${pulumi.getProject()} ${pulumi.getStack()}`, a: pulumi.runtime.allConfig()["other:a"] }),
        { project: "other", stack: "prod", config: { "other:a": "1" } },
      ),
    );
    assert.deepEqual(outputs, { name: "other prod", a: "1" });
  });

  it("refuses a change that would lose what the last deployment left behind, and registers nothing", async () => {
    const { outputs } = await stackWith({ tier: "cached" });
    const stack = (words: object) => ({
      project: PROJECT,
      stack: "test",
      config: configOf({ tier: "cached", ...words }),
    });
    const before = outputs["footprint"];
    const same = await inTurn(() => evaluate(program, { ...stack({}), before }));
    assert.deepEqual(same.outputs, outputs);
    const moved = { ...stack({ network: { cidr: "10.9.0.0/16" } }), before };
    const error = await inTurn(() => evaluate(program, moved)).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ConfigError, String(error));
    assert.deepEqual(
      error.problems.map(({ key, mend }) => [key, mend]),
      [["network.cidr", "pulumi config set --stack test --path network.cidr 10.0.0.0/16"]],
    );
  });
});
