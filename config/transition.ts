import { footprintOf, type Footprint } from "./footprint";
import type { Loss } from "./loss";
import { partings, promoting, strandings, turning } from "./migration";
import { namesLost, waysIn } from "./clients";
import { commandsFor, type Problem } from "./problem";
import type { Settings } from "./settings";

/** What a change of settings does to a stack that stands, as far as it cannot be undone or is felt outside. */
export interface Transition {
  /** Reasons not to begin, with the settings that would keep what there is. */
  readonly problems: readonly Problem[];
  /** What clients or partners will notice; said aloud, and done. */
  readonly notices: readonly string[];
}

/** Names of the Aurora cluster and the cache in `consent`; MySQL volumes go by their machines' names. */
const AURORA = "db";
const CACHE = "cache";

/**
 * Compares what a stack holds with what its settings ask for, before anything is registered.
 *
 * @param before what the last `up` left behind
 */
export function transitionOf(before: Footprint, settings: Settings, stack: string): Transition {
  const after = footprintOf(settings);
  const commands = commandsFor(stack);
  const agreed = (consent: readonly string[] | undefined): boolean =>
    consent?.every((name) => settings.consent.includes(name)) ?? false;
  const losses = [...never(before, after), ...room(before, after, settings), ...data(before, after)].filter(
    ({ broken }) => broken,
  );
  const givenUp = losses.filter(({ consent }) => agreed(consent));
  const refused = losses.filter(({ consent }) => !agreed(consent)).map((loss) => problemOf(loss, commands.set));
  const mixed = givenUp.length > 0 && before.tier !== after.tier ? [ownChange(before, settings, commands.set)] : [];
  const notices = [...noticesOf(before, after), ...unneeded(settings.consent, losses)];
  return { problems: [...refused, ...mixed], notices };
}

/** Agreements to what this change does not lose: left behind by an earlier one, or misspelt. */
function unneeded(agreements: readonly string[], losses: readonly Loss[]): string[] {
  const lost = losses.flatMap(({ consent }) => consent ?? []);
  return agreements
    .filter((name) => !lost.includes(name))
    .map(
      (name) =>
        `consent ${name}: nothing of that name is lost by this change; remove it, or a later change is let through by it`,
    );
}

type Set = ReturnType<typeof commandsFor>["set"];

function problemOf({ key, why, allowed, keep, consent }: Loss, set: Set): Problem {
  const named = (consent ?? []).map((name) => `"${name}"`).join(" and ");
  const way = named === "" ? "" : `; or, to lose it for ever, name it under consent: ${named}, in a change of its own`;
  const mend = Object.entries(keep).map(([path, value]) => set(path, value));
  return { key, value: undefined, why, allowed: allowed + way, mend: mend.join(" && ") };
}

function ownChange({ tier }: Footprint, settings: Settings, set: Set): Problem {
  const why = `data is given up in a change of its own, and this one also goes from tier ${tier} to ${settings.tier}`;
  return {
    key: "consent",
    value: settings.consent,
    why,
    allowed: `tier ${tier} while anything is given up`,
    mend: set("tier", tier),
  };
}

/** What no consent helps against: it would replace the network or a database in place, or use a database that nobody filled. */
function never(before: Footprint, after: Footprint): Loss[] {
  return [
    unchanged("aws:region", before.region, after.region, "every resource lives in its region"),
    unchanged("network.cidr", before.cidr, after.cidr, "another block replaces the whole network"),
    {
      key: "network.zones",
      broken: before.zones.some((zone, index) => after.zones[index] !== zone),
      why: `the stack stands in ${before.zones.join(", ")}; another order or fewer of them moves or deletes its subnets`,
      allowed: "the zones there are, in their order, and more after them",
      keep: { "network.zones": before.zones },
    },
    ...Object.entries(before.volumes).map(([name, size]) => ({
      key: "database.volumeGiB",
      broken: (after.volumes[name] ?? size) < size,
      why: `the volume of ${name} has ${size} GiB, and AWS never shrinks a volume`,
      allowed: `${size} or more`,
      keep: { "database.volumeGiB": size },
    })),
    upwards(
      "cache.engineVersion",
      before.cacheVersion,
      after.cacheVersion,
      "a lower version of Valkey replaces the cache",
    ),
    upwards("database.engineVersion", before.auroraVersion, after.auroraVersion, "Aurora never goes back"),
    ...strandings(before, after),
  ];
}

function unchanged(key: string, was: string, is: string, why: string): Loss {
  return {
    key,
    broken: was !== is,
    why: `${why}, and this stack stands in ${was}`,
    allowed: was,
    keep: { [key]: was },
  };
}

function upwards(key: string, was: string | null, is: string | null, why: string): Loss {
  const broken = was !== null && is !== null && was.localeCompare(is, "en", { numeric: true }) > 0;
  return {
    key,
    broken,
    why: `${why}, and this one runs ${was ?? ""}`,
    allowed: `${was ?? ""} or higher`,
    keep: { [key]: was },
  };
}

/** Old and new stand side by side until the new one serves, and the account has to have room for both. */
function room(before: Footprint, after: Footprint, { network: { addressQuota } }: Settings): Loss[] {
  const together = [...new Set([...before.addresses, ...after.addresses])];
  return [
    {
      key: "network.addressQuota",
      broken: together.length > addressQuota,
      why: `old and new stand side by side for a while and need ${together.length} Elastic IPs: ${together.join(", ")}`,
      allowed: `${together.length}, after AWS has raised quota L-0263D0A3; or a tier between the two first, such as balanced`,
      keep: { "network.addressQuota": together.length },
    },
  ];
}

/** Data that a change would delete. */
function data(before: Footprint, after: Footprint): Loss[] {
  const volumes = Object.keys(before.volumes).filter((name) => !(name in after.volumes));
  const mysqlGone = before.databaseKind !== "aurora" && after.databaseKind === "aurora";
  return [
    {
      key: "cache.shards",
      broken: before.cacheShards > 0 && after.cacheShards === 0,
      why: "the cache would be deleted with what it holds",
      allowed: "1 or more",
      keep: { "cache.shards": before.cacheShards },
      consent: [CACHE],
    },
    {
      key: "database.readers",
      broken: volumes.length > 0 && !mysqlGone,
      why: `deletes the data volumes of ${volumes.join(", ")}`,
      allowed: `${before.readers} or more`,
      keep: { "database.readers": before.readers },
      consent: volumes,
    },
    ...partings(before, after, AURORA),
    ...namesLost(before, after),
  ];
}

function noticesOf(before: Footprint, after: Footprint): string[] {
  const notices = [...waysIn(before, after), turning(before, after), promoting(before, after)];
  return notices.filter(({ felt }) => felt).map(({ text }) => text);
}
