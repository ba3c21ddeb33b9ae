import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AppTier, CacheTier, DbCluster, Keyring, Network } from "./components";
import { footprintOf, loadSettings } from "./config";

/** Every stack is this picture; its settings only decide how much of each part. */
export = async (): Promise<Record<string, unknown>> => {
  const settings = await loadSettings();
  const { operations, replace } = settings;
  const tags = { Project: pulumi.getProject(), Stack: pulumi.getStack(), ManagedBy: "Pulumi" };
  const provider = new aws.Provider("aws", { region: settings.region as aws.Region, defaultTags: { tags } });
  const options = { providers: { aws: provider } };

  const { keyArn: kmsKeyArn } = new Keyring("key", options);
  const site = new Network("network", { ...settings.network, ...operations, replace }, options);
  const stored = { ...operations, site, kmsKeyArn, replace };

  const cache = new CacheTier("cache", { ...settings.cache, ...stored }, { ...options, dependsOn: [site] });
  const database = new DbCluster("db", { ...settings.database, ...stored }, { ...options, dependsOn: [site] });

  const environment = { ...database.environment, ...cache.environment };
  const secretArns = [...database.secretArns, ...cache.secretArns];
  const servers = { ...settings.app, ...settings.edge, ...stored, environment, secretArns };
  const app = new AppTier("app", servers, { ...options, dependsOn: [site, database, cache] });

  return present({
    tier: settings.tier,
    url: app.url,
    frontAddress: app.frontAddress,
    addresses: app.addresses,
    loadBalancer: app.loadBalancer,
    nameServers: app.nameServers,
    databaseWriter: database.writer,
    databaseReader: database.reader,
    migrationDocument: database.migrationDocument,
    migrationMachine: database.migrationMachine,
    cacheEndpoint: cache.endpoint,
    artifactBucket: app.artifactBucket,
    releaseDocument: app.releaseDocument,
    footprint: footprintOf(settings),
  });
};

/** Outputs that this tier has; Pulumi warns about every other. */
function present(outputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
