import assert from "node:assert/strict";
import { DbCluster, type DbClusterArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { all, inputsOf, one, optionsOf, protectedIn, waitsFor } from "../support/graph";
import { SITE } from "../support/site";
import { built } from "../support/stacks";

const ARGS: DbClusterArgs = {
  site: SITE,
  kind: "aurora",
  readers: 2,
  kmsKeyArn: "arn:key",
  instanceClass: "db.r8g.large",
};

describe("DbCluster with Aurora", () => {
  let aurora: Evaluation;
  before(async () => {
    aurora = await built(() => new DbCluster("db", ARGS));
  });

  it("is a cluster that is encrypted, backed up, and refuses to be deleted without a last snapshot", () => {
    assert.deepEqual(inputsOf(aurora, "Cluster", "db"), {
      clusterIdentifier: "billybully-test-db",
      engine: "aurora-mysql",
      engineVersion: "8.4.mysql_aurora.8.4.7",
      databaseName: "billybully",
      masterUsername: "billybully",
      masterPassword: "<random:index/randomPassword:RandomPassword::db-app.result>",
      port: 3306,
      dbSubnetGroupName: "<aws:rds/subnetGroup:SubnetGroup::db.name>",
      vpcSecurityGroupIds: ["sg-database"],
      dbClusterParameterGroupName: "<aws:rds/clusterParameterGroup:ClusterParameterGroup::db.name>",
      storageEncrypted: true,
      kmsKeyId: "arn:key",
      backupRetentionPeriod: 14,
      preferredBackupWindow: "18:00-19:00",
      preferredMaintenanceWindow: "sun:19:00-sun:20:00",
      copyTagsToSnapshot: true,
      enabledCloudwatchLogsExports: ["error", "slowquery"],
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "billybully-test-db-last-<random:index/randomId:RandomId::db-life.hex>",
      applyImmediately: true,
    });
  });

  it("is protected, and not replaced because AWS added a zone by itself", () => {
    assert.deepEqual(optionsOf(one(aurora, "Cluster", "db")), { protect: true, ignoreChanges: ["availabilityZones"] });
    const passwords = ["admin", "app", "replication"];
    assert.deepEqual(protectedIn(aurora), [
      "Cluster db",
      ...passwords.map((name) => `RandomPassword db-${name}`),
      ...passwords.map((name) => `Secret db-${name}`),
      ...passwords.map((name) => `SecretVersion db-${name}`),
    ]);
  });

  it("writes row-based binary logs and wants TLS from the first day", () => {
    assert.deepEqual(inputsOf(aurora, "ClusterParameterGroup", "db"), {
      family: "aurora-mysql8.4",
      description: "Binary logs, TLS, slow queries",
      parameters: [
        { name: "binlog_format", value: "ROW", applyMethod: "pending-reboot" },
        { name: "gtid-mode", value: "ON", applyMethod: "pending-reboot" },
        { name: "enforce_gtid_consistency", value: "ON", applyMethod: "pending-reboot" },
        { name: "replicate-wild-ignore-table", value: "mysql.%", applyMethod: "pending-reboot" },
        { name: "require_secure_transport", value: "ON", applyMethod: "immediate" },
        { name: "slow_query_log", value: "1", applyMethod: "immediate" },
        { name: "long_query_time", value: "1", applyMethod: "immediate" },
      ],
    });
  });

  it("may stand in every zone of the network from the first day", () => {
    assert.deepEqual(inputsOf(aurora, "SubnetGroup", "db")["subnetIds"], ["isolated-a", "isolated-b", "isolated-c"]);
  });

  it("has an instance in each zone, any of which may take over", () => {
    const instance = (number: number, zone: string) => ({
      clusterIdentifier: "<aws:rds/cluster:Cluster::db.id>",
      identifier: `billybully-test-db-aurora-${number}`,
      engine: "aurora-mysql",
      instanceClass: "db.r8g.large",
      availabilityZone: zone,
      promotionTier: 1,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: false,
      applyImmediately: true,
      copyTagsToSnapshot: true,
    });
    assert.deepEqual(
      all(aurora, "ClusterInstance").map(({ inputs }) => inputs),
      [instance(1, "ap-northeast-2a"), instance(2, "ap-northeast-2b"), instance(3, "ap-northeast-2c")],
    );
  });

  it("moves no instance when a zone is appended, and changes them one after the other", () => {
    const instances = all(aurora, "ClusterInstance");
    for (const instance of instances) assert.deepEqual(optionsOf(instance), { ignoreChanges: ["availabilityZone"] });
    const waits = instances.map((instance) =>
      waitsFor(aurora, instance).filter((name) => name.startsWith("ClusterInstance")),
    );
    assert.deepEqual(waits, [[], ["ClusterInstance db-aurora-1"], ["ClusterInstance db-aurora-2"]]);
  });

  it("keeps logs in groups of its own, which are there before AWS would make them", () => {
    assert.deepEqual(
      all(aurora, "LogGroup").map(({ inputs }) => inputs),
      ["error", "slowquery"].map((log) => ({
        name: `/aws/rds/cluster/billybully-test-db/${log}`,
        retentionInDays: 30,
      })),
    );
    const waits = waitsFor(aurora, one(aurora, "Cluster", "db"));
    assert.ok(
      waits.includes("LogGroup db-aurora-error") && waits.includes("LogGroup db-aurora-slowquery"),
      waits.join(),
    );
  });

  it("takes the version that it is given", async () => {
    const next = await built(() => new DbCluster("db", { ...ARGS, engineVersion: "8.4.mysql_aurora.8.4.9" }));
    assert.equal(inputsOf(next, "Cluster", "db")["engineVersion"], "8.4.mysql_aurora.8.4.9");
    assert.equal(inputsOf(next, "ClusterParameterGroup", "db")["family"], "aurora-mysql8.4");
  });
});
