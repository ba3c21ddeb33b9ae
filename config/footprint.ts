import type { ActiveDatabase, DatabaseKind } from "../plan/database";
import { planDatabase } from "../plan/database";
import { egressAddressNames, planEgress } from "../plan/egress";
import { planFront, type Front } from "../plan/front";
import type { Settings } from "./settings";
import type { Tier } from "./tiers";

/**
 * What a stack holds that cannot be made again, and what people rely on. Every `up` leaves it behind as a stack output, and the next one
 * reads it before it registers anything: so the program knows what its change would cost.
 */
export interface Footprint {
  readonly tier: Tier;
  readonly region: string;
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly front: Front;
  /** Name under which clients come, or `null`. */
  readonly domain: string | null;
  /** The zone that was there before. @default unknown, in what was left behind before it was noted; `null` is one of our own, or none */
  readonly hostedZoneId?: string | null;
  /** Whether the domain's zone was made here. */
  readonly ownZone: boolean;
  /** Shards of the cache; 0 is none. */
  readonly cacheShards: number;
  readonly cacheVersion: string | null;
  readonly databaseKind: DatabaseKind;
  readonly activeDatabase: ActiveDatabase;
  readonly readers: number;
  /** Number of the MySQL machine that writes. @default 1, in what was left behind before it was noted */
  readonly primary?: number;
  /** Data volumes by the names of their machines, in GiB. */
  readonly volumes: Readonly<Record<string, number>>;
  readonly auroraVersion: string | null;
  /** Names of the Elastic IPs. */
  readonly addresses: readonly string[];
  /** Machines that can stand in for each other, by group. */
  readonly machines: Readonly<Record<MachineGroup, number>>;
}

export const MACHINE_GROUPS = ["app", "balancer", "mysql", "aurora", "nat"] as const;
export type MachineGroup = (typeof MACHINE_GROUPS)[number];

export function footprintOf(settings: Settings): Footprint {
  const { app, cache, database, edge, network } = settings;
  const { servers, clusters } = planDatabase(database, network.zones.length);
  return {
    tier: settings.tier,
    region: settings.region,
    cidr: network.cidr,
    zones: network.zones,
    front: app.front,
    domain: edge.domain ?? null,
    hostedZoneId: edge.hostedZoneId ?? null,
    ownZone: edge.domain !== undefined && edge.hostedZoneId === undefined,
    cacheShards: cache.shards,
    cacheVersion: cache.shards > 0 ? cache.engineVersion : null,
    databaseKind: database.kind,
    activeDatabase: database.active,
    readers: database.readers,
    primary: database.primary,
    volumes: Object.fromEntries(servers.map(({ name }) => [`db-${name}`, database.volumeGib])),
    auroraVersion: clusters.length > 0 ? database.engineVersion : null,
    addresses: addressNames(settings),
    machines: {
      app: app.front === "alb" ? app.min : app.servers,
      balancer: planFront(app.front, app.servers, app.zonesInUse).balancers.length,
      mysql: servers.length,
      aurora: clusters.reduce((sum, { instances }) => sum + instances.length, 0),
      nat: natDevices(settings),
    },
  };
}

function natDevices({ network }: Settings): number {
  const { instances, gateways, regional } = planEgress(network.egress, network.zones.length);
  return instances.length + gateways.length + regional.length;
}

/** Names of the Elastic IPs that the stack holds when it stands. */
export function addressNames({ app, network }: Settings): string[] {
  const front = planFront(app.front, app.servers, app.zonesInUse).addresses.map(({ name }) => `app-${name}`);
  const egress = egressAddressNames(planEgress(network.egress, network.zones.length)).map((name) => `network-${name}`);
  return [...front, ...egress];
}
