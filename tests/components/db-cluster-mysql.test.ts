import assert from "node:assert/strict";
import { DbCluster, type DbClusterArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { readUserData } from "../../plan/user-data";
import { all, inputsOf, one, optionsOf, protectedIn, waitsFor } from "../support/graph";
import { SITE } from "../support/site";
import { built } from "../support/stacks";

const ARGS: DbClusterArgs = { site: SITE, kind: "self-managed", readers: 1, kmsKeyArn: "arn:key" };

describe("DbCluster with MySQL on EC2", () => {
  let mysql: Evaluation;
  before(async () => {
    mysql = await built(() => new DbCluster("db", ARGS));
  });

  it("keeps data on a volume apart from the machine, encrypted, with a last snapshot", () => {
    assert.deepEqual(inputsOf(mysql, "Volume", "db-mysql-2"), {
      availabilityZone: "ap-northeast-2a",
      size: 20,
      type: "gp3",
      encrypted: true,
      kmsKeyId: "arn:key",
      finalSnapshot: true,
      tags: { Name: "db-mysql-2", "billybully:snapshots": "billybully-test-mysql" },
    });
  });

  it("protects volumes and passwords, and nothing else", () => {
    const secrets = ["admin", "app", "replication"];
    assert.deepEqual(protectedIn(mysql), [
      ...secrets.map((name) => `RandomPassword db-${name}`),
      ...secrets.map((name) => `Secret db-${name}`),
      ...secrets.map((name) => `SecretVersion db-${name}`),
      "Volume db-mysql-1",
      "Volume db-mysql-2",
    ]);
  });

  it("takes a volume from the old machine before it gives it to a new one", () => {
    const attachment = one(mysql, "VolumeAttachment", "db-mysql-1");
    assert.deepEqual(attachment.inputs, {
      deviceName: "/dev/sdf",
      instanceId: "<aws:ec2/instance:Instance::db-mysql-1.id>",
      volumeId: "<aws:ebs/volume:Volume::db-mysql-1.id>",
      stopInstanceBeforeDetaching: true,
    });
    assert.deepEqual(optionsOf(attachment), { deleteBeforeReplace: true });
  });

  it("puts a machine on an interface that outlives it, and replaces it on purpose only", async () => {
    const machine = one(mysql, "Instance", "db-mysql-1");
    assert.deepEqual(machine.inputs, {
      launchTemplate: { id: "<aws:ec2/launchTemplate:LaunchTemplate::db-mysql-1.id>", version: "$Latest" },
      instanceType: "t4g.medium",
      networkInterfaces: [
        { networkInterfaceId: "<aws:ec2/networkInterface:NetworkInterface::db-mysql-1.id>", deviceIndex: 0 },
      ],
      tags: { Name: "db-mysql-1", "billybully:machines": "billybully-test-mysql" },
    });
    assert.deepEqual(optionsOf(machine), {
      ignoreChanges: ["launchTemplate"],
      deleteBeforeReplace: true,
      replacementTrigger: "arm64 ",
    });
    assert.deepEqual(inputsOf(mysql, "NetworkInterface", "db-mysql-1"), {
      subnetId: "private-a",
      securityGroups: ["sg-database"],
      tags: { Name: "db-mysql-1" },
    });
    const replaced = await built(
      () => new DbCluster("db", { ...ARGS, instanceType: "m7i.large", replace: { "db-mysql-2": "now" } }),
    );
    assert.deepEqual(
      all(replaced, "Instance").map(({ options, inputs }) => [inputs["instanceType"], options.replacementTrigger]),
      [
        ["m7i.large", "x86_64 "],
        ["m7i.large", "x86_64 now"],
      ],
    );
  });

  it("tells a promoted machine that it is the primary before it waits for the old one, which may be down", async () => {
    const promoted = await built(() => new DbCluster("db", { ...ARGS, primary: 2 }));
    assert.ok(waitsFor(promoted, one(promoted, "Instance", "db-mysql-1")).includes("Association db-mysql-2-apply"));
    assert.ok(
      !waitsFor(promoted, one(promoted, "Parameter", "db-mysql-2")).some((name) => name.startsWith("Association")),
    );
  });

  it("brings machines up one after the other, each when the one before serves", () => {
    assert.ok(waitsFor(mysql, one(mysql, "Instance", "db-mysql-2")).includes("Association db-mysql-1-apply"));
    assert.ok(!waitsFor(mysql, one(mysql, "Instance", "db-mysql-1")).some((name) => name.startsWith("Association")));
  });

  it("applies settings anew when they change, waits for it, and fails when the script does", () => {
    const apply = one(mysql, "Association", "db-mysql-1-apply");
    const { parameters, ...rest } = apply.inputs as { parameters: { commands: string; executionTimeout: string } };
    assert.deepEqual(rest, {
      name: "AWS-RunShellScript",
      targets: [{ key: "InstanceIds", values: ["<aws:ec2/instance:Instance::db-mysql-1.id>"] }],
      maxConcurrency: "1",
      maxErrors: "0",
      waitForSuccessTimeoutSeconds: 900,
    });
    assert.match(parameters.commands, /^\/opt\/billybully\/mysql\/apply\.sh # settings [0-9a-f]{12} t4g\.medium$/);
    assert.equal(parameters.executionTimeout, "900");
    assert.deepEqual(optionsOf(apply), { replaceOnChanges: ["targets", "parameters"] });
  });

  it("applies settings anew when one changes, or the memory or the volume does, and only then", async () => {
    const commands = (graph: Evaluation, name: string) =>
      (inputsOf(graph, "Association", `${name}-apply`)["parameters"] as { commands: string }).commands;
    const changed = (change: Partial<typeof ARGS> & object) => built(() => new DbCluster("db", { ...ARGS, ...change }));
    for (const change of [{ primary: 2 }, { instanceType: "m7g.large" }, { volumeGib: 999 }])
      assert.notEqual(
        commands(await changed(change), "db-mysql-1"),
        commands(mysql, "db-mysql-1"),
        JSON.stringify(change),
      );
    assert.equal(
      commands(await changed({ replace: { "db-mysql-2": "now" } }), "db-mysql-1"),
      commands(mysql, "db-mysql-1"),
    );
  });

  it("tells a machine its settings, with places of secrets in place of secrets", () => {
    assert.deepEqual(inputsOf(mysql, "Parameter", "db-mysql-2"), {
      name: "/billybully/test/db-mysql-2",
      type: "String",
      value: [
        "PRIMARY_ID=1",
        "PRIMARY_HOST=mysql-1.test.internal",
        "WRITER_NAME=writer.test.internal",
        "READERS_NAME=mysql-readers.test.internal",
        "OWN_NAME=mysql-2.test.internal",
        "ZONE_ID=zone-1",
        "VOLUME_ID=<aws:ebs/volume:Volume::db-mysql-2.id>",
        "VOLUME_GIB=20",
        "DATABASE=billybully",
        "APP_USER=billybully",
        "APP_PASSWORD=secretsmanager:<aws:secretsmanager/secret:Secret::db-app.arn>",
        "ADMIN_PASSWORD=secretsmanager:<aws:secretsmanager/secret:Secret::db-admin.arn>",
        "REPLICATION_PASSWORD=secretsmanager:<aws:secretsmanager/secret:Secret::db-replication.arn>",
        "BUFFER_POOL_PERCENT=60",
        "",
      ].join("\n"),
    });
  });

  it("tells a machine which one it is, in its user data", () => {
    const { userData } = inputsOf(mysql, "LaunchTemplate", "db-mysql-2");
    const config = JSON.parse(readUserData(String(userData)).replace(/^#cloud-config\n/, "")) as {
      write_files: { path: string; content: string }[];
    };
    assert.equal(
      config.write_files.find(({ path }) => path === "/etc/billybully/machine.env")?.content,
      [
        "ROLE='mysql'",
        "STACK='test'",
        "REGION='ap-northeast-2'",
        "NETWORK_CIDR='10.0.0.0/16'",
        "LOG_GROUP='<aws:cloudwatch/logGroup:LogGroup::db-mysql.name>'",
        "SETTINGS_PARAMETER='/billybully/test/db-mysql-2'",
        "SERVER_ID='2'",
        "",
      ].join("\n"),
    );
  });

  it("may read its own settings and its three secrets, and nobody else's", () => {
    const { Statement } = JSON.parse(String(inputsOf(mysql, "RolePolicy", "db-mysql")["policy"])) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const allowed = Statement.map(({ Action, Resource }) => [Action.join(" "), Resource]);
    const secrets = ["app", "admin", "replication"].map((name) => `<aws:secretsmanager/secret:Secret::db-${name}.arn>`);
    assert.deepEqual(Object.fromEntries(allowed), {
      "logs:CreateLogStream logs:PutLogEvents logs:DescribeLogStreams": [
        "<aws:cloudwatch/logGroup:LogGroup::db-mysql.arn>:*",
      ],
      "ssm:GetParameter": ["arn:aws:ssm:ap-northeast-2:*:parameter/billybully/test/db-mysql-*"],
      "secretsmanager:GetSecretValue": secrets,
      "kms:Decrypt": ["arn:key"],
      "route53:ChangeResourceRecordSets": ["arn:aws:route53:::hostedzone/zone-1"],
    });
  });

  it("may turn the writer's name, and no other, to itself", () => {
    const { Statement } = JSON.parse(String(inputsOf(mysql, "RolePolicy", "db-mysql")["policy"])) as {
      Statement: { Action: string[]; Condition?: unknown }[];
    };
    const turning = Statement.find(({ Action }) => Action.includes("route53:ChangeResourceRecordSets"));
    assert.deepEqual(turning?.Condition, {
      "ForAllValues:StringEquals": {
        "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["writer.test.internal"],
        "route53:ChangeResourceRecordSetsRecordTypes": "CNAME",
        "route53:ChangeResourceRecordSetsActions": "UPSERT",
      },
    });
  });

  it("makes a snapshot of every data volume each night and keeps a week of them", () => {
    assert.deepEqual(inputsOf(mysql, "LifecyclePolicy", "db-snapshots")["policyDetails"], {
      resourceTypes: ["VOLUME"],
      targetTags: { "billybully:snapshots": "billybully-test-mysql" },
      schedules: [
        {
          name: "nightly",
          createRule: { interval: 24, intervalUnit: "HOURS", times: "18:00" },
          retainRule: { count: 7 },
          copyTags: true,
        },
      ],
    });
  });

  it("takes the size, the image and the days of logs that it is given", async () => {
    const given = { volumeGib: 150, imageId: "ami-0123456789abcdef0", logRetentionDays: 7, readers: 0 };
    const own = await built(() => new DbCluster("db", { ...ARGS, ...given }));
    assert.equal(inputsOf(own, "Volume", "db-mysql-1")["size"], 150);
    assert.equal(inputsOf(own, "LaunchTemplate", "db-mysql-1")["imageId"], "ami-0123456789abcdef0");
    assert.deepEqual(inputsOf(own, "LogGroup", "db-mysql"), { retentionInDays: 7 });
    assert.equal(
      inputsOf(mysql, "LaunchTemplate", "db-mysql-1")["imageId"],
      "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    );
  });
});
