import {
  DEFAULT_MODEL,
  demandOf,
  sizeCache,
  sizeDatabase,
  sizeFleet,
  sizeServers,
  targetUtilisation,
  volumeGib,
  type CapacityModel,
  type Demand,
  type Sizing,
} from "../plan/capacity";
import type { ActiveDatabase, DatabaseKind } from "../plan/database";
import type { Egress } from "../plan/egress";
import type { Front } from "../plan/front";
import { defaultZones } from "../plan/regions";
import { privateAddresses } from "../plan/subnets";
import type { StackFile } from "./schema";
import { PRESETS, type Tier, type TierPreset } from "./tiers";

/** Where a value comes from; the first of these that has one wins. */
export const ORIGINS = ["stack file", "tier", "model", "default"] as const;
export type Origin = (typeof ORIGINS)[number];

/** Everything that the program decides with. Plain data; nothing in it is open. */
export interface Settings {
  readonly region: string;
  readonly tier: Tier;
  readonly users: number;
  readonly network: {
    readonly cidr: string;
    readonly zones: readonly string[];
    readonly egress: Egress;
    readonly reserved: readonly string[];
    readonly addressQuota: number;
  };
  readonly app: {
    readonly front: Front;
    readonly zonesInUse: number;
    readonly instanceType: string;
    readonly servers: number;
    readonly min: number;
    readonly max: number;
    readonly targetCpuPercent: number;
    readonly imageId: string | undefined;
  };
  readonly cache: {
    readonly nodeType: string;
    readonly shards: number;
    readonly replicas: number;
    readonly engineVersion: string;
  };
  readonly database: {
    readonly kind: DatabaseKind;
    readonly active: ActiveDatabase;
    /** EC2 type of the MySQL machines. */
    readonly instanceType: string;
    /** Class of the Aurora instances. */
    readonly instanceClass: string;
    readonly readers: number;
    readonly volumeGib: number;
    readonly primary: number;
    readonly engineVersion: string;
    readonly imageId: string | undefined;
  };
  readonly edge: { readonly domain: string | undefined; readonly hostedZoneId: string | undefined };
  readonly operations: { readonly logRetentionDays: number };
  readonly replace: Readonly<Record<string, string>>;
  /** What the stack file agrees to lose, by name. */
  readonly consent: readonly string[];
  readonly model: CapacityModel;
  readonly demand: Demand;
  /** Origin by key of the stack file (`app.min`). */
  readonly origins: Readonly<Record<string, Origin>>;
  /** Keys whose part is too small for the users: at its largest, or as large and as many as the stack file has it. */
  readonly short: readonly string[];
}

export const DEFAULT_USERS = 10_000;

/** Candidates for one value, in the order in which they win. */
type Candidates<T> = Partial<Record<Origin, T | undefined>>;
type Choose = <T>(key: string, candidates: Candidates<T>) => T;

/** What every part is sized with. */
interface Context {
  readonly file: StackFile;
  readonly preset: TierPreset;
  readonly model: CapacityModel;
  readonly demand: Demand;
  readonly network: Settings["network"];
  readonly zonesInUse: number;
  readonly choose: Choose;
}

/** A stack file laid over its tier, and both over the model. Relations between fields are checked afterwards (rules.ts). */
export function settle(file: StackFile, region: string): Settings {
  const origins: Record<string, Origin> = {};
  const choose: Choose = (key, candidates) => {
    const origin = ORIGINS.find((candidate) => candidates[candidate] !== undefined);
    if (origin === undefined) throw new RangeError(`${key} has no value`);
    origins[key] = origin;
    return candidates[origin] as NonNullable<(typeof candidates)[Origin]>;
  };
  const preset = PRESETS[file.tier];
  const users = choose("users", { "stack file": file.users, default: DEFAULT_USERS });
  const model = { ...DEFAULT_MODEL, ...file.model } as CapacityModel;
  const demand = demandIn(file, preset, users, model);
  const network = settleNetwork(file, preset, region, choose);
  const zonesInUse = preset.zonesInUse === "all" ? network.zones.length : 1;
  const context = { file, preset, model, demand, network, zonesInUse, choose };
  const app = settleApp(context);
  const cache = settleCache(context);
  const database = settleDatabase(context);
  return {
    region,
    tier: file.tier,
    users,
    network,
    app: app.settings,
    cache: cache.settings,
    database: database.settings,
    edge: { domain: file.edge?.domain, hostedZoneId: file.edge?.hostedZoneId },
    operations: { logRetentionDays: file.operations?.logRetentionDays ?? 30 },
    replace: file.replace ?? {},
    consent: file.consent ?? [],
    model,
    demand,
    origins,
    short: [...app.short, ...cache.short, ...database.short],
  };
}

/** Without a cache the database answers every read. */
function demandIn(file: StackFile, preset: TierPreset, users: number, model: CapacityModel): Demand {
  const isCached = (file.cache?.shards ?? preset.cache.shards) !== 0;
  return demandOf(users, isCached ? model : { ...model, cacheHitShare: 0 });
}

function settleNetwork(
  { network = {} }: StackFile,
  preset: TierPreset,
  region: string,
  choose: Choose,
): Settings["network"] {
  return {
    cidr: choose("network.cidr", { "stack file": network.cidr, default: "10.0.0.0/16" }),
    zones: choose("network.zones", { "stack file": network.zones, default: defaultZones(region) }),
    egress: choose("network.egress", { "stack file": network.egress, tier: preset.network.egress }),
    reserved: network.reserved ?? [],
    addressQuota: network.addressQuota ?? 5,
  };
}

interface Settled<T> {
  readonly settings: T;
  /** Keys whose values do not carry the peak. */
  readonly short: readonly string[];
}

function settleApp({
  file: { app = {} },
  preset,
  model,
  demand,
  network,
  zonesInUse,
  choose,
}: Context): Settled<Settings["app"]> {
  const servers = choose("app.servers", { "stack file": app.servers, tier: preset.app.servers, default: 1 });
  const fleet = preset.front === "alb";
  const size = fleet
    ? sizeFleet(demand, model, zonesInUse, app.instanceType)
    : sizeServers(demand, model, servers, app.instanceType);
  // A refresh may double the fleet.
  const room = Math.floor(privateAddresses(network.cidr, network.zones.slice(0, zonesInUse)) / 2);
  const min = choose("app.min", { "stack file": app.min, model: Math.min(size.count, app.max ?? Infinity) });
  const settings = {
    front: preset.front,
    zonesInUse,
    instanceType: choose("app.instanceType", { "stack file": app.instanceType, model: size.type }),
    servers,
    min,
    max: choose("app.max", { "stack file": app.max, model: Math.max(min, Math.min(2 * min, room)) }),
    targetCpuPercent: targetUtilisation(model, zonesInUse),
    imageId: app.imageId,
  };
  return {
    settings,
    short: [...(size.short ? ["app.instanceType"] : []), ...(fleet && settings.max < size.count ? ["app.max"] : [])],
  };
}

function settleCache({
  file: { cache = {} },
  preset,
  model,
  demand,
  zonesInUse,
  choose,
}: Context): Settled<Settings["cache"]> {
  const fixed = cache.shards ?? preset.cache.shards;
  const size = sizeCache(demand, model, {
    ...(fixed !== undefined && { shards: fixed }),
    ...(cache.nodeType !== undefined && { type: cache.nodeType }),
  });
  const further = Math.max(0, zonesInUse - 1);
  const settings = {
    nodeType: choose("cache.nodeType", { "stack file": cache.nodeType, model: size.type }),
    shards: choose("cache.shards", { "stack file": cache.shards, tier: preset.cache.shards, model: size.count }),
    replicas: choose("cache.replicas", { "stack file": cache.replicas, tier: preset.cache.replicas, model: further }),
    engineVersion: choose("cache.engineVersion", { "stack file": cache.engineVersion, default: "8.0" }),
  };
  return { settings, short: size.short ? ["cache.shards"] : [] };
}

/** `db.r7g.large` means Aurora's instances, `r7g.large` the MySQL machines, and Aurora's where there are no others. */
function settleDatabase(context: Context): Settled<Settings["database"]> {
  const { preset, choose, demand } = context;
  const { database = {} } = context.file;
  const kind = choose("database.kind", { "stack file": database.kind, tier: preset.database.kind });
  const given = database.instanceType;
  const forAurora = given !== undefined && (kind === "aurora" || given.startsWith("db."));
  const mysql = sizeKind("mysql", forAurora ? undefined : given, context);
  const aurora = sizeKind("aurora", forAurora ? given.replace(/^db\./, "") : undefined, context);
  const used = kind === "self-managed" ? mysql : aurora;
  choose("database.instanceType", { "stack file": given, model: used.type });
  const settings = {
    kind,
    active: choose<ActiveDatabase>("database.active", {
      "stack file": database.active,
      default: kind === "aurora" ? "aurora" : "self-managed",
    }),
    instanceType: mysql.type,
    instanceClass: `db.${aurora.type}`,
    readers: choose("database.readers", {
      "stack file": database.readers,
      tier: preset.database.readers,
      model: used.count,
    }),
    volumeGib: choose("database.volumeGiB", { "stack file": database.volumeGiB, model: volumeGib(demand) }),
    primary: choose("database.primary", { "stack file": database.primary, default: 1 }),
    engineVersion: choose("database.engineVersion", {
      "stack file": database.engineVersion,
      default: "8.4.mysql_aurora.8.4.7",
    }),
    imageId: database.imageId,
  };
  return { settings, short: used.short ? ["database.instanceType"] : [] };
}

function sizeKind(ladder: "mysql" | "aurora", type: string | undefined, context: Context): Sizing {
  const { file, preset, demand, model, zonesInUse: zones } = context;
  const readers = file.database?.readers ?? preset.database.readers;
  return sizeDatabase(demand, model, ladder, {
    zones,
    ...(readers !== undefined && { readers }),
    ...(type !== undefined && { type }),
  });
}
