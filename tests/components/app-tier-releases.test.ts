import assert from "node:assert/strict";
import { AppTier, type AppTierArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { inputsOf, one, optionsOf, waitsFor } from "../support/graph";
import { SITE } from "../support/site";
import { built, outputsOf } from "../support/stacks";

const ARGS: AppTierArgs = {
  site: SITE,
  front: "servers",
  instanceType: "t4g.small",
  environment: {
    SPRING_DATASOURCE_URL: "jdbc:mysql://w/billybully",
    SPRING_DATASOURCE_PASSWORD: "secretsmanager:arn:db",
  },
  secretArns: ["arn:db", "arn:cache"],
  kmsKeyArn: "arn:key",
};
const BUCKET = "<aws:s3/bucket:Bucket::app-artifacts.arn>";

/** Allowed actions and the resources they are allowed on; conditions apart. */
function allowed(graph: Evaluation, role: string): Record<string, unknown> {
  const { Statement } = JSON.parse(String(inputsOf(graph, "RolePolicy", role)["policy"])) as {
    Statement: { Effect: string; Action: string[]; Resource: string[] }[];
  };
  assert.ok(Statement.every(({ Effect }) => Effect === "Allow"));
  return Object.fromEntries(
    Statement.map(({ Action, Resource }) => [`${Action.join(" ")} on ${Resource.join(" ")}`, true]),
  );
}

describe("AppTier's releases", () => {
  let app: Evaluation;
  before(async () => {
    app = await outputsOf(() => {
      const { artifactBucket, releaseDocument } = new AppTier("app", ARGS);
      return { artifactBucket, releaseDocument };
    });
  });

  it("lie in a bucket of which the app tells the name", () => {
    assert.deepEqual(app.outputs, {
      artifactBucket: "<aws:s3/bucket:Bucket::app-artifacts.bucket>",
      releaseDocument: "<aws:ssm/document:Document::app-release.name>",
    });
  });

  it("keep the bucket private, versioned and under TLS", () => {
    assert.deepEqual(optionsOf(one(app, "Bucket", "app-artifacts")), { protect: true });
    assert.deepEqual(inputsOf(app, "BucketPublicAccessBlock", "app-artifacts"), {
      bucket: "<aws:s3/bucket:Bucket::app-artifacts.id>",
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(inputsOf(app, "BucketVersioning", "app-artifacts")["versioningConfiguration"], {
      status: "Enabled",
    });
    assert.deepEqual(JSON.parse(String(inputsOf(app, "BucketPolicy", "app-artifacts")["policy"])), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [BUCKET, `${BUCKET}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const waits = waitsFor(app, one(app, "BucketPolicy", "app-artifacts"));
    assert.ok(waits.includes("BucketPublicAccessBlock app-artifacts"), waits.join());
  });

  it("keep every release, and throw old versions of one away after 90 days", () => {
    assert.deepEqual(inputsOf(app, "BucketLifecycleConfiguration", "app-artifacts")["rules"], [
      {
        id: "expire",
        status: "Enabled",
        filter: {},
        noncurrentVersionExpiration: { noncurrentDays: 90 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
  });

  it("start with none, and are never put back by a deployment", () => {
    const current = one(app, "Parameter", "app-release");
    assert.deepEqual(current.inputs, {
      name: "/billybully/test/app-release",
      type: "String",
      value: "none",
      description: "The release that servers install",
    });
    assert.deepEqual(optionsOf(current), { ignoreChanges: ["value"] });
  });

  it("are put on servers by a document that knows this stack and no other", () => {
    const { content, ...rest } = inputsOf(app, "Document", "app-release");
    assert.deepEqual(rest, { documentType: "Automation", documentFormat: "JSON" });
    const { assumeRole, mainSteps } = JSON.parse(String(content)) as {
      assumeRole: string;
      mainSteps: { name: string; inputs: Record<string, unknown> }[];
    };
    assert.equal(assumeRole, "<aws:iam/role:Role::app-release.arn>");
    const inputs = Object.fromEntries(mainSteps.map((step) => [step.name, step.inputs]));
    assert.equal(inputs["lock"]?.["Name"], "/billybully/test/app-release-lock");
    assert.equal(inputs["record"]?.["Name"], "/billybully/test/app-release");
    assert.equal(inputs["find"]?.["Bucket"], "<aws:s3/bucket:Bucket::app-artifacts.bucket>");
    assert.deepEqual(inputs["roll"]?.["Targets"], [
      { Key: "tag:billybully:machines", Values: ["billybully-test-app"] },
    ]);
  });

  it("may send commands to app servers of this stack alone", () => {
    const { Statement } = JSON.parse(String(inputsOf(app, "RolePolicy", "app-release")["policy"])) as {
      Statement: { Action: string[]; Resource: string[]; Condition?: unknown }[];
    };
    const sending = Statement.filter(({ Action }) => Action.includes("ssm:SendCommand"));
    assert.deepEqual(sending, [
      { Effect: "Allow", Action: ["ssm:SendCommand"], Resource: ["arn:aws:ssm:*::document/AWS-RunShellScript"] },
      {
        Effect: "Allow",
        Action: ["ssm:SendCommand"],
        Resource: ["arn:aws:ec2:*:*:instance/*"],
        Condition: { StringEquals: { "ssm:resourceTag/billybully:machines": "billybully-test-app" } },
      },
    ]);
    assert.ok(`s3:GetObject on ${BUCKET}/releases/*` in allowed(app, "app-release"));
  });

  it("are all that a server may read, beside its settings and the secrets that these name", () => {
    const rights = Object.keys(allowed(app, "app"));
    assert.deepEqual(rights.slice(0, 5), [
      "logs:CreateLogStream logs:PutLogEvents logs:DescribeLogStreams on <aws:cloudwatch/logGroup:LogGroup::app.arn>:*",
      "ssm:GetParameter on <aws:ssm/parameter:Parameter::app.arn> <aws:ssm/parameter:Parameter::app-release.arn>",
      `s3:GetObject on ${BUCKET}/releases/*`,
      "secretsmanager:GetSecretValue on arn:db arn:cache",
      "kms:Decrypt on arn:key",
    ]);
    assert.deepEqual(
      rights.slice(5).filter((right) => !right.startsWith("autoscaling:")),
      [],
    );
  });

  it("run with what every server is told and what this app is given beside it", () => {
    assert.deepEqual(inputsOf(app, "Parameter", "app"), {
      name: "/billybully/test/app",
      type: "String",
      value: [
        "SERVER_PORT=8080",
        "SERVER_SHUTDOWN=graceful",
        "SPRING_LIFECYCLE_TIMEOUT_PER_SHUTDOWN_PHASE=20s",
        "SERVER_FORWARD_HEADERS_STRATEGY=native",
        "MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED=true",
        "MANAGEMENT_HEALTH_REDIS_ENABLED=false",
        "JAVA_TOOL_OPTIONS=-XX:MaxRAMPercentage=35 -Dsun.net.inetaddr.ttl=1 -Dsun.net.inetaddr.negative.ttl=1",
        "SPRING_DATASOURCE_URL=jdbc:mysql://w/billybully",
        "SPRING_DATASOURCE_PASSWORD=secretsmanager:arn:db",
        "",
      ].join("\n"),
    });
  });

  it("reach servers that are there when their environment changes, without a new machine", async () => {
    const changed = await built(() => new AppTier("app", { ...ARGS, environment: { A: "1" } }));
    const commands = (graph: Evaluation) => inputsOf(graph, "Association", "app-public-1-apply")["parameters"];
    assert.notDeepEqual(commands(changed), commands(app));
    for (const type of ["Instance", "LaunchTemplate"])
      assert.deepEqual(inputsOf(changed, type, "app-public-1"), inputsOf(app, type, "app-public-1"));
  });
});
