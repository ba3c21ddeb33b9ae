import assert from "node:assert/strict";
import { CacheTier, type CacheTierArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { inputsOf, labelsOf, one, optionsOf, protectedIn } from "../support/graph";
import { SITE } from "../support/site";
import { built, outputsOf } from "../support/stacks";

const ARGS: CacheTierArgs = { site: SITE, nodeType: "cache.r7g.large", shards: 2, replicas: 1, kmsKeyArn: "arn:key" };

describe("CacheTier", () => {
  let cache: Evaluation;
  before(async () => {
    cache = await outputsOf(() => {
      const { endpoint, environment, secretArns } = new CacheTier("cache", ARGS);
      return { endpoint, environment, secretArns };
    });
  });

  it("is a replication group in cluster mode, encrypted and with a token from the first day", () => {
    assert.deepEqual(inputsOf(cache, "ReplicationGroup", "cache"), {
      description: "The cache of all app servers",
      engine: "valkey",
      engineVersion: "8.0",
      parameterGroupName: "<aws:elasticache/parameterGroup:ParameterGroup::cache.name>",
      nodeType: "cache.r7g.large",
      numNodeGroups: 2,
      replicasPerNodeGroup: 1,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      subnetGroupName: "<aws:elasticache/subnetGroup:SubnetGroup::cache.name>",
      securityGroupIds: ["sg-cache"],
      port: 6379,
      atRestEncryptionEnabled: true,
      kmsKeyId: "arn:key",
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      authToken: "<random:index/randomPassword:RandomPassword::cache-token.result>",
      applyImmediately: true,
      autoMinorVersionUpgrade: false,
      maintenanceWindow: "sun:18:00-sun:19:00",
      snapshotWindow: "19:00-20:00",
      snapshotRetentionLimit: 1,
      finalSnapshotIdentifier: "cache-test-last-<random:index/randomId:RandomId::cache-life.hex>",
    });
    assert.deepEqual(optionsOf(one(cache, "ReplicationGroup", "cache")), { protect: true });
  });

  it("runs in cluster mode and drops its oldest entries when memory is full", () => {
    assert.deepEqual(inputsOf(cache, "ParameterGroup", "cache"), {
      family: "valkey8",
      description: "Cluster mode; the oldest entries go when memory is full",
      parameters: [
        { name: "cluster-enabled", value: "yes" },
        { name: "maxmemory-policy", value: "allkeys-lru" },
      ],
    });
  });

  it("may stand in every zone of the network from the first day", () => {
    assert.deepEqual(inputsOf(cache, "SubnetGroup", "cache")["subnetIds"], ["isolated-a", "isolated-b", "isolated-c"]);
  });

  it("protects the group and all three parts of its token", () => {
    assert.deepEqual(protectedIn(cache), [
      "RandomPassword cache-token",
      "ReplicationGroup cache",
      "Secret cache-token",
      "SecretVersion cache-token",
    ]);
  });

  it("keeps its token in Secrets Manager, under the stack's key", () => {
    assert.deepEqual(inputsOf(cache, "Secret", "cache-token"), { kmsKeyId: "arn:key", recoveryWindowInDays: 30 });
    assert.deepEqual(inputsOf(cache, "RandomPassword", "cache-token"), { length: 32, special: false });
    assert.deepEqual(inputsOf(cache, "SecretVersion", "cache-token"), {
      secretId: "<aws:secretsmanager/secret:Secret::cache-token.id>",
      secretString: "<random:index/randomPassword:RandomPassword::cache-token.result>",
    });
  });

  it("tells the app its address, and where the token is but not what", () => {
    const endpoint = "<aws:elasticache/replicationGroup:ReplicationGroup::cache.configurationEndpointAddress>:6379";
    const secretArn = "<aws:secretsmanager/secret:Secret::cache-token.arn>";
    assert.deepEqual(cache.outputs, {
      endpoint,
      environment: {
        SPRING_DATA_REDIS_CLUSTER_NODES: endpoint,
        SPRING_DATA_REDIS_SSL_ENABLED: "true",
        SPRING_DATA_REDIS_TIMEOUT: "500ms",
        SPRING_DATA_REDIS_CONNECT_TIMEOUT: "500ms",
        SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_ADAPTIVE: "true",
        SPRING_DATA_REDIS_LETTUCE_CLUSTER_REFRESH_PERIOD: "5s",
        SPRING_DATA_REDIS_PASSWORD: `secretsmanager:${secretArn}`,
      },
      secretArns: [secretArn],
    });
  });

  it("has one node, in one zone, in its smallest form", async () => {
    const small = await built(() => new CacheTier("cache", { ...ARGS, shards: 1, replicas: 0 }));
    const { numNodeGroups, replicasPerNodeGroup, multiAzEnabled, automaticFailoverEnabled } = inputsOf(
      small,
      "ReplicationGroup",
      "cache",
    );
    assert.deepEqual(
      [numNodeGroups, replicasPerNodeGroup, multiAzEnabled, automaticFailoverEnabled],
      [1, 0, false, true],
    );
  });

  it("takes the parameter family of its version, and AWS's own key where it is given none", async () => {
    const args = { site: SITE, nodeType: "cache.r7g.large", shards: 1, replicas: 0, engineVersion: "9.0" };
    const next = await built(() => new CacheTier("cache", args));
    assert.equal(inputsOf(next, "ParameterGroup", "cache")["family"], "valkey9");
    assert.equal("kmsKeyId" in inputsOf(next, "ReplicationGroup", "cache"), false);
    assert.deepEqual(inputsOf(next, "Secret", "cache-token"), { recoveryWindowInDays: 30 });
  });

  it("is nothing without shards, and gives the app nothing", async () => {
    const none = await outputsOf(() => {
      const { endpoint, environment, secretArns } = new CacheTier("cache", { ...ARGS, shards: 0 });
      return { hasEndpoint: endpoint !== undefined, environment, secretArns };
    });
    assert.deepEqual(labelsOf(none.resources), ["CacheTier cache", "Stack billybully-test"]);
    assert.deepEqual(none.outputs, { hasEndpoint: false, environment: {}, secretArns: [] });
  });
});
