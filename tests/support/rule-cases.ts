import type { Words } from "./stacks";

/** A stack file that breaks one rule, and its nearest neighbour that breaks none. */
export interface RuleCase {
  readonly key: string;
  readonly why: RegExp;
  readonly broken: Words;
  readonly kept: Words;
}

const A = "ap-northeast-2a";
const B = "ap-northeast-2b";
const SMALL = { cidr: "10.0.0.0/21" };

/** In the order of the rules. */
export const RULE_CASES: readonly RuleCase[] = [
  {
    key: "network.zones",
    why: /^not in region ap-northeast-2: us-east-1a, ap-northeast-2-wl1-sel-wlz-1$/,
    broken: { tier: "single", network: { zones: ["us-east-1a", B, "ap-northeast-2-wl1-sel-wlz-1"] } },
    kept: { tier: "single", network: { zones: ["ap-northeast-2d", B] } },
  },
  {
    key: "network.zones",
    why: /^a zone stands twice$/,
    broken: { tier: "single", network: { zones: [A, B, A] } },
    kept: { tier: "single", network: { zones: [B, A] } },
  },
  {
    key: "network.zones",
    why: /^one zone, and tier elastic has parts that AWS makes in two or more$/,
    broken: { tier: "elastic", network: { zones: [B] } },
    kept: { tier: "balanced", network: { zones: [B] } },
  },
  {
    key: "network.reserved",
    why: /^overlaps network\.cidr 10\.0\.0\.0\/16$/,
    broken: { tier: "single", network: { reserved: ["192.168.0.0/16", "10.0.128.0/20"] } },
    kept: { tier: "single", network: { reserved: ["192.168.0.0/16", "10.1.0.0/16"] } },
  },
  {
    key: "network.egress",
    why: /^machines in private subnets install packages/,
    broken: { tier: "elastic", network: { egress: "none" } },
    kept: { tier: "single", network: { egress: "none" }, database: { kind: "aurora" } },
  },
  {
    key: "network.addressQuota",
    why: /^the stack needs 6 Elastic IPs$/,
    broken: { tier: "replicated", app: { servers: 5 } },
    kept: { tier: "replicated", app: { servers: 4 } },
  },
  {
    key: "app.servers",
    why: /^tier elastic has a fleet, which has no fixed number of servers$/,
    broken: { tier: "elastic", app: { servers: 3 } },
    kept: { tier: "balanced", app: { servers: 3 } },
  },
  {
    key: "app.servers",
    why: /^one nginx asks 9 servers in turn and no more: with these it would never come up$/,
    broken: { tier: "balanced", app: { servers: 10 } },
    kept: { tier: "balanced", app: { servers: 9 } },
  },
  {
    key: "app.min",
    why: /^tier balanced has servers that stand alone, and no fleet$/,
    broken: { tier: "balanced", app: { min: 2 } },
    kept: { tier: "elastic", app: { min: 2 } },
  },
  {
    key: "app.max",
    why: /^tier single has servers that stand alone, and no fleet$/,
    broken: { tier: "single", app: { max: 2 } },
    kept: { tier: "elastic", app: { max: 2 } },
  },
  {
    key: "app.max",
    why: /^below app\.min, which is 4$/,
    broken: { tier: "elastic", app: { min: 4, max: 3 } },
    kept: { tier: "elastic", app: { min: 4, max: 4 } },
  },
  {
    key: "app.min",
    why: /^fewer servers than the 3 zones they have to stand in$/,
    broken: { tier: "multi-az", app: { min: 2 } },
    kept: { tier: "multi-az", app: { min: 3 } },
  },
  {
    key: "app.min",
    why: /^a refresh may double the fleet, and the private subnets have 123 addresses$/,
    broken: { tier: "elastic", network: SMALL, app: { min: 62 } },
    kept: { tier: "elastic", network: SMALL, app: { min: 61 } },
  },
  {
    key: "app.max",
    why: /^a refresh may double the fleet, and the private subnets have 123 addresses$/,
    broken: { tier: "elastic", network: SMALL, app: { max: 62 } },
    kept: { tier: "elastic", network: SMALL, app: { max: 61 } },
  },
  {
    key: "cache.nodeType",
    why: /^there is no cache: tier single has no shards$/,
    broken: { tier: "single", cache: { nodeType: "cache.t4g.small" } },
    kept: { tier: "single", cache: { nodeType: "cache.t4g.small", shards: 1 } },
  },
  {
    key: "cache.replicas",
    why: /^there is no cache: tier cached has no shards$/,
    broken: { tier: "cached", cache: { shards: 0, replicas: 1 } },
    kept: { tier: "cached", cache: { shards: 0, replicas: 0 } },
  },
  {
    key: "cache.shards",
    why: /^93 nodes with 2 replicas of each shard; AWS allows 90$/,
    broken: { tier: "cached", cache: { shards: 31, replicas: 2 } },
    kept: { tier: "cached", cache: { shards: 30, replicas: 2 } },
  },
  {
    key: "database.active",
    why: /^database\.kind is self-managed, so there is no other database$/,
    broken: { tier: "elastic", database: { active: "aurora" } },
    kept: { tier: "elastic", database: { kind: "migrating", active: "aurora" } },
  },
  {
    key: "database.instanceType",
    why: /^a class of Aurora's; MySQL on EC2 has an EC2 type$/,
    broken: { tier: "elastic", database: { instanceType: "db.r7g.large" } },
    kept: { tier: "elastic", database: { instanceType: "r7g.large" } },
  },
  {
    key: "database.instanceType",
    why: /^Aurora MySQL does not run on it$/,
    broken: { tier: "resilient", database: { instanceType: "c7g.large" } },
    kept: { tier: "resilient", database: { instanceType: "db.r8g.large" } },
  },
  {
    key: "database.volumeGiB",
    why: /^Aurora's storage grows by itself$/,
    broken: { tier: "resilient", database: { volumeGiB: 50 } },
    kept: { tier: "resilient", database: { kind: "migrating", volumeGiB: 50 } },
  },
  {
    key: "database.primary",
    why: /^Aurora chooses its writer itself$/,
    broken: { tier: "resilient", database: { primary: 1 } },
    kept: { tier: "resilient", database: { kind: "migrating", primary: 1 } },
  },
  {
    key: "database.primary",
    why: /^there are 2 MySQL machines$/,
    broken: { tier: "cached", database: { primary: 3 } },
    kept: { tier: "cached", database: { primary: 2 } },
  },
  {
    key: "edge.hostedZoneId",
    why: /^a zone without the domain that it is to hold$/,
    broken: { tier: "single", edge: { hostedZoneId: "Z0123456789ABCDEFGHIJ" } },
    kept: { tier: "single", edge: { hostedZoneId: "Z0123456789ABCDEFGHIJ", domain: "api.example.com" } },
  },
  {
    key: "replace",
    why: /^no such machine: app-public-2, network-nat-1$/,
    broken: { tier: "single", replace: { "app-public-1": "a", "app-public-2": "b", "network-nat-1": "c" } },
    kept: { tier: "single", replace: { "app-public-1": "a", "db-mysql-1": "b", "network-nat": "c" } },
  },
];
