import type { DatabaseKind } from "../plan/database";
import type { Egress } from "../plan/egress";
import type { Front } from "../plan/front";

/** The ladder, from the bottom. Each tier only adds to the one before. */
export const TIERS = ["single", "cached", "replicated", "balanced", "elastic", "resilient", "multi-az"] as const;
export type Tier = (typeof TIERS)[number];

/**
 * What a tier decides. Fields that it leaves out are sized by the capacity model; fields of the stack file win over both.
 * `front` and `zonesInUse` are what the tier is, so no stack file has them.
 */
export interface TierPreset {
  readonly title: string;
  readonly front: Front;
  /** Zones that take app servers; `all` of the network's. */
  readonly zonesInUse: 1 | "all";
  readonly network: { readonly egress: Egress };
  readonly app: { readonly servers?: number };
  readonly cache: { readonly shards?: number; readonly replicas?: number };
  readonly database: { readonly kind: DatabaseKind; readonly readers?: number };
}

const SINGLE = {
  title: "one server and one database",
  front: "servers",
  zonesInUse: 1,
  network: { egress: "nat-instance" },
  app: { servers: 1 },
  cache: { shards: 0, replicas: 0 },
  database: { kind: "self-managed", readers: 0 },
} as const satisfies TierPreset;

const CACHED = {
  ...SINGLE,
  title: "a global cache, and reads apart from writes",
  cache: { shards: 1, replicas: 0 },
  database: { kind: "self-managed", readers: 1 },
} as const satisfies TierPreset;

const ELASTIC = {
  ...CACHED,
  title: "a load balancer that finds servers itself, and Auto Scaling",
  front: "alb",
  network: { egress: "nat-gateway" },
  app: {},
} as const satisfies TierPreset;

const RESILIENT = {
  ...ELASTIC,
  title: "a database and a cache without a single point of failure",
  cache: { shards: 1, replicas: 1 },
  database: { kind: "aurora", readers: 2 },
} as const satisfies TierPreset;

export const PRESETS: Readonly<Record<Tier, TierPreset>> = {
  single: SINGLE,
  cached: CACHED,
  replicated: { ...CACHED, title: "three servers, each with an address of its own", app: { servers: 3 } },
  balanced: {
    ...CACHED,
    title: "nginx as load balancer in front of three servers",
    front: "nginx",
    app: { servers: 3 },
  },
  elastic: ELASTIC,
  resilient: RESILIENT,
  "multi-az": {
    ...RESILIENT,
    title: "every part over all zones, with room to lose one",
    zonesInUse: "all",
    network: { egress: "nat-gateway-per-zone" },
    cache: {},
    database: { kind: "aurora" },
  },
};
