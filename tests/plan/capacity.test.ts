import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DEFAULT_MODEL,
  demandOf,
  READERS_AT_MOST,
  sizeCache,
  sizeDatabase,
  volumeGib,
  type Demand,
  type Sizing,
} from "../../plan/capacity";
import { cacheMemoryGib, LADDERS, sustainedVcpus } from "../../plan/catalogue";

const model = DEFAULT_MODEL;
const demand = (users: number): Demand => demandOf(users, model);
const anyUsers = fc.integer({ min: 1, max: 50_000_000 });
const fewerAndMore = fc.tuple(anyUsers, anyUsers).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const anyZones = fc.integer({ min: 1, max: 4 });

/** A figure as it is printed: it holds within half of its last digit. */
function assertPrinted(actual: number, printed: string, what: string): void {
  const decimals = printed.split(".")[1]?.length ?? 0;
  const difference = Math.abs(actual - Number(printed));
  assert.ok(difference <= 0.5 * 10 ** -decimals + 1e-9, `${what}: ${actual} is not ${printed}`);
}

describe("demandOf", () => {
  const TABLE: readonly (readonly [users: number, ...printed: string[]])[] = [
    [1_000, "10000", "0.12", "0.6", "0.3", "1.6", "0.2", "3", "0.0"],
    [10_000, "100000", "1.2", "5.8", "3", "16", "2", "29", "0.1"],
    [100_000, "1000000", "12", "58", "31", "156", "17", "289", "0.6"],
    [500_000, "5000000", "58", "289", "156", "781", "87", "1447", "3"],
    [1_000_000, "10000000", "116", "579", "313", "1563", "174", "2894", "6"],
    [10_000_000, "100000000", "1157", "5787", "3125", "15625", "1736", "28935", "60"],
  ];
  for (const [users, day, average, peak, reads, cold, writes, cache, vcpus] of TABLE)
    it(`gives the published row of ${users.toLocaleString("en")} users`, () => {
      const asked = demand(users);
      assertPrinted(asked.averageRequests * 86_400, day!, "requests a day");
      assertPrinted(asked.averageRequests, average!, "average requests/s");
      assertPrinted(asked.peakRequests, peak!, "peak requests/s");
      assertPrinted(asked.databaseReads, reads!, "database reads/s");
      assertPrinted(asked.databaseReadsCold, cold!, "database reads/s with an empty cache");
      assertPrinted(asked.databaseWrites, writes!, "database writes/s");
      assertPrinted(asked.cacheOperations, cache!, "cache operations/s");
      assertPrinted(asked.peakRequests / (model.requestsPerVcpu * model.appUtilisation), vcpus!, "vCPUs");
    });

  it("counts what is stored of all users and cached of the active ones", () => {
    const { storedGib, cachedGib } = demand(2 ** 20);
    assert.equal(storedGib, 50);
    assert.equal(cachedGib, 2);
  });

  it("grows with the users in every part and in proportion", () => {
    fc.assert(
      fc.property(anyUsers, (users) => {
        const [one, three] = [demand(users), demand(3 * users)];
        for (const part of Object.keys(one) as (keyof Demand)[])
          assert.ok(Math.abs(three[part] / one[part] - 3) < 1e-9, part);
      }),
    );
  });
});

describe("sizeDatabase", () => {
  const inZones = (zones: number) => ({ zones });

  it("has readers that carry all reads of an empty cache", () => {
    fc.assert(
      fc.property(anyUsers, anyZones, (users, zones) => {
        const { type, count, short } = sizeDatabase(demand(users), model, "aurora", inZones(zones));
        const carried = count * sustainedVcpus(type) * model.readsPerVcpu * 0.95;
        assert.ok(short || carried >= demand(users).databaseReadsCold, `${count} ${type}`);
      }),
    );
  });

  it("has a writer that carries all writes at 60 percent, so that each reader can take over", () => {
    fc.assert(
      fc.property(anyUsers, anyZones, (users, zones) => {
        const { type, short } = sizeDatabase(demand(users), model, "aurora", inZones(zones));
        const carried = sustainedVcpus(type) * model.writesPerVcpu * model.databaseUtilisation;
        assert.equal(short, carried < demand(users).databaseWrites);
      }),
    );
  });

  it("has a reader in every zone but the writer's, at least one and at most fifteen", () => {
    fc.assert(
      fc.property(anyUsers, anyZones, (users, zones) => {
        const { count } = sizeDatabase(demand(users), model, "aurora", inZones(zones));
        assert.ok(count >= Math.max(1, zones - 1) && count <= READERS_AT_MOST, String(count));
      }),
    );
  });

  it("lets the writer read where there are no readers", () => {
    fc.assert(
      fc.property(anyUsers, (users) => {
        const asked = demand(users);
        const { type, count, short } = sizeDatabase(asked, model, "mysql", { zones: 1, readers: 0 });
        const vcpus = asked.databaseWrites / (400 * 0.6) + asked.databaseReads / (800 * 0.6);
        assert.equal(count, 0);
        assert.equal(short, sustainedVcpus(type) < vcpus);
      }),
    );
  });

  it("says that the largest is too small, and only then", () => {
    const all = { zones: 1, readers: 1 };
    assert.deepEqual(sizeDatabase(demand(80_000_000), model, "mysql", all), {
      type: "m7g.16xlarge",
      count: 1,
      short: false,
    });
    assert.deepEqual(sizeDatabase(demand(90_000_000), model, "mysql", all), {
      type: "m7g.16xlarge",
      count: 1,
      short: true,
    });
  });

  it("keeps to what is given", () => {
    assert.deepEqual(sizeDatabase(demand(10_000), model, "aurora", { zones: 3, readers: 5, type: "r7g.xlarge" }), {
      type: "r7g.xlarge",
      count: 5,
      short: false,
    });
    assert.equal(sizeDatabase(demand(10_000_000), model, "aurora", { zones: 3, type: "t3.medium" }).short, true);
  });

  it("takes a writer and readers for ten million users", () => {
    assert.deepEqual(sizeDatabase(demand(10_000_000), model, "aurora", inZones(3)), {
      type: "r7g.2xlarge",
      count: 3,
      short: false,
    });
  });

  it("never takes a smaller type, or fewer of the same, when users come", () => {
    fc.assert(
      fc.property(fewerAndMore, anyZones, ([fewer, more], zones) => {
        assertGrows(
          LADDERS.aurora,
          sizeDatabase(demand(fewer), model, "aurora", inZones(zones)),
          sizeDatabase(demand(more), model, "aurora", inZones(zones)),
        );
      }),
    );
  });
});

describe("sizeCache", () => {
  it("holds what active users leave, and answers at half of what a node can", () => {
    fc.assert(
      fc.property(anyUsers, (users) => {
        const { type, count } = sizeCache(demand(users), model);
        assert.ok(count * cacheMemoryGib(type)! * 0.75 >= demand(users).cachedGib, `memory of ${count} ${type}`);
        assert.ok(count * sustainedVcpus(type) * 40_000 * 0.5 >= demand(users).cacheOperations, `${count} ${type}`);
      }),
    );
  });

  it("grows in type first and then in shards", () => {
    assert.deepEqual(
      [10_000, 1_000_000, 10_000_000, 50_000_000].map((users) => sizeCache(demand(users), model)),
      [
        { type: "cache.t4g.micro", count: 1, short: false },
        { type: "cache.t4g.medium", count: 1, short: false },
        { type: "cache.r7g.large", count: 2, short: false },
        { type: "cache.r7g.large", count: 10, short: false },
      ],
    );
  });

  it("is short where fewer shards are fixed than the users ask for, and not without a cache", () => {
    const shortWith = (shards: number, type?: string): boolean =>
      sizeCache(demand(50_000_000), model, { shards, ...(type !== undefined && { type }) }).short;
    assert.deepEqual(
      [0, 1, 9, 10, 11].map((shards) => shortWith(shards)),
      [false, true, true, false, false],
    );
    assert.deepEqual([shortWith(1, "cache.r7g.4xlarge"), shortWith(2, "cache.r7g.4xlarge")], [true, false]);
  });

  it("never gets smaller when users come", () => {
    fc.assert(
      fc.property(fewerAndMore, ([fewer, more]) => {
        assertGrows(LADDERS.cache, sizeCache(demand(fewer), model), sizeCache(demand(more), model));
      }),
    );
  });
});

describe("volumeGib", () => {
  it("has room for three times the data, in tens, and never under twenty", () => {
    assert.deepEqual(
      [10_000, 100_000, 1_000_000, 10_000_000].map((users) => volumeGib(demand(users))),
      [20, 20, 150, 1440],
    );
    fc.assert(
      fc.property(anyUsers, (users) => {
        const size = volumeGib(demand(users));
        assert.ok(size >= 20 && size % 10 === 0 && size >= 3 * demand(users).storedGib);
        assert.ok(size === 20 || size - 10 < 3 * demand(users).storedGib);
      }),
    );
  });
});

function assertGrows(ladder: readonly string[], before: Sizing, after: Sizing): void {
  const [low, high] = [ladder.indexOf(before.type), ladder.indexOf(after.type)];
  assert.ok(low < high || (low === high && before.count <= after.count), JSON.stringify([before, after]));
}
