import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DatabasePlan, MysqlServer } from "../../plan/database";
import { APP_USER, SCHEMA } from "../../plan/environment";
import { createMachine, machineTag, type Machine } from "../shared/machine";
import { createProfile, createRole, writeLogs, type Allow } from "../shared/permissions";
import { createSettings, secretValue } from "../shared/settings";
import { subnetAt, type Site } from "../shared/site";
import { SEE_SNAPSHOTS } from "./migration";
import type { Endpoints } from "./names";
import type { DbClusterArgs, Passwords } from ".";

type MysqlArgs = DbClusterArgs & { readonly passwords: Passwords };

/** All MySQL machines stand in the first zone, at every tier: a volume cannot leave its zone. */
const ZONE = 1;
const SNAPSHOT_TAG = "billybully:snapshots";

export interface Mysql extends Endpoints {
  /** Instance ids by server id. */
  readonly machines: ReadonlyMap<number, pulumi.Output<string>>;
}

interface Shared {
  readonly profile: aws.iam.InstanceProfile;
  readonly logs: aws.cloudwatch.LogGroup;
}

/** The MySQL machines of the plan, one after the other in its order. */
export function createMysql(
  name: string,
  plan: DatabasePlan,
  args: MysqlArgs,
  child: pulumi.CustomResourceOptions,
): Mysql {
  const host = (label: string): string => `${label}.${args.site.privateZone.name}`;
  const addresses = new Map<number, pulumi.Output<string>>();
  const machines = new Map<number, pulumi.Output<string>>();
  const [first] = plan.servers;
  if (first === undefined) return { writer: host("writer"), reader: host("reader"), machines };

  const shared = createShared(name, plan, args, child);
  let previous: pulumi.Resource[] = [];
  for (const server of plan.servers) {
    const { address, machine } = createServer(name, server, args, shared, { ...child, dependsOn: previous });
    addresses.set(server.serverId, address);
    machines.set(server.serverId, machine.instance.id);
    previous = [machine.ready];
  }
  const readers = plan.readers.flatMap((id) => addresses.get(id) ?? []);
  if (readers.length > 0) createAddress(`${name}-mysql-readers`, host("mysql-readers"), args, readers, child);
  return { writer: host(`mysql-${args.primary ?? 1}`), reader: host("mysql-readers"), machines };
}

function createShared(name: string, plan: DatabasePlan, args: MysqlArgs, child: pulumi.CustomResourceOptions): Shared {
  const logs = new aws.cloudwatch.LogGroup(`${name}-mysql`, { retentionInDays: args.logRetentionDays ?? 30 }, child);
  const parameters = pulumi.interpolate`arn:aws:ssm:${args.site.region}:*:parameter/${pulumi.getProject()}/${pulumi.getStack()}/${name}-mysql-*`;
  const allow = [
    { actions: ["ssm:GetParameter"], resources: [parameters] },
    {
      actions: ["secretsmanager:GetSecretValue"],
      resources: Object.values(args.passwords).map(({ secretArn }) => secretArn),
    },
    ...(args.kmsKeyArn === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [args.kmsKeyArn] }]),
    turnNames(plan, args.site),
    ...plan.migrations.map(() => SEE_SNAPSHOTS),
  ];
  createSnapshotSchedule(name, child);
  return { logs, profile: createProfile(`${name}-mysql`, [writeLogs(logs), ...allow], child) };
}

/** A promoted reader turns the writer's name to itself, a migration both, and nothing else of the zone: the app cannot wait for an `up`. */
function turnNames({ turnable }: DatabasePlan, { privateZone }: Site): Allow {
  return {
    actions: ["route53:ChangeResourceRecordSets"],
    resources: [pulumi.interpolate`arn:aws:route53:::hostedzone/${privateZone.id}`],
    all: {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": turnable.map((name) => `${name}.${privateZone.name}`),
      "route53:ChangeResourceRecordSetsRecordTypes": "CNAME",
      "route53:ChangeResourceRecordSetsActions": "UPSERT",
    },
  };
}

function createServer(
  name: string,
  { name: server, serverId }: MysqlServer,
  args: MysqlArgs,
  { profile, logs }: Shared,
  child: pulumi.CustomResourceOptions,
): { address: pulumi.Output<string>; machine: Machine } {
  const { site } = args;
  const id = `${name}-${server}`;
  const tags = { Name: id };
  const nic = new aws.ec2.NetworkInterface(
    id,
    { subnetId: subnetAt(site, "private", ZONE), securityGroups: [site.securityGroupIds.database], tags },
    child,
  );
  createAddress(id, `${server}.${site.privateZone.name}`, args, [nic.privateIp], child);
  const gib = args.volumeGib ?? 20;
  const volume = createVolume(id, gib, args, child);
  const settings = createSettings(
    id,
    {
      PRIMARY_ID: String(args.primary ?? 1),
      PRIMARY_HOST: `mysql-${args.primary ?? 1}.${site.privateZone.name}`,
      WRITER_NAME: `writer.${site.privateZone.name}`,
      READERS_NAME: `mysql-readers.${site.privateZone.name}`,
      OWN_NAME: `${server}.${site.privateZone.name}`,
      ZONE_ID: site.privateZone.id,
      VOLUME_ID: volume.id,
      VOLUME_GIB: String(gib), // so that a larger one is grown into
      DATABASE: SCHEMA,
      APP_USER,
      APP_PASSWORD: secretValue(args.passwords.app.secretArn),
      ADMIN_PASSWORD: secretValue(args.passwords.admin.secretArn),
      REPLICATION_PASSWORD: secretValue(args.passwords.replication.secretArn),
      BUFFER_POOL_PERCENT: "60",
    },
    child,
  );
  const machine = createMachine(
    id,
    {
      role: "mysql",
      instanceType: args.instanceType ?? "t4g.medium",
      imageId: args.imageId,
      profile,
      env: { SERVER_ID: String(serverId) },
      settings,
      logGroup: logs.name,
      site,
      place: { networkInterfaceId: nic.id },
      tag: machineTag("mysql"),
      replace: args.replace?.[id],
    },
    child,
  );
  // AWS attaches a volume once, so the old machine gives it back before the new one can have it.
  const attachment = {
    deviceName: "/dev/sdf",
    instanceId: machine.instance.id,
    volumeId: volume.id,
    stopInstanceBeforeDetaching: true,
  };
  new aws.ec2.VolumeAttachment(id, attachment, { ...child, deleteBeforeReplace: true });
  return { address: nic.privateIp, machine };
}

function createVolume(
  name: string,
  size: number,
  args: MysqlArgs,
  child: pulumi.CustomResourceOptions,
): aws.ebs.Volume {
  const availabilityZone = args.site.zones[ZONE - 1] ?? "";
  return new aws.ebs.Volume(
    name,
    {
      availabilityZone,
      size,
      type: "gp3",
      encrypted: true,
      ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
      finalSnapshot: true,
      tags: { Name: name, [SNAPSHOT_TAG]: machineTag("mysql") },
    },
    { ...child, protect: true },
  );
}

function createAddress(
  name: string,
  host: string,
  { site }: MysqlArgs,
  records: pulumi.Input<string>[],
  child: pulumi.CustomResourceOptions,
): void {
  new aws.route53.Record(name, { zoneId: site.privateZone.id, name: host, type: "A", ttl: 5, records }, child);
}

/** A snapshot of every data volume each night, kept for a week. InnoDB on one volume comes back from it as from a power cut. */
function createSnapshotSchedule(name: string, child: pulumi.CustomResourceOptions): void {
  const actions = [
    "ec2:CreateSnapshot",
    "ec2:CreateSnapshots",
    "ec2:DeleteSnapshot",
    "ec2:DescribeInstances",
    "ec2:DescribeVolumes",
    "ec2:DescribeSnapshots",
    "ec2:CreateTags",
  ];
  const role = createRole(`${name}-snapshots`, "dlm.amazonaws.com", [{ actions, resources: ["*"] }], child);
  new aws.dlm.LifecyclePolicy(
    `${name}-snapshots`,
    {
      description: "MySQL data volumes each night",
      executionRoleArn: role.arn,
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: { [SNAPSHOT_TAG]: machineTag("mysql") },
        schedules: [
          {
            name: "nightly",
            createRule: { interval: 24, intervalUnit: "HOURS", times: "18:00" },
            retainRule: { count: 7 },
            copyTags: true,
          },
        ],
      },
    },
    child,
  );
}
