import assert from "node:assert/strict";
import { resolveSettings, type Settings } from "../../config";
import { ORIGINS } from "../../config/settings";
import { PRESETS, TIERS, type Tier } from "../../config/tiers";
import { DEFAULT_MODEL } from "../../plan/capacity";
import { configOf, ZONES, type Words } from "../support/stacks";

const settled = (words: Words, region?: string): Settings => resolveSettings(configOf(words, region), "test");

function at(settings: Settings, key: string): unknown {
  return key.split(".").reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], settings);
}

/** Value and origin of a key. */
const found = (words: Words, key: string): [unknown, string | undefined] => {
  const settings = settled(words);
  return [at(settings, key), settings.origins[key]];
};

describe("settings of a tier with nothing else in its file", () => {
  const TABLE: Readonly<Record<Tier, object>> = {
    single: {
      app: ["servers", 1, "t4g.small", 1],
      cache: [0, 0],
      database: ["self-managed", 0, "t4g.small", 20],
      egress: "nat-instance",
    },
    cached: {
      app: ["servers", 1, "t4g.small", 1],
      cache: [1, 0],
      database: ["self-managed", 1, "t4g.small", 20],
      egress: "nat-instance",
    },
    replicated: {
      app: ["servers", 1, "t4g.small", 3],
      cache: [1, 0],
      database: ["self-managed", 1, "t4g.small", 20],
      egress: "nat-instance",
    },
    balanced: {
      app: ["nginx", 1, "t4g.small", 3],
      cache: [1, 0],
      database: ["self-managed", 1, "t4g.small", 20],
      egress: "nat-instance",
    },
    elastic: {
      app: ["alb", 1, "t4g.small", 2, 4],
      cache: [1, 0],
      database: ["self-managed", 1, "t4g.small", 20],
      egress: "nat-gateway",
    },
    resilient: {
      app: ["alb", 1, "t4g.small", 2, 4],
      cache: [1, 1],
      database: ["aurora", 2, "db.t4g.medium"],
      egress: "nat-gateway",
    },
    "multi-az": {
      app: ["alb", 3, "t4g.small", 3, 6],
      cache: [1, 2],
      database: ["aurora", 2, "db.t4g.medium"],
      egress: "nat-gateway-per-zone",
    },
  };
  for (const tier of TIERS)
    it(`${tier} is what design.md's table says`, () => {
      const { app, cache, database, network } = settled({ tier });
      const isFleet = app.front === "alb";
      const isAurora = database.kind === "aurora";
      assert.deepEqual(
        {
          app: [app.front, app.zonesInUse, app.instanceType, ...(isFleet ? [app.min, app.max] : [app.servers])],
          cache: [cache.shards, cache.replicas],
          database: [
            database.kind,
            database.readers,
            ...(isAurora ? [database.instanceClass] : [database.instanceType, database.volumeGib]),
          ],
          egress: network.egress,
        },
        TABLE[tier],
      );
    });

  it("has the same defaults at every tier", () => {
    for (const tier of TIERS) {
      const { network, users, operations, replace, edge, cache, database, model } = settled({ tier });
      assert.deepEqual(
        { cidr: network.cidr, zones: network.zones, reserved: network.reserved, quota: network.addressQuota },
        { cidr: "10.0.0.0/16", zones: ZONES, reserved: [], quota: 5 },
      );
      assert.deepEqual([users, operations, replace], [10_000, { logRetentionDays: 30 }, {}]);
      assert.deepEqual(edge, { domain: undefined, hostedZoneId: undefined });
      assert.deepEqual([cache.engineVersion, database.engineVersion], ["8.0", "8.4.mysql_aurora.8.4.7"]);
      assert.deepEqual(model, DEFAULT_MODEL);
    }
  });

  it("takes zones of the region that the stack stands in", () => {
    assert.deepEqual(settled({ tier: "single" }, "ap-northeast-1").network.zones, [
      "ap-northeast-1a",
      "ap-northeast-1c",
      "ap-northeast-1d",
    ]);
  });
});

describe("origins", () => {
  it("are taken in this order", () => {
    assert.deepEqual(ORIGINS, ["stack file", "tier", "model", "default"]);
  });

  /** A key, a file that says it, and what applies without: value and origin. */
  const CASES: readonly (readonly [key: string, words: Words, said: unknown, otherwise: unknown, origin: string])[] = [
    ["users", { tier: "single", users: 77 }, 77, 10_000, "default"],
    ["network.cidr", { tier: "single", network: { cidr: "10.4.0.0/16" } }, "10.4.0.0/16", "10.0.0.0/16", "default"],
    ["network.zones", { tier: "single", network: { zones: [ZONES[1]] } }, [ZONES[1]], ZONES, "default"],
    ["network.egress", { tier: "single", network: { egress: "nat-gateway" } }, "nat-gateway", "nat-instance", "tier"],
    ["app.instanceType", { tier: "single", app: { instanceType: "m7i.large" } }, "m7i.large", "t4g.small", "model"],
    ["app.servers", { tier: "replicated", app: { servers: 2 } }, 2, 3, "tier"],
    ["app.min", { tier: "elastic", app: { min: 3 } }, 3, 2, "model"],
    ["app.max", { tier: "elastic", app: { max: 9 } }, 9, 4, "model"],
    [
      "cache.nodeType",
      { tier: "cached", cache: { nodeType: "cache.m7g.large" } },
      "cache.m7g.large",
      "cache.t4g.micro",
      "model",
    ],
    ["cache.shards", { tier: "cached", cache: { shards: 2 } }, 2, 1, "tier"],
    ["cache.shards", { tier: "multi-az", cache: { shards: 5 } }, 5, 1, "model"],
    ["cache.replicas", { tier: "resilient", cache: { replicas: 2 } }, 2, 1, "tier"],
    ["cache.replicas", { tier: "multi-az", cache: { replicas: 1 } }, 1, 2, "model"],
    ["cache.engineVersion", { tier: "cached", cache: { engineVersion: "9.0" } }, "9.0", "8.0", "default"],
    ["database.kind", { tier: "elastic", database: { kind: "migrating" } }, "migrating", "self-managed", "tier"],
    [
      "database.instanceType",
      { tier: "elastic", database: { instanceType: "r7g.large" } },
      "r7g.large",
      "t4g.small",
      "model",
    ],
    ["database.readers", { tier: "cached", database: { readers: 4 } }, 4, 1, "tier"],
    ["database.readers", { tier: "multi-az", database: { readers: 6 } }, 6, 2, "model"],
    ["database.primary", { tier: "cached", database: { primary: 2 } }, 2, 1, "default"],
    [
      "database.engineVersion",
      { tier: "resilient", database: { engineVersion: "8.4.mysql_aurora.8.4.8" } },
      "8.4.mysql_aurora.8.4.8",
      "8.4.mysql_aurora.8.4.7",
      "default",
    ],
  ];
  for (const [key, words, said, otherwise, origin] of CASES)
    it(`of ${key} in ${String(words["tier"])}: the stack file, else ${origin}`, () => {
      assert.deepEqual(found(words, key), [said, "stack file"]);
      assert.deepEqual(found({ tier: words["tier"] }, key), [otherwise, origin]);
    });

  it("of the data volume: the stack file, else the model", () => {
    const volume = (words: Words) => {
      const { database, origins } = settled(words);
      return [database.volumeGib, origins["database.volumeGiB"]];
    };
    assert.deepEqual(volume({ tier: "single", database: { volumeGiB: 33 } }), [33, "stack file"]);
    assert.deepEqual(volume({ tier: "single", users: 1_000_000 }), [150, "model"]);
  });

  it("of the active database: the stack file, else what there is", () => {
    assert.deepEqual(found({ tier: "elastic" }, "database.active"), ["self-managed", "default"]);
    assert.deepEqual(found({ tier: "resilient" }, "database.active"), ["aurora", "default"]);
    const migrating = { tier: "elastic", database: { kind: "migrating" } };
    assert.deepEqual(found(migrating, "database.active"), ["self-managed", "default"]);
    const turned = { tier: "elastic", database: { kind: "migrating", active: "aurora" } };
    assert.deepEqual(found(turned, "database.active"), ["aurora", "stack file"]);
  });

  it("of every field that a tier presets are the tier", () => {
    for (const tier of TIERS) {
      const { network, app, cache, database } = PRESETS[tier];
      for (const [section, fields] of Object.entries({ network, app, cache, database }))
        for (const [name, value] of Object.entries(fields))
          assert.deepEqual(found({ tier }, `${section}.${name}`), [value, "tier"], `${section}.${name} of ${tier}`);
    }
  });
});

describe("sizes that follow from the users", () => {
  it("grow in multi-az until everything is large", () => {
    const { app, cache, database, short } = settled({ tier: "multi-az", users: 10_000_000 });
    assert.deepEqual([app.instanceType, app.min, app.max, app.targetCpuPercent], ["c7g.2xlarge", 12, 24, 53]);
    assert.deepEqual([cache.nodeType, cache.shards, cache.replicas], ["cache.r7g.large", 2, 2]);
    assert.deepEqual([database.instanceClass, database.readers], ["db.r7g.2xlarge", 3]);
    assert.deepEqual(short, []);
  });

  it("say what a tier cannot carry", () => {
    assert.deepEqual(settled({ tier: "single", users: 100_000_000 }).short, [
      "app.instanceType",
      "database.instanceType",
    ]);
    assert.deepEqual(settled({ tier: "single", users: 10_000_000 }).short, []);
    assert.deepEqual(settled({ tier: "elastic", users: 50_000_000 }).short, ["cache.shards"]);
    assert.deepEqual(settled({ tier: "multi-az", users: 50_000_000 }).short, []);
    assert.deepEqual(settled({ tier: "multi-az", users: 50_000_000, cache: { shards: 9 } }).short, ["cache.shards"]);
    assert.deepEqual(settled({ tier: "single", app: { instanceType: "t3.nano" }, users: 100_000 }).short, [
      "app.instanceType",
    ]);
    const fleet = (max: number) => settled({ tier: "multi-az", users: 10_000_000, app: { max } });
    assert.deepEqual([fleet(11).short, fleet(12).short], [["app.max"], []]);
  });

  it("follow the model's parameters in the file", () => {
    const words = { tier: "elastic", users: 1_000_000, model: { peakFactor: 10 } };
    assert.deepEqual(settled(words).model, { ...DEFAULT_MODEL, peakFactor: 10 });
    assert.equal(settled(words).demand.peakRequests, 2 * settled({ ...words, model: {} }).demand.peakRequests);
    assert.deepEqual(
      [words, { ...words, model: {} }]
        .map((file) => settled(file).app)
        .map(({ min, instanceType }) => [min, instanceType]),
      [
        [4, "c7g.xlarge"],
        [4, "c7g.large"],
      ],
    );
  });

  it("count every read for the database where there is no cache", () => {
    const single = settled({ tier: "single", users: 1_000_000 });
    assert.equal(single.demand.databaseReads, single.demand.databaseReadsCold);
    assert.equal(single.model.cacheHitShare, 0.8);
    const cached = settled({ tier: "single", users: 1_000_000, cache: { shards: 1 } });
    assert.ok(cached.demand.databaseReads < 0.21 * single.demand.databaseReads);
    assert.deepEqual([single.database.instanceType, cached.database.instanceType], ["m7g.xlarge", "m7g.large"]);
  });

  it("keep a fleet within what the file calls the most, and the most within what the subnets hold twice", () => {
    const { app } = settled({ tier: "multi-az", users: 10_000_000, app: { max: 5 } });
    assert.deepEqual([app.min, app.max], [5, 5]);
    const small = settled({ tier: "elastic", network: { cidr: "10.0.0.0/21" }, app: { min: 40 } });
    assert.deepEqual([small.app.min, small.app.max], [40, 61]);
  });
});

describe("database.instanceType", () => {
  const types = (words: Words) => {
    const { database } = settled(words);
    return [database.instanceType, database.instanceClass];
  };

  it("means the MySQL machines, and Aurora's instances where there are no others", () => {
    assert.deepEqual(types({ tier: "elastic", database: { instanceType: "m7g.large" } }), [
      "m7g.large",
      "db.t4g.medium",
    ]);
    assert.deepEqual(types({ tier: "resilient", database: { instanceType: "r7g.large" } }), [
      "t4g.small",
      "db.r7g.large",
    ]);
  });

  it("takes AWS's own spelling of Aurora's classes as well", () => {
    assert.deepEqual(types({ tier: "resilient", database: { instanceType: "db.r8g.large" } }), [
      "t4g.small",
      "db.r8g.large",
    ]);
  });

  it("tells the two apart by their spelling while data moves", () => {
    const migrating = (instanceType: string) => ({ tier: "elastic", database: { kind: "migrating", instanceType } });
    assert.deepEqual(types(migrating("db.r7g.large")), ["t4g.small", "db.r7g.large"]);
    assert.deepEqual(types(migrating("r7g.large")), ["r7g.large", "db.t4g.medium"]);
  });
});
