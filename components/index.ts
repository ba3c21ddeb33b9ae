export { AppTier, type AppTierArgs } from "./app-tier";
export { CacheTier, type CacheTierArgs } from "./cache-tier";
export { DbCluster, type DbClusterArgs } from "./db-cluster";
export { Keyring } from "./keyring";
export { Network, type NetworkArgs } from "./network";
export type { Site } from "./shared/site";
