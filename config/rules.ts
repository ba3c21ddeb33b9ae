import { ALLOWED, isAuroraType } from "../plan/catalogue";
import { planDatabase } from "../plan/database";
import { planEgress } from "../plan/egress";
import { planFront, SERVERS_BEHIND_NGINX } from "../plan/front";
import { defaultZones, isZoneOf } from "../plan/regions";
import { overlap, privateAddresses } from "../plan/subnets";
import { addressNames } from "./footprint";
import { commandsFor, type Problem } from "./problem";
import type { StackFile } from "./schema";
import type { Settings } from "./settings";

interface Rule {
  /** Keys that the rule looks at; the first is the one that is named. */
  readonly key: string;
  readonly broken: (settings: Settings, file: StackFile) => boolean;
  readonly why: (settings: Settings) => string;
  readonly allowed: (settings: Settings) => string;
  /** A value to set, or nothing to remove the key. */
  readonly mend: (settings: Settings) => unknown;
}

const fleet = ({ app }: Settings): boolean => app.front === "alb";
const zoneNames = ({ region }: Settings): string =>
  `full names of zones of ${region}, each once: ${defaultZones(region).join(", ")}, ...`;
const wantsTwoZones = (settings: Settings): boolean => fleet(settings) || settings.database.kind !== "self-managed";
/** Servers that a fleet has to have at least: enough for its zones, and for what the stack file or the model says. */
const fewest = ({ app }: Settings): number => Math.max(app.min, app.zonesInUse);
const nodes = ({ cache }: Settings): number => cache.shards * (cache.replicas + 1);

/** Machines that stand alone, by the names of their resources: those that `replace` may name. */
export function loneMachines({ app, database, network }: Settings): string[] {
  const front = planFront(app.front, app.servers, app.zonesInUse);
  const machines = [...front.publicServers, ...front.privateServers, ...front.balancers].map(
    ({ name }) => `app-${name}`,
  );
  const servers = planDatabase(database, network.zones.length).servers.map(({ name }) => `db-${name}`);
  const nat = planEgress(network.egress, network.zones.length).instances.map(({ name }) => `network-${name}`);
  return [...machines, ...servers, ...nat];
}

/** Relations between fields. What concerns one field alone is in the schema. */
export const RULES: readonly Rule[] = [
  {
    key: "network.zones",
    broken: ({ network, region }) => network.zones.some((zone) => !isZoneOf(region, zone)),
    why: ({ network, region }) =>
      `not in region ${region}: ${network.zones.filter((zone) => !isZoneOf(region, zone)).join(", ")}`,
    allowed: zoneNames,
    mend: (settings) => zonesLike(settings, settings.network.zones.length),
  },
  {
    key: "network.zones",
    broken: ({ network }) => new Set(network.zones).size < network.zones.length,
    why: () => "a zone stands twice",
    allowed: zoneNames,
    mend: ({ network }) => [...new Set(network.zones)],
  },
  {
    key: "network.zones",
    broken: (settings) => settings.network.zones.length < 2 && wantsTwoZones(settings),
    why: ({ tier }) => `one zone, and tier ${tier} has parts that AWS makes in two or more`,
    allowed: (settings) => `2 to 4 ${zoneNames(settings)}; append to those there are`,
    mend: (settings) => zonesLike(settings, 2),
  },
  {
    key: "network.reserved",
    broken: ({ network }) => network.reserved.some((block) => overlap(block, network.cidr)),
    why: ({ network }) => `overlaps network.cidr ${network.cidr}`,
    allowed: () => "blocks that share no address with network.cidr; on a new stack choose another network.cidr",
    mend: ({ network }) => network.reserved.filter((block) => !overlap(block, network.cidr)),
  },
  {
    key: "network.egress",
    broken: (settings) =>
      settings.network.egress === "none" && (settings.app.front !== "servers" || settings.database.kind !== "aurora"),
    why: () => "machines in private subnets install packages and talk to Systems Manager, so they need a way out",
    allowed: () => "nat-instance, nat-gateway, nat-gateway-per-zone or nat-regional",
    mend: () => "nat-instance",
  },
  {
    key: "network.addressQuota",
    broken: (settings) => addressNames(settings).length > settings.network.addressQuota,
    why: (settings) => `the stack needs ${addressNames(settings).length} Elastic IPs`,
    allowed: (settings) =>
      `${addressNames(settings).length} or more, after AWS has raised quota L-0263D0A3; or fewer app.servers, or another network.egress`,
    mend: (settings) => addressNames(settings).length,
  },
  {
    key: "app.servers",
    broken: (settings, { app }) => fleet(settings) && app?.servers !== undefined,
    why: ({ tier }) => `tier ${tier} has a fleet, which has no fixed number of servers`,
    allowed: () => "left out; a fleet has app.min and app.max",
    mend: () => undefined,
  },
  {
    key: "app.servers",
    broken: ({ app }) => app.front === "nginx" && app.servers > SERVERS_BEHIND_NGINX,
    why: () => `one nginx asks ${SERVERS_BEHIND_NGINX} servers in turn and no more: with these it would never come up`,
    allowed: () => `1 to ${SERVERS_BEHIND_NGINX} behind one nginx`,
    mend: () => SERVERS_BEHIND_NGINX,
  },
  {
    key: "app.min",
    broken: (settings, { app }) => !fleet(settings) && app?.min !== undefined,
    why: ({ tier }) => `tier ${tier} has servers that stand alone, and no fleet`,
    allowed: () => "left out; app.servers sets their number",
    mend: () => undefined,
  },
  {
    key: "app.max",
    broken: (settings, { app }) => !fleet(settings) && app?.max !== undefined,
    why: ({ tier }) => `tier ${tier} has servers that stand alone, and no fleet`,
    allowed: () => "left out; app.servers sets their number",
    mend: () => undefined,
  },
  {
    key: "app.max",
    broken: (settings, { app }) => fleet(settings) && app?.max !== undefined && app.max < fewest(settings),
    why: (settings) =>
      settings.app.max < settings.app.min
        ? `below app.min, which is ${settings.app.min}`
        : `fewer servers than the ${settings.app.zonesInUse} zones they have to stand in`,
    allowed: (settings) => `${fewest(settings)} or more`,
    mend: (settings) => Math.max(fewest(settings), Math.min(2 * fewest(settings), Math.floor(roomFor(settings) / 2))),
  },
  {
    key: "app.min",
    broken: (settings, { app }) =>
      fleet(settings) && app?.min !== undefined && settings.app.min < settings.app.zonesInUse,
    why: ({ app }) => `fewer servers than the ${app.zonesInUse} zones they have to stand in`,
    allowed: ({ app }) => `${app.zonesInUse} or more`,
    mend: ({ app }) => app.zonesInUse,
  },
  {
    key: "app.min",
    broken: (settings, { app }) => fleet(settings) && app?.min !== undefined && 2 * app.min > roomFor(settings),
    why: (settings) => `a refresh may double the fleet, and the private subnets have ${roomFor(settings)} addresses`,
    allowed: (settings) => `${Math.floor(roomFor(settings) / 2)} or less in network.cidr ${settings.network.cidr}`,
    mend: (settings) => Math.floor(roomFor(settings) / 2),
  },
  {
    key: "app.max",
    broken: (settings, { app }) =>
      fleet(settings) && 2 * settings.app.max > roomFor(settings) && (app?.max !== undefined || app?.min === undefined),
    why: (settings) => `a refresh may double the fleet, and the private subnets have ${roomFor(settings)} addresses`,
    allowed: (settings) => `${Math.floor(roomFor(settings) / 2)} or less in network.cidr ${settings.network.cidr}`,
    mend: (settings) => Math.floor(roomFor(settings) / 2),
  },
  {
    key: "cache.nodeType",
    broken: ({ cache }, file) => cache.shards === 0 && file.cache?.nodeType !== undefined,
    why: ({ tier }) => `there is no cache: tier ${tier} has no shards`,
    allowed: () => "left out, or cache.shards 1 beside it",
    mend: () => undefined,
  },
  {
    key: "cache.replicas",
    broken: ({ cache }, file) => cache.shards === 0 && (file.cache?.replicas ?? 0) > 0,
    why: ({ tier }) => `there is no cache: tier ${tier} has no shards`,
    allowed: () => "left out, or cache.shards 1 beside it",
    mend: () => undefined,
  },
  {
    key: "cache.shards",
    broken: (settings) => nodes(settings) > 90,
    why: (settings) => `${nodes(settings)} nodes with ${settings.cache.replicas} replicas of each shard; AWS allows 90`,
    allowed: ({ cache }) => `0 to ${Math.floor(90 / (cache.replicas + 1))}`,
    mend: ({ cache }) => Math.floor(90 / (cache.replicas + 1)),
  },
  {
    key: "database.active",
    broken: ({ database }) => database.kind !== "migrating" && database.active !== database.kind,
    why: ({ database }) => `database.kind is ${database.kind}, so there is no other database`,
    allowed: ({ database }) =>
      `${database.kind}, or left out; both exist only with database.kind migrating (docs/migration.md)`,
    mend: () => undefined,
  },
  {
    key: "database.instanceType",
    broken: ({ database }, file) =>
      database.kind === "self-managed" && (file.database?.instanceType?.startsWith("db.") ?? false),
    why: () => "a class of Aurora's; MySQL on EC2 has an EC2 type",
    allowed: () => ALLOWED.instanceType,
    mend: ({ database }) => database.instanceType,
  },
  {
    key: "database.instanceType",
    broken: ({ database }) =>
      database.kind !== "self-managed" && !isAuroraType(database.instanceClass.replace(/^db\./, "")),
    why: () => "Aurora MySQL does not run on it",
    allowed: () => ALLOWED.auroraType,
    mend: () => "r7g.large",
  },
  {
    key: "database.volumeGiB",
    broken: ({ database }, file) => database.kind === "aurora" && file.database?.volumeGiB !== undefined,
    why: () => "Aurora's storage grows by itself",
    allowed: () => "left out with database.kind aurora",
    mend: () => undefined,
  },
  {
    key: "database.primary",
    broken: ({ database }, file) => database.kind === "aurora" && file.database?.primary !== undefined,
    why: () => "Aurora chooses its writer itself",
    allowed: () => "left out with database.kind aurora",
    mend: () => undefined,
  },
  {
    key: "database.primary",
    broken: ({ database }) => database.kind !== "aurora" && database.primary > database.readers + 1,
    why: ({ database }) => `there are ${database.readers + 1} MySQL machines`,
    allowed: ({ database }) =>
      `1 to ${database.readers + 1}; on a stack that stands, the one that promote.sh has made the writer (docs/operations.md)`,
    mend: () => 1,
  },
  {
    key: "edge.hostedZoneId",
    broken: ({ edge }) => edge.hostedZoneId !== undefined && edge.domain === undefined,
    why: () => "a zone without the domain that it is to hold",
    allowed: () => "left out, or edge.domain beside it",
    mend: () => undefined,
  },
  {
    key: "replace",
    broken: (settings) => Object.keys(settings.replace).some((name) => !loneMachines(settings).includes(name)),
    why: (settings) =>
      `no such machine: ${Object.keys(settings.replace)
        .filter((name) => !loneMachines(settings).includes(name))
        .join(", ")}`,
    allowed: (settings) => loneMachines(settings).join(", ") || "nothing: no machine of this stack stands alone",
    // What is said of machines that exist stays: without its text a machine would be replaced.
    mend: (settings) => {
      const right = Object.entries(settings.replace).filter(([name]) => loneMachines(settings).includes(name));
      return right.length > 0 ? Object.fromEntries(right) : undefined;
    },
  },
];

/** The zones of the stack file that are zones of its region, and others of the region in the place of those that are not. */
function zonesLike({ network, region }: Settings, count: number): string[] {
  const right = network.zones.filter((zone) => isZoneOf(region, zone));
  const others = defaultZones(region).filter((zone) => !right.includes(zone));
  const kept = network.zones.flatMap((zone) => (isZoneOf(region, zone) ? zone : (others.shift() ?? [])));
  return [...new Set([...kept, ...others])].slice(0, count);
}

/** Addresses that a fleet can take in its zones. */
function roomFor({ app, network }: Settings): number {
  return privateAddresses(network.cidr, network.zones.slice(0, app.zonesInUse));
}

export function brokenRules(settings: Settings, file: StackFile, stack: string): Problem[] {
  const { set, remove } = commandsFor(stack);
  return RULES.filter(({ broken }) => broken(settings, file)).map(({ key, why, allowed, mend }) => {
    const value = mend(settings);
    const command = value === undefined ? remove(key) : set(key, value);
    return {
      key,
      value: given(file, key) ?? effective(settings, key),
      why: why(settings),
      allowed: allowed(settings),
      mend: command,
    };
  });
}

function given(file: StackFile, key: string): unknown {
  return at(file, key);
}

function effective(settings: Settings, key: string): unknown {
  return at(settings, key);
}

function at(record: object, key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], record);
}
