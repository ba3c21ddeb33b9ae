import assert from "node:assert/strict";
import { DbCluster, type DbClusterArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { DATABASE_KINDS } from "../../plan/database";
import { all, inputsOf, labelsOf, namesOf } from "../support/graph";
import { SITE } from "../support/site";
import { built, outputsOf } from "../support/stacks";

const ARGS: DbClusterArgs = { site: SITE, kind: "self-managed", readers: 1, kmsKeyArn: "arn:key" };
const database = (given: Partial<DbClusterArgs>): Promise<Evaluation> =>
  built(() => new DbCluster("db", { ...ARGS, ...given }));

/** Names in the private zone and what they lead to. */
function names(graph: Evaluation): Record<string, unknown> {
  const records = all(graph, "Record");
  return Object.fromEntries(
    records.map(({ inputs }) => [String(inputs["name"]), [inputs["type"], inputs["ttl"], inputs["records"]]]),
  );
}
const addressOf = (machine: string): string => `<aws:ec2/networkInterface:NetworkInterface::${machine}.privateIp>`;

describe("DbCluster", () => {
  it("tells the app the same names whatever is behind them, and where the password is but not what", async () => {
    const offered = async (given: Partial<DbClusterArgs>) => {
      const { outputs } = await outputsOf(() => {
        const { writer, reader, environment, secretArns } = new DbCluster("db", { ...ARGS, ...given });
        return { writer, reader: reader ?? "none", environment, secretArns };
      });
      return outputs;
    };
    const self = await offered({});
    assert.deepEqual(self, {
      writer: "writer.test.internal",
      reader: "reader.test.internal",
      environment: {
        SPRING_DATASOURCE_URL:
          "jdbc:mysql:replication://writer.test.internal:3306,reader.test.internal:3306/billybully" +
          "?sslMode=REQUIRED&connectTimeout=1000&socketTimeout=3000&retriesAllDown=1&allowSourceDownConnections=true" +
          "&allowReplicaDownConnections=true&readFromSourceWhenNoReplicas=true",
        SPRING_DATASOURCE_USERNAME: "billybully",
        SPRING_DATASOURCE_HIKARI_CONNECTIONTIMEOUT: "2000",
        SPRING_DATASOURCE_HIKARI_VALIDATIONTIMEOUT: "1000",
        SPRING_DATASOURCE_HIKARI_INITIALIZATIONFAILTIMEOUT: "-1",
        SPRING_DATASOURCE_HIKARI_MAXLIFETIME: "60000",
        SPRING_DATASOURCE_PASSWORD: "secretsmanager:<aws:secretsmanager/secret:Secret::db-app.arn>",
      },
      secretArns: ["<aws:secretsmanager/secret:Secret::db-app.arn>"],
    });
    assert.deepEqual(await offered({ kind: "aurora" }), self);
    assert.deepEqual(await offered({ kind: "migrating" }), self);
    const alone = await offered({ readers: 0 });
    assert.equal(alone["reader"], "none");
    assert.equal(
      (alone["environment"] as Record<string, string>)["SPRING_DATASOURCE_URL"],
      "jdbc:mysql://writer.test.internal:3306/billybully?sslMode=REQUIRED&connectTimeout=1000&socketTimeout=3000",
    );
  });

  it("leads the names to MySQL on EC2, the reader's to all that read", async () => {
    assert.deepEqual(names(await database({ readers: 2 })), {
      "mysql-1.test.internal": ["A", 5, [addressOf("db-mysql-1")]],
      "mysql-2.test.internal": ["A", 5, [addressOf("db-mysql-2")]],
      "mysql-3.test.internal": ["A", 5, [addressOf("db-mysql-3")]],
      "mysql-readers.test.internal": ["A", 5, [addressOf("db-mysql-2"), addressOf("db-mysql-3")]],
      "reader.test.internal": ["CNAME", 5, ["mysql-readers.test.internal"]],
      "writer.test.internal": ["CNAME", 5, ["mysql-1.test.internal"]],
    });
  });

  it("leads the writer's name to another machine after a promotion, and renames none", async () => {
    const [before, after] = [await database({ readers: 2 }), await database({ readers: 2, primary: 3 })];
    assert.deepEqual(labelsOf(after.resources), labelsOf(before.resources));
    assert.deepEqual(names(after)["writer.test.internal"], ["CNAME", 5, ["mysql-3.test.internal"]]);
    assert.deepEqual(names(after)["mysql-readers.test.internal"], [
      "A",
      5,
      [addressOf("db-mysql-1"), addressOf("db-mysql-2")],
    ]);
    assert.match(
      String(inputsOf(after, "Parameter", "db-mysql-1")["value"]),
      /^PRIMARY_ID=3\nPRIMARY_HOST=mysql-3\.test\.internal\n/,
    );
  });

  it("leads the names to Aurora's own", async () => {
    assert.deepEqual(names(await database({ kind: "aurora" })), {
      "reader.test.internal": ["CNAME", 5, ["<aws:rds/cluster:Cluster::db.readerEndpoint>"]],
      "writer.test.internal": ["CNAME", 5, ["<aws:rds/cluster:Cluster::db.endpoint>"]],
    });
  });

  it("has no reader's name where nobody reads", async () => {
    assert.deepEqual(Object.keys(names(await database({ readers: 0 }))), [
      "mysql-1.test.internal",
      "writer.test.internal",
    ]);
    assert.deepEqual(Object.keys(names(await database({ kind: "aurora", readers: 0 }))), ["writer.test.internal"]);
  });

  it("has both while data moves, and turns only the names when the app moves", async () => {
    const [before, after] = [
      await database({ kind: "migrating" }),
      await database({ kind: "migrating", active: "aurora" }),
    ];
    assert.deepEqual(names(before)["writer.test.internal"], ["CNAME", 5, ["mysql-1.test.internal"]]);
    assert.deepEqual(names(after)["writer.test.internal"], ["CNAME", 5, ["<aws:rds/cluster:Cluster::db.endpoint>"]]);
    const changed = after.resources.filter(
      ({ urn, inputs }) =>
        JSON.stringify(inputs) !== JSON.stringify(before.resources.find((was) => was.urn === urn)?.inputs),
    );
    assert.deepEqual(labelsOf(changed), ["Record db-reader", "Record db-writer"]);
    assert.equal(after.resources.length, before.resources.length);
  });

  it("keeps every resource of either kind when both are there", async () => {
    const both = labelsOf((await database({ kind: "migrating" })).resources);
    const one = [
      ...labelsOf((await database({})).resources),
      ...labelsOf((await database({ kind: "aurora" })).resources),
      "Document db-migration",
    ];
    assert.deepEqual(both, [...new Set(one)].sort());
  });

  it("has the same passwords whatever the kind, so that moving makes none and loses none", async () => {
    for (const kind of DATABASE_KINDS)
      assert.deepEqual(namesOf(all(await database({ kind }), "RandomPassword")), [
        "db-admin",
        "db-app",
        "db-replication",
      ]);
  });
});
