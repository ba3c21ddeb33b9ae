import assert from "node:assert/strict";
import { DbCluster, type DbClusterArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { migrationDocument } from "../../plan/migration-document";
import { all, inputsOf, labelsOf, one, optionsOf } from "../support/graph";
import { SITE } from "../support/site";
import { outputsOf } from "../support/stacks";

const ARGS: DbClusterArgs = { site: SITE, kind: "migrating", readers: 1, kmsKeyArn: "arn:key" };

const database = (given: Partial<DbClusterArgs> = {}): Promise<Evaluation> =>
  outputsOf(() => {
    const { migrationDocument: document, migrationMachine: machine } = new DbCluster("db", { ...ARGS, ...given });
    return { document: document ?? "none", machine: machine ?? "none" };
  });

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: unknown;
}

function statements(graph: Evaluation): Statement[] {
  const { policy } = inputsOf(graph, "RolePolicy", "db-mysql");
  return (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
}

describe("DbCluster while data moves", () => {
  it("has one document, with the names of this stack and this cluster", async () => {
    const moving = await database();
    const document = one(moving, "Document", "db-migration");
    assert.deepEqual(document.inputs, {
      documentType: "Command",
      documentFormat: "JSON",
      content: migrationDocument({
        stack: "test",
        auroraHost: "<aws:rds/cluster:Cluster::db.endpoint>",
        auroraReader: "<aws:rds/cluster:Cluster::db.readerEndpoint>",
        auroraCluster: "billybully-test-db",
        readerName: "reader.test.internal",
      }),
    });
    assert.deepEqual(optionsOf(document), {});
  });

  it("tells what to run, and on which machine: the one that writes", async () => {
    assert.deepEqual((await database()).outputs, {
      document: "<aws:ssm/document:Document::db-migration.name>",
      machine: "<aws:ec2/instance:Instance::db-mysql-1.id>",
    });
    assert.equal((await database({ primary: 2 })).outputs["machine"], "<aws:ec2/instance:Instance::db-mysql-2.id>");
    for (const kind of ["self-managed", "aurora"] as const)
      assert.deepEqual((await database({ kind })).outputs, { document: "none", machine: "none" });
  });

  it("has neither document nor further rights before and after", async () => {
    const before = await database({ kind: "self-managed" });
    assert.deepEqual(labelsOf(all(before, "Document")), []);
    assert.deepEqual(labelsOf(all(await database({ kind: "aurora" }), "Document")), []);
    assert.doesNotMatch(JSON.stringify(statements(before)), /Snapshots|reader\.test/);
  });

  it("lets the MySQL machines turn the app's two names, and see snapshots", async () => {
    const further = statements(await database()).slice(-2);
    assert.deepEqual(further, [
      {
        Effect: "Allow",
        Action: ["route53:ChangeResourceRecordSets"],
        Resource: ["arn:aws:route53:::hostedzone/zone-1"],
        Condition: {
          "ForAllValues:StringEquals": {
            "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["writer.test.internal", "reader.test.internal"],
            "route53:ChangeResourceRecordSetsRecordTypes": "CNAME",
            "route53:ChangeResourceRecordSetsActions": "UPSERT",
          },
        },
      },
      { Effect: "Allow", Action: ["ec2:DescribeSnapshots", "rds:DescribeDBClusterSnapshots"], Resource: ["*"] },
    ]);
  });

  it("knows of no reader's name where nobody reads", async () => {
    const alone = await database({ readers: 0 });
    assert.match(String(inputsOf(alone, "Document", "db-migration")["content"]), /"READER_NAME=''"/);
    assert.doesNotMatch(JSON.stringify(statements(alone)), /reader\.test/);
  });

  it("changes nothing else: the machines know as much as before, and so run on", async () => {
    const [before, moving] = [await database({ kind: "self-managed" }), await database()];
    const changed = before.resources.filter(
      ({ urn, inputs }) =>
        JSON.stringify(inputs) !== JSON.stringify(moving.resources.find((now) => now.urn === urn)?.inputs),
    );
    assert.deepEqual(labelsOf(changed), ["RolePolicy db-mysql"]);
  });

  it("turns nothing but the two names when the app moves, so that the up after a cut-over has nothing to do", async () => {
    const [before, after] = [await database(), await database({ active: "aurora" })];
    const changed = after.resources.filter(
      ({ urn, inputs }) =>
        JSON.stringify(inputs) !== JSON.stringify(before.resources.find((was) => was.urn === urn)?.inputs),
    );
    assert.deepEqual(
      changed.map(({ inputs }) => [inputs["name"], inputs["type"], inputs["ttl"], inputs["records"]]),
      [
        ["reader.test.internal", "CNAME", 5, ["<aws:rds/cluster:Cluster::db.readerEndpoint>"]],
        ["writer.test.internal", "CNAME", 5, ["<aws:rds/cluster:Cluster::db.endpoint>"]],
      ],
    );
  });
});
