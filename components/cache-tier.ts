import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { cacheEnvironment } from "../plan/environment";
import { CACHE_PORT } from "../plan/traffic";
import { createPassword, type Password } from "./shared/password";
import { secretValue } from "./shared/settings";
import type { Site } from "./shared/site";

export interface CacheTierArgs {
  readonly site: Pick<Site, "subnetIds" | "securityGroupIds">;
  /** ElastiCache node type. Changing it replaces the nodes one after the other; the cache stays filled where there are replicas. */
  readonly nodeType: string;
  /** Shards; 0 builds nothing. More of them move slots while the cache serves. Going to 0 deletes what is cached. */
  readonly shards: number;
  /** Replicas of each shard, 0 to 5. With one or more a lost node is taken over by itself, in another zone. */
  readonly replicas: number;
  /** Valkey version. A higher one is installed in place, a lower one replaces the group. @default 8.0 */
  readonly engineVersion?: string;
  /** Key for data at rest; changing it replaces the group. @default - AWS's own key */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * Valkey as the one cache of all servers: always a replication group in cluster mode, encrypted on disk and on the wire, with a token, from
 * the first day, because none of these can be added later without emptying it.
 */
export class CacheTier extends pulumi.ComponentResource {
  /** `host:port` of the configuration endpoint; nothing where there are no shards. */
  readonly endpoint: pulumi.Output<string> | undefined;
  /** What Spring Boot needs to use it. Empty where there is none. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secrets that `environment` refers to. */
  readonly secretArns: readonly pulumi.Output<string>[];

  constructor(name: string, args: CacheTierArgs, opts?: pulumi.ComponentResourceOptions) {
    super("billybully:cache:CacheTier", name, {}, opts);
    const child = { parent: this };
    const caches = args.shards > 0 ? [createCache(name, args, child)] : [];

    this.endpoint = caches[0]?.endpoint;
    this.secretArns = caches.map(({ token }) => token.secretArn);
    this.environment = Object.assign({}, ...caches.map(environmentOf)) as Record<string, pulumi.Input<string>>;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}

interface Cache {
  readonly endpoint: pulumi.Output<string>;
  readonly token: Password;
}

function environmentOf({ endpoint, token }: Cache): Record<string, pulumi.Input<string>> {
  return { ...cacheEnvironment(endpoint), SPRING_DATA_REDIS_PASSWORD: secretValue(token.secretArn) };
}

function createCache(name: string, args: CacheTierArgs, child: pulumi.CustomResourceOptions): Cache {
  const engineVersion = args.engineVersion ?? "8.0";
  const token = createPassword(`${name}-token`, args.kmsKeyArn, child);
  const subnets = new aws.elasticache.SubnetGroup(
    name,
    { subnetIds: [...args.site.subnetIds.isolated], description: "Every zone of the network" },
    child,
  );
  const parameters = new aws.elasticache.ParameterGroup(
    name,
    {
      family: `valkey${engineVersion.split(".")[0] ?? ""}`,
      description: "Cluster mode; the oldest entries go when memory is full",
      parameters: [
        { name: "cluster-enabled", value: "yes" },
        { name: "maxmemory-policy", value: "allkeys-lru" },
      ],
    },
    child,
  );
  const life = new random.RandomId(`${name}-life`, { byteLength: 4 }, child);
  const group = new aws.elasticache.ReplicationGroup(
    name,
    {
      description: "The cache of all app servers",
      engine: "valkey",
      engineVersion,
      parameterGroupName: parameters.name,
      nodeType: args.nodeType,
      numNodeGroups: args.shards,
      replicasPerNodeGroup: args.replicas,
      automaticFailoverEnabled: true, // cluster mode allows nothing else
      multiAzEnabled: args.replicas > 0,
      subnetGroupName: subnets.name,
      securityGroupIds: [args.site.securityGroupIds.cache],
      port: CACHE_PORT,
      atRestEncryptionEnabled: true,
      ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      authToken: token.value,
      applyImmediately: true, // else a change of failover waits for the maintenance window, in silence
      autoMinorVersionUpgrade: false, // a version that AWS raised by itself would look like a downgrade, which replaces the group
      maintenanceWindow: "sun:18:00-sun:19:00", // Monday 3:00 in Seoul
      snapshotWindow: "19:00-20:00",
      snapshotRetentionLimit: 1,
      finalSnapshotIdentifier: pulumi.interpolate`${name}-${pulumi.getStack()}-last-${life.hex}`,
    },
    { ...child, protect: true },
  );
  return { endpoint: pulumi.interpolate`${group.configurationEndpointAddress}:${CACHE_PORT}`, token };
}
