import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { resolveSettings, type Settings } from "../../config";
import { keyOf, valueAt, withValueAt, type Change as Edit } from "../../config/paths";
import { loneMachines } from "../../config/rules";
import { TIERS } from "../../config/tiers";
import { ACTIVE_DATABASES, DATABASE_KINDS } from "../../plan/database";
import { EGRESS } from "../../plan/egress";
import { configOf, ZONES, type Words } from "../support/stacks";

const LETTERS = [...ZONES, "ap-northeast-2d"];
const IMAGES = ["ami-0123456789abcdef0", "ami-0fedcba9876543210"];

/** Machines of any stack; those that one has not are left out of what it is told. */
const NAMED = [
  ...["app-public", "app-private", "db-mysql"].flatMap((name) => [1, 2, 3].map((number) => `${name}-${number}`)),
  "app-balancer",
  "network-nat",
];
const replace = fc
  .tuple(fc.subarray(NAMED, { minLength: 4 }), fc.constantFrom("a", "b"))
  .map(([names, text]) => Object.fromEntries(names.map((name) => [name, text])));

/** What people may write at each key. Where few changes would be begun otherwise, the usual value stands more than once. */
export const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  tier: fc.constantFrom(...TIERS),
  users: fc.constantFrom(10_000, 200_000, 10_000_000),
  "network.cidr": fc.constantFrom("10.0.0.0/16", "10.0.0.0/16", "10.1.0.0/20"),
  "network.zones": fc.shuffledSubarray(LETTERS, { minLength: 2 }),
  "network.egress": fc.constantFrom(...EGRESS),
  "network.reserved": fc.constant(["10.8.0.0/16"]),
  "network.addressQuota": fc.constantFrom(5, 20, 20),
  "app.instanceType": fc.constantFrom("c7g.large", "c7g.xlarge", "m7i.large"),
  "app.servers": fc.constantFrom(1, 1, 1, 2, 3),
  "app.min": fc.integer({ min: 2, max: 6 }),
  "app.max": fc.integer({ min: 4, max: 12 }),
  "app.imageId": fc.constantFrom(...IMAGES),
  "cache.nodeType": fc.constantFrom("cache.r7g.large", "cache.m7g.large"),
  "cache.shards": fc.constantFrom(0, 1, 1, 3),
  "cache.replicas": fc.constantFrom(0, 1, 2),
  "cache.engineVersion": fc.constantFrom("8.0", "8.1"),
  "database.kind": fc.constantFrom(...DATABASE_KINDS),
  "database.active": fc.constantFrom(...ACTIVE_DATABASES),
  "database.instanceType": fc.constantFrom("r7g.large", "r7g.xlarge", "r7i.large"),
  "database.readers": fc.constantFrom(0, 0, 1, 2),
  "database.volumeGiB": fc.constantFrom(20, 50),
  "database.primary": fc.constantFrom(1, 2, 3),
  "database.engineVersion": fc.constantFrom("8.4.mysql_aurora.8.4.7", "8.4.mysql_aurora.8.4.8"),
  "database.imageId": fc.constantFrom(...IMAGES),
  "edge.domain": fc.constantFrom("api.example.com", "api.example.com", "www.example.com"),
  "edge.hostedZoneId": fc.constantFrom("Z0123456789ABC", "Z0123456789ABC", "Z0123456789DEF"),
  "operations.logRetentionDays": fc.constantFrom(7, 30),
  replace,
  consent: fc.constantFrom([], ["cache"], ["db"], ["db-mysql-2", "db-mysql-3"], ["domain zone"], ["domain name"]),
};
const KEYS = Object.keys(VALUES);

/** One value for each of a few keys. */
const edits = (keys: readonly string[], count: { minLength: number; maxLength: number }): fc.Arbitrary<Edit[]> =>
  fc
    .shuffledSubarray([...keys], count)
    .chain((chosen) =>
      fc.tuple(...chosen.map((key) => VALUES[key]!.map((value) => ({ path: key.split("."), value })))),
    );

/** What is drawn more often than the rest: only few stacks can have it, or it takes machines down. */
const OFTEN = [
  "app.instanceType",
  "app.servers",
  "cache.replicas",
  "database.instanceType",
  "database.primary",
  "database.readers",
  "edge.hostedZoneId",
  "replace",
  "replace",
  "users",
];

const DRAWN = [...OFTEN, ...OFTEN, ...KEYS];

/** What a file says first beside its tier, and what is done to it later: a key set anew, added to, or removed. */
const firsts = edits(
  DRAWN.filter((key) => key !== "tier" && key !== "replace"),
  { minLength: 0, maxLength: 8 },
);
const laters = edits(DRAWN, { minLength: 1, maxLength: 3 }).chain((all) =>
  fc.tuple(...all.map((edit) => fc.oneof({ weight: 6, arbitrary: fc.constant(edit) }, removal(edit)))),
);

function removal({ path }: Edit): { weight: number; arbitrary: fc.Arbitrary<Edit> } {
  return { weight: path[0] === "tier" ? 0 : 1, arbitrary: fc.constant({ path, value: undefined }) };
}

/** What is added to and not written anew: zones come after those there are, machines are named beside others. */
const ADDED: Readonly<Record<string, (old: unknown, more: unknown, machines: readonly string[]) => unknown>> = {
  "network.zones": (old, more) => [...new Set([...((old ?? ZONES) as string[]), ...(more as string[])])],
  replace: (old, more, machines) => {
    const named = Object.entries(more as Record<string, string>).filter(([name]) => machines.includes(name));
    return { ...(old as Record<string, string> | undefined), ...Object.fromEntries(named) };
  },
};

/** @param machines that the stack has, of those that stand alone */
function edited(file: Words, { path, value }: Edit, machines: readonly string[]): Words {
  const add = value === undefined ? undefined : ADDED[keyOf(path)];
  const now = add === undefined ? value : add(valueAt(file, path), value, machines);
  return withValueAt(file, { path, value: now }) as Words;
}

/** What a file means; nothing where it is not valid. */
function meaningOf(file: Words): Settings | undefined {
  try {
    return resolveSettings(configOf(file), "test");
  } catch {
    return undefined;
  }
}

interface Lived {
  readonly file: Words;
  readonly meaning: Settings;
}

/** Lives of stacks, as many of each tier: valid files, each made of the one before, and no two of one life that mean the same. */
export function lives(ofEach: number, length: number, seed: number): Words[][] {
  const first = fc.sample(firsts, { numRuns: 200 * ofEach, seed });
  const later = fc.sample(laters, { numRuns: 300 * ofEach * length, seed: seed + 1 });
  const nextOf = (last: Lived | undefined): Words | undefined => {
    const machines = last && loneMachines(last.meaning);
    return machines && later.pop()!.reduce((file, edit) => edited(file, edit, machines), last.file);
  };
  return TIERS.flatMap((tier) => Array.from({ length: ofEach }, () => tier)).map((tier) => {
    const life: Lived[] = [];
    while (life.length < length && first.length > 0 && later.length > 0) {
      const file = nextOf(life.at(-1)) ?? (first.pop()!.reduce<unknown>(withValueAt, { tier }) as Words);
      const meaning = meaningOf(file);
      const isNew = meaning !== undefined && !life.some((known) => isDeepStrictEqual(known.meaning, meaning));
      if (isNew) life.push({ file, meaning });
    }
    return life.map(({ file }) => file);
  });
}
