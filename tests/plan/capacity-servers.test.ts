import assert from "node:assert/strict";
import fc from "fast-check";
import {
  DEFAULT_MODEL,
  demandOf,
  sizeFleet,
  sizeServers,
  targetUtilisation,
  type Demand,
  type Sizing,
} from "../../plan/capacity";
import { sustainedVcpus } from "../../plan/catalogue";

const model = DEFAULT_MODEL;
const demand = (users: number): Demand => demandOf(users, model);
const anyUsers = fc.integer({ min: 1, max: 50_000_000 });
const fewerAndMore = fc.tuple(anyUsers, anyUsers).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
const anyZones = fc.integer({ min: 1, max: 4 });

describe("sizeServers", () => {
  it("takes the smallest type of which so many carry the peak", () => {
    assert.deepEqual(sizeServers(demand(10_000), model, 1), { type: "t4g.small", count: 1, short: false });
    assert.deepEqual(sizeServers(demand(100_000), model, 1), { type: "c7g.large", count: 1, short: false });
    assert.deepEqual(sizeServers(demand(1_000_000), model, 3), { type: "c7g.xlarge", count: 3, short: false });
  });

  it("says that even the largest is too small, and only then", () => {
    assert.deepEqual(sizeServers(demand(20_000_000), model, 1), { type: "c7g.16xlarge", count: 1, short: true });
    fc.assert(
      fc.property(anyUsers, fc.integer({ min: 1, max: 20 }), (users, count) => {
        const { type, short } = sizeServers(demand(users), model, count);
        const carried = count * sustainedVcpus(type) * model.requestsPerVcpu * model.appUtilisation;
        assert.equal(short, carried < demand(users).peakRequests);
      }),
    );
  });

  it("keeps to a type that is given, and says when it is too small", () => {
    assert.deepEqual(sizeServers(demand(100_000), model, 1, "t3.micro"), { type: "t3.micro", count: 1, short: true });
  });
});

describe("sizeFleet", () => {
  it("carries the peak after a zone is lost", () => {
    fc.assert(
      fc.property(anyUsers, fc.integer({ min: 2, max: 4 }), (users, zones) => {
        const { type, count } = sizeFleet(demand(users), model, zones);
        const left = (count / zones) * (zones - 1);
        assert.ok(
          capacityOf({ type, count: left }) >= demand(users).peakRequests,
          `${count} ${type} in ${zones} zones`,
        );
      }),
    );
  });

  it("carries the peak in one zone, with two servers at least", () => {
    fc.assert(
      fc.property(anyUsers, (users) => {
        const size = sizeFleet(demand(users), model, 1);
        assert.ok(capacityOf(size) >= demand(users).peakRequests);
        assert.ok(size.count >= 2);
      }),
    );
  });

  it("stands evenly in its zones", () => {
    fc.assert(
      fc.property(anyUsers, anyZones, (users, zones) => {
        assert.equal(sizeFleet(demand(users), model, zones).count % zones, 0);
      }),
    );
  });

  it("never gets smaller when users come", () => {
    fc.assert(
      fc.property(fewerAndMore, anyZones, ([fewer, more], zones) => {
        const [before, after] = [fewer, more].map((users) => capacityOf(sizeFleet(demand(users), model, zones)));
        assert.ok(before! <= after!);
      }),
    );
  });

  it("takes a larger type before it takes more than four in a zone", () => {
    assert.deepEqual(sizeFleet(demand(10_000), model, 3), { type: "t4g.small", count: 3, short: false });
    assert.deepEqual(sizeFleet(demand(200_000), model, 3), { type: "c7g.large", count: 3, short: false });
    assert.deepEqual(sizeFleet(demand(10_000_000), model, 3), { type: "c7g.2xlarge", count: 12, short: false });
    assert.deepEqual(sizeFleet(demand(10_000_000), model, 4), { type: "c7g.2xlarge", count: 12, short: false });
  });

  it("keeps to a type that is given and takes as many as it needs", () => {
    assert.deepEqual(sizeFleet(demand(10_000_000), model, 4, "c7g.large"), {
      type: "c7g.large",
      count: 44,
      short: false,
    });
  });

  function capacityOf({ type, count }: Pick<Sizing, "type" | "count">): number {
    return count * sustainedVcpus(type) * model.requestsPerVcpu * model.appUtilisation;
  }
});

describe("targetUtilisation", () => {
  it("leaves room to lose a zone: 40, 53 and 60 percent in two, three and four zones", () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((zones) => targetUtilisation(model, zones)),
      [60, 40, 53, 60],
    );
  });
});
