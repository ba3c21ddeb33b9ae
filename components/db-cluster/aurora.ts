import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { AuroraInstance } from "../../plan/database";
import { APP_USER, SCHEMA } from "../../plan/environment";
import { identifier } from "../../plan/names";
import { MYSQL_PORT } from "../../plan/traffic";
import type { Password } from "../shared/password";
import type { Endpoints } from "./names";
import type { DbClusterArgs } from ".";

/** The newest Aurora MySQL 8.4 of November 2026: the same major version as MySQL on EC2, so each can follow the other. */
const ENGINE_VERSION = "8.4.mysql_aurora.8.4.7";
const LOGS = ["error", "slowquery"];

/**
 * Row-based binary logs from the first day: without them there is no way back to EC2, and no way out to anywhere else. Accounts of a database that
 * Aurora follows stay there: the rights that MySQL's own have are refused here, and replication would stop at them.
 */
const PARAMETERS = [
  { name: "binlog_format", value: "ROW", applyMethod: "pending-reboot" },
  { name: "gtid-mode", value: "ON", applyMethod: "pending-reboot" },
  { name: "enforce_gtid_consistency", value: "ON", applyMethod: "pending-reboot" },
  { name: "replicate-wild-ignore-table", value: "mysql.%", applyMethod: "pending-reboot" },
  { name: "require_secure_transport", value: "ON", applyMethod: "immediate" },
  { name: "slow_query_log", value: "1", applyMethod: "immediate" },
  { name: "long_query_time", value: "1", applyMethod: "immediate" },
];

export interface Aurora extends Endpoints {
  readonly clusterIdentifier: pulumi.Output<string>;
}

export function createAurora(
  name: string,
  instances: readonly AuroraInstance[],
  args: DbClusterArgs & { readonly password: Password },
  child: pulumi.CustomResourceOptions,
): Aurora {
  const cluster = createCluster(name, args, child);
  let previous: pulumi.Resource = cluster;
  for (const instance of instances)
    previous = createInstance(name, instance, args, cluster, { ...child, dependsOn: [previous] });
  return {
    writer: cluster.endpoint,
    reader: cluster.readerEndpoint,
    clusterIdentifier: cluster.clusterIdentifier,
  };
}

function createCluster(
  name: string,
  args: DbClusterArgs & { readonly password: Password },
  child: pulumi.CustomResourceOptions,
): aws.rds.Cluster {
  const clusterIdentifier = identifier(pulumi.getProject(), pulumi.getStack(), name);
  const engineVersion = args.engineVersion ?? ENGINE_VERSION;
  const subnets = new aws.rds.SubnetGroup(
    name,
    { subnetIds: [...args.site.subnetIds.isolated], description: "Every zone of the network" },
    child,
  );
  const family = `aurora-mysql${engineVersion.slice(0, engineVersion.indexOf(".mysql_aurora"))}`;
  const parameters = new aws.rds.ClusterParameterGroup(
    name,
    { family, description: "Binary logs, TLS, slow queries", parameters: PARAMETERS },
    child,
  );
  const life = new random.RandomId(`${name}-life`, { byteLength: 4 }, child);
  const logs = LOGS.map((log) => {
    // AWS would make these groups itself, and keep them for ever.
    const group = {
      name: `/aws/rds/cluster/${clusterIdentifier}/${log}`,
      retentionInDays: args.logRetentionDays ?? 30,
    };
    return new aws.cloudwatch.LogGroup(`${name}-aurora-${log}`, group, child);
  });
  return new aws.rds.Cluster(
    name,
    {
      clusterIdentifier,
      engine: "aurora-mysql",
      engineVersion,
      databaseName: SCHEMA,
      masterUsername: APP_USER,
      masterPassword: args.password.value,
      port: MYSQL_PORT,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [args.site.securityGroupIds.database],
      dbClusterParameterGroupName: parameters.name,
      storageEncrypted: true,
      ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
      backupRetentionPeriod: 14,
      preferredBackupWindow: "18:00-19:00", // 3:00 in Seoul
      preferredMaintenanceWindow: "sun:19:00-sun:20:00",
      copyTagsToSnapshot: true,
      enabledCloudwatchLogsExports: LOGS,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: pulumi.interpolate`${clusterIdentifier}-last-${life.hex}`,
      applyImmediately: true,
    },
    // AWS adds a third zone by itself; written down, it would replace the cluster.
    { ...child, protect: true, ignoreChanges: ["availabilityZones"], dependsOn: logs },
  );
}

/** Instances come and change one after the other: changed at once they would all restart at once. The first one made is the first writer. */
function createInstance(
  name: string,
  { name: instance, zone }: AuroraInstance,
  args: DbClusterArgs,
  cluster: aws.rds.Cluster,
  child: pulumi.CustomResourceOptions,
): aws.rds.ClusterInstance {
  const availabilityZone = args.site.zones[zone - 1];
  return new aws.rds.ClusterInstance(
    `${name}-${instance}`,
    {
      clusterIdentifier: cluster.id,
      identifier: identifier(pulumi.getProject(), pulumi.getStack(), name, instance),
      engine: "aurora-mysql",
      instanceClass: args.instanceClass ?? "db.r7g.large",
      ...(availabilityZone !== undefined && { availabilityZone }),
      promotionTier: 1,
      publiclyAccessible: false,
      autoMinorVersionUpgrade: false, // an upgrade outside of Pulumi would be taken back by the next `up`, and fail
      applyImmediately: true,
      copyTagsToSnapshot: true,
    },
    // A zone that is appended later would otherwise move instances that stand already.
    { ...child, ignoreChanges: ["availabilityZone"] },
  );
}
