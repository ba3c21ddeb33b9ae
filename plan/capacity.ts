import { cacheMemoryGib, isBurstable, LADDERS, sustainedVcpus } from "./catalogue";

/**
 * What the capacity model assumes. The defaults are those of a read-heavy web service; each is a key `model.*` of the
 * stack file. H, M, L: how far the figure can be trusted (AWS's own or measured; derived; rule of thumb).
 */
export interface CapacityModel {
  /** Share of registered users active on a day. Top of the range Sequoia calls usual (M). */
  readonly dailyActiveShare: number;
  /** Requests of an active user in a day. Middle of public worked examples (L). */
  readonly requestsPerActiveUser: number;
  /** Busiest second over the day's average (L). */
  readonly peakFactor: number;
  /** Share of requests that write (L: 10:1 is the usual textbook ratio). */
  readonly writeShare: number;
  /** SQL reads of a reading request. Stack Overflow in 2016: 2.4 queries a request (H), rounded up. */
  readonly readsPerRequest: number;
  /** SQL writes of a writing request (L). */
  readonly writesPerRequest: number;
  /** Share of reads that the cache answers; AWS calls less than 0.8 a cache that does not fit (H). */
  readonly cacheHitShare: number;
  /** Cache operations of a request (L). */
  readonly cacheOperationsPerRequest: number;
  /** Requests a second of a busy vCPU: 130 at Stack Overflow in 2016 (M), 95 in the team's own load test (378 on 4 vCPUs). */
  readonly requestsPerVcpu: number;
  /** SQL reads a second of a database vCPU. Stack Overflow in 2016: 830 (M). */
  readonly readsPerVcpu: number;
  /** SQL writes a second of a database vCPU: a measured Aurora ceiling of 4,400, by 11 (L). */
  readonly writesPerVcpu: number;
  /** Operations a second of a cache vCPU: half of a published single-thread figure (L). */
  readonly operationsPerVcpu: number;
  /** How busy the servers may be after a zone is lost (M/M/c: 1.3 times the latency on 8 vCPUs). */
  readonly appUtilisation: number;
  /** How busy the database may be. */
  readonly databaseUtilisation: number;
  /** How busy the cache may be, and how full. */
  readonly cacheUtilisation: number;
  /** kB that a registered user leaves in the database (L). */
  readonly storedKbPerUser: number;
  /** kB that an active user keeps in the cache (L). */
  readonly cachedKbPerActiveUser: number;
}

export const DEFAULT_MODEL: CapacityModel = {
  dailyActiveShare: 0.2,
  requestsPerActiveUser: 50,
  peakFactor: 5,
  writeShare: 0.1,
  readsPerRequest: 3,
  writesPerRequest: 3,
  cacheHitShare: 0.8,
  cacheOperationsPerRequest: 5,
  requestsPerVcpu: 120,
  readsPerVcpu: 800,
  writesPerVcpu: 400,
  operationsPerVcpu: 40_000,
  appUtilisation: 0.8,
  databaseUtilisation: 0.6,
  cacheUtilisation: 0.5,
  storedKbPerUser: 50,
  cachedKbPerActiveUser: 10,
};

/** What the users ask of the system, at the busiest second. */
export interface Demand {
  readonly averageRequests: number;
  readonly peakRequests: number;
  readonly databaseReads: number;
  /** The same reads with an empty cache: what the readers meet after it is lost. */
  readonly databaseReadsCold: number;
  readonly databaseWrites: number;
  readonly cacheOperations: number;
  readonly storedGib: number;
  readonly cachedGib: number;
}

const SECONDS_IN_A_DAY = 86_400;
const KB_IN_A_GIB = 2 ** 20;

export function demandOf(users: number, model: CapacityModel): Demand {
  const active = users * model.dailyActiveShare;
  const averageRequests = (active * model.requestsPerActiveUser) / SECONDS_IN_A_DAY;
  const peakRequests = averageRequests * model.peakFactor;
  const databaseReadsCold = peakRequests * (1 - model.writeShare) * model.readsPerRequest;
  return {
    averageRequests,
    peakRequests,
    databaseReads: databaseReadsCold * (1 - model.cacheHitShare),
    databaseReadsCold,
    databaseWrites: peakRequests * model.writeShare * model.writesPerRequest,
    cacheOperations: peakRequests * model.cacheOperationsPerRequest,
    storedGib: (users * model.storedKbPerUser) / KB_IN_A_GIB,
    cachedGib: (active * model.cachedKbPerActiveUser) / KB_IN_A_GIB,
  };
}

/** A machine type and how many of it. `short` where that does not carry what is asked for. */
export interface Sizing {
  readonly type: string;
  readonly count: number;
  readonly short: boolean;
}

/** The smallest type of which `count` carry the peak. */
export function sizeServers(demand: Demand, model: CapacityModel, count: number, type?: string): Sizing {
  const vcpus = demand.peakRequests / (model.requestsPerVcpu * model.appUtilisation) / count;
  return { count, ...smallest(type === undefined ? LADDERS.app : [type], (t) => sustainedVcpus(t) >= vcpus) };
}

/** Past this many in each zone a larger type answers faster than more of a small one (M/M/c). */
const SERVERS_IN_A_ZONE = 4;

/**
 * A fleet over `zones` that carries the peak after one zone is lost, where there is more than one: it does not wait for Auto Scaling
 * to find machines in the minute in which everybody else looks for them too (AWS calls this static stability).
 *
 * `count` is a multiple of `zones`, and never under two: a single server in a fleet would be a gap at each refresh.
 */
export function sizeFleet(demand: Demand, model: CapacityModel, zones: number, type?: string): Sizing {
  const left = Math.max(1, zones - 1);
  const fewest = zones > 1 ? 1 : 2;
  const perZone = (t: string): number => {
    const capacity = model.requestsPerVcpu * model.appUtilisation * sustainedVcpus(t);
    return Math.max(fewest, Math.ceil(demand.peakRequests / (capacity * left)));
  };
  const most = (t: string): number => (isBurstable(t) ? fewest : SERVERS_IN_A_ZONE);
  const found = smallest(type === undefined ? LADDERS.app : [type], (t) => perZone(t) <= most(t));
  return { ...found, short: false, count: perZone(found.type) * zones };
}

/** How busy a fleet may be on a normal day so that losing a zone leaves it at `appUtilisation`. In percent. */
export function targetUtilisation(model: CapacityModel, zones: number): number {
  const share = zones > 1 ? (zones - 1) / zones : 0.75;
  return Math.round(100 * model.appUtilisation * share);
}

/**
 * A writer and its readers, all of one type so that any of them may take over. Without a reader the writer reads too. `readers` is what the
 * cold cache asks for, spread over the zones, unless the caller fixes it.
 */
export function sizeDatabase(
  demand: Demand,
  model: CapacityModel,
  ladder: "mysql" | "aurora",
  given: { readonly readers?: number; readonly type?: string; readonly zones: number },
): Sizing {
  const writes = demand.databaseWrites / (model.writesPerVcpu * model.databaseUtilisation);
  const reads = demand.databaseReads / (model.readsPerVcpu * model.databaseUtilisation);
  const readersOf = (type: string): number =>
    given.readers ??
    Math.max(
      1,
      given.zones - 1,
      Math.ceil(demand.databaseReadsCold / (model.readsPerVcpu * COLD_UTILISATION * sustainedVcpus(type))),
    );
  const carries = (type: string): boolean => {
    const readers = readersOf(type);
    const vcpus = sustainedVcpus(type);
    return readers === 0
      ? vcpus >= writes + reads
      : vcpus >= writes && vcpus * readers >= reads && readers <= READERS_AT_MOST;
  };
  const found = smallest(given.type === undefined ? LADDERS[ladder] : [given.type], carries);
  return { ...found, count: Math.min(READERS_AT_MOST, readersOf(found.type)) };
}

/** AWS's limit for an Aurora cluster, kept for MySQL on EC2 as well. */
export const READERS_AT_MOST = 15;
/** The readers may be this busy while the cache fills again. */
const COLD_UTILISATION = 0.95;

/** Node type and number of shards, by memory and by operations. `count` is what the users ask for, also where the caller fixes fewer. */
export function sizeCache(
  demand: Demand,
  model: CapacityModel,
  given: { readonly shards?: number; readonly type?: string } = {},
): Sizing {
  const shardsOf = (t: string): number => {
    const memory = demand.cachedGib / ((cacheMemoryGib(t) ?? Infinity) * CACHE_FILL);
    const operations = demand.cacheOperations / (model.operationsPerVcpu * model.cacheUtilisation * sustainedVcpus(t));
    return Math.max(1, Math.ceil(Math.max(memory, operations)));
  };
  const { type } = smallest(given.type === undefined ? LADDERS.cache : [given.type], (t) => shardsOf(t) === 1);
  const count = shardsOf(type);
  return { type, count, short: given.shards !== undefined && given.shards > 0 && given.shards < count };
}

/** ElastiCache keeps a quarter of a node for itself by default (reserved-memory-percent 25). */
const CACHE_FILL = 0.75;

/** Room for three times what the model expects, in steps of ten, never under 20: an EBS volume grows but never shrinks. */
export function volumeGib(demand: Demand): number {
  return Math.max(20, Math.ceil((demand.storedGib * 3) / 10) * 10);
}

function smallest(ladder: readonly string[], carries: (type: string) => boolean): { type: string; short: boolean } {
  const type = ladder.find(carries);
  return { type: type ?? ladder[ladder.length - 1] ?? "", short: type === undefined };
}
