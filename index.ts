import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AppTier, CacheTier, DbCluster, Keyring, Network } from "./components";
import { loadSettings } from "./config";

/** Every stack is this picture; its settings only decide how much of each part. */
export = (): Record<string, unknown> => {
  const {
    region,
    tier,
    network: net,
    app: servers,
    cache: shards,
    database: db,
    edge,
    operations,
    replace,
  } = loadSettings();
  const tags = { Project: pulumi.getProject(), Stack: pulumi.getStack(), ManagedBy: "Pulumi" };
  const provider = new aws.Provider("aws", { region: region as aws.Region, defaultTags: { tags } });
  const options = { providers: { aws: provider } };

  const { keyArn: kmsKeyArn } = new Keyring("key", options);
  const site = new Network("network", { ...net, ...operations, replace }, options);
  const cache = new CacheTier("cache", { ...shards, site, kmsKeyArn }, { ...options, dependsOn: [site] });
  const database = new DbCluster(
    "db",
    { ...db, ...operations, site, kmsKeyArn, replace },
    { ...options, dependsOn: [site] },
  );
  const environment = { ...database.environment, ...cache.environment };
  const secretArns = [...database.secretArns, ...cache.secretArns];
  const app = new AppTier(
    "app",
    { ...servers, ...edge, ...operations, site, environment, secretArns, kmsKeyArn, replace },
    { ...options, dependsOn: [site, database, cache] },
  );

  return present({
    tier,
    url: app.url,
    frontAddress: app.frontAddress,
    addresses: app.addresses,
    loadBalancer: app.loadBalancer,
    nameServers: app.nameServers,
    databaseWriter: database.writer,
    databaseReader: database.reader,
    cacheEndpoint: cache.endpoint,
    artifactBucket: app.artifactBucket,
    releaseDocument: app.releaseDocument,
  });
};

/** Outputs that this tier has; Pulumi warns about every other. */
function present(outputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
