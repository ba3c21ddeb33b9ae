import { badElement, badValue, type BadFile } from "./bad-files";
import { RULE_CASES } from "./rule-cases";
import { configOf, REGION, type Words } from "./stacks";

/** Texts that look right at first sight, by field. */
const WRONG_TEXTS: Readonly<Record<string, readonly string[]>> = {
  users: ["ten", "NaN", "Infinity", "1,000,000", "10_000", "10k"],
  tier: ["production", "2", "single-az-ha", "mysql"],
  "network.cidr": [
    "10.0.0.0",
    "10.0.0/16",
    "10.0.0.256/16",
    "10.0.0.0/33",
    "10.1.2.3/16",
    "10.0.8.0/20",
    "10.0.0.0/8",
    "10.0.0.0/15",
    "10.0.0.0/22",
    "10.0.0.0/28",
    "8.8.0.0/16",
    "172.32.0.0/16",
    "192.169.0.0/16",
    "fd00::/56",
    "0.0.0.0/0",
  ],
  "app.instanceType": ["t2.micro", "m4.large", "c7g.metal", "p5.48xlarge", "large", "c7g", "db.r7g.large", "C7G.large"],
  "app.imageId": ["ami-123", "ubuntu", "ami-0123456789ABCDEF0", "i-0123456789abcdef0"],
  "cache.nodeType": ["r7g.large", "cache.c7g.large", "cache.t4g.large", "cache.m4.large", "cache.r7g"],
  "cache.engineVersion": ["7.2", "8", "10.0", "8.0.1", "valkey8"],
  "database.instanceType": ["t2.small", "db.m4.large", "db.r7g", "cache.r7g.large", "db.serverless"],
  "database.engineVersion": ["8.4", "8.0.mysql_aurora.3.08.0", "8.4.7", "latest"],
  "database.imageId": ["ami-1", "al2023"],
  "edge.domain": [
    "https://api.example.com",
    "API.Example.com",
    "example",
    "api_v2.example.com",
    "-api.example.com",
    "api..example.com",
    "api.example.com/",
    "api.example.com.",
    ".com",
    "1.2.3.4",
  ],
  "edge.hostedZoneId": ["z0123456789", "/hostedzone/Z0123456789ABC", "Z1", "api.example.com"],
};

function wrongTexts(): BadFile[] {
  return Object.entries(WRONG_TEXTS).flatMap(([key, values]) => values.map((value) => badValue(key.split("."), value)));
}

function wrongLists(): BadFile[] {
  return [
    { ...badValue(["users"], 1e300), config: configOf({ tier: "single", users: "1e400" }), value: "Infinity" },
    badValue(["network", "zones"], []),
    badValue(
      ["network", "zones"],
      ["a", "b", "c", "d", "e"].map((letter) => REGION + letter),
    ),
    badElement(["network", "zones"], [`${REGION}a`, 2], 1),
    badElement(["network", "reserved"], ["10.8.0.0/16", "office"], 1),
    badElement(["network", "reserved"], ["10.8.0.0"], 0),
    badElement(["consent"], ["cache", 5], 1),
    badElement(["consent"], [""], 0),
    { ...badValue(["replace"], { "app-public-1": 5 }), key: "billybully:replace.app-public-1", value: "5" },
    ...[0, 2, 10, 31, 366, 1000].map((days) => badValue(["operations", "logRetentionDays"], days)),
  ];
}

function wrongRegions(): BadFile[] {
  return [undefined, "seoul", "ap-northeast-2a", "us-east", "AP-NORTHEAST-2"].map((region) => ({
    what: `region ${region ?? "missing"}`,
    config: { ...(region !== undefined && { "aws:region": region }), "billybully:tier": "single" },
    key: "aws:region",
    value: region === undefined ? undefined : JSON.stringify(region),
    allowed: "a region of AWS, for example ap-northeast-2 (Seoul)",
  }));
}

/** Keys that belong elsewhere: in an object, or set without `--path`. */
function wrongPlaces(): BadFile[] {
  const cases: readonly (readonly [key: string, value: unknown, meant: string, words?: Words])[] = [
    ["zones", ["ap-northeast-2a", "ap-northeast-2b"], "network.zones"],
    ["cidr", "10.3.0.0/16", "network.cidr"],
    ["readers", 3, "database.readers"],
    ["egress", "nat-regional", "network.egress"],
    ["domain", "api.example.com", "edge.domain"],
    ["volumeGiB", 50, "database.volumeGiB", { tier: "single" }],
    ["dailyActiveShare", 0.3, "model.dailyActiveShare"],
    ["database.raeders", 3, "database.readers"],
  ];
  const top = "tier, users, network, app, cache, database, edge, operations, replace, consent, model";
  return [
    ...cases.map(([key, value, meant, words]) => ({
      what: `${key} for ${meant}`,
      config: configOf({ tier: "elastic", ...words, [key]: value }),
      key: `billybully:${key}`,
      value: JSON.stringify(value),
      allowed: top,
      ...(key !== "database.raeders" && { neighbour: meant }),
    })),
    ...["network.cidr", "app.min", "model.writeShare"].map((key) => ({
      what: `${key} without --path`,
      config: configOf({ tier: "elastic", [key]: key === "network.cidr" ? "10.3.0.0/16" : "0.2" }),
      key: `billybully:${key}`,
      value: key === "network.cidr" ? '"10.3.0.0/16"' : "0.2",
      allowed: top,
    })),
    {
      what: "a key that is near to none",
      config: configOf({ tier: "single", database: { colour: "blue" } }),
      key: "billybully:database.colour",
      value: '"blue"',
      allowed: "kind, active, instanceType, readers, volumeGiB, primary, engineVersion, imageId",
    },
  ];
}

/** A fraction as Pulumi keeps it when it is set at a path without a type. */
function fractionsAsText(): BadFile[] {
  return ["dailyActiveShare", "writeShare", "peakFactor"].map((name) => badValue(["model", name], "0.25"));
}

function brokenRules(): BadFile[] {
  return RULE_CASES.map(({ key, broken }) => {
    const value = key
      .split(".")
      .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], broken);
    return {
      what: `${key} in ${JSON.stringify(broken)}`,
      config: configOf(broken),
      key: `billybully:${key}`,
      value: key === "network.addressQuota" ? "5" : JSON.stringify(value),
      allowed: "",
    };
  });
}

export function wrongValues(): BadFile[] {
  return [
    ...wrongTexts(),
    ...wrongLists(),
    ...wrongRegions(),
    ...wrongPlaces(),
    ...fractionsAsText(),
    ...brokenRules(),
  ];
}
