import assert from "node:assert/strict";
import { EGRESS, egressAddressNames, planEgress, type EgressPlan } from "../../plan/egress";

const ZONE_COUNTS = [1, 2, 3, 4];
const devicesOf = ({ instances, gateways, regional }: EgressPlan) => [...instances, ...gateways, ...regional];

describe("planEgress", () => {
  for (const egress of EGRESS)
    for (const zones of ZONE_COUNTS)
      it(`${egress} in ${zones} zones leads every route to a device that there is, and no device is idle`, () => {
        const plan = planEgress(egress, zones);
        const names = devicesOf(plan).map(({ name }) => name);
        assert.equal(new Set(names).size, names.length);
        assert.deepEqual([...new Set(plan.routes.map(({ via }) => via))].sort(), [...names].sort());
        for (const { position } of devicesOf(plan))
          assert.ok(position === null || (position >= 1 && position <= zones));
      });

  for (const zones of ZONE_COUNTS)
    it(`has the same routes by position whatever leads out of ${zones} zones`, () => {
      for (const egress of EGRESS.filter((kind) => kind !== "none"))
        assert.deepEqual(
          planEgress(egress, zones).routes.map(({ position }) => position),
          Array.from({ length: zones }, (_, i) => i + 1),
        );
    });

  it("has no route and no device where nothing leads out", () => {
    assert.deepEqual(planEgress("none", 3), { instances: [], gateways: [], regional: [], routes: [] });
  });

  it("puts one NAT instance into the first zone", () => {
    const { instances, routes } = planEgress("nat-instance", 2);
    assert.deepEqual(instances, [{ name: "nat", position: 1 }]);
    assert.deepEqual(routes, [
      { position: 1, via: "nat" },
      { position: 2, via: "nat" },
    ]);
  });

  it("leads every zone out of its own gateway when there is one for each", () => {
    const { gateways, routes } = planEgress("nat-gateway-per-zone", 3);
    assert.deepEqual(gateways, [
      { name: "nat-1", position: 1 },
      { name: "nat-2", position: 2 },
      { name: "nat-3", position: 3 },
    ]);
    assert.deepEqual(
      routes.map(({ position, via }) => `${position} ${via}`),
      ["1 nat-1", "2 nat-2", "3 nat-3"],
    );
  });

  it("keeps the first gateway when the other zones get theirs", () => {
    assert.deepEqual(planEgress("nat-gateway", 3).gateways, planEgress("nat-gateway-per-zone", 3).gateways.slice(0, 1));
  });

  it("spans all zones with one regional gateway", () => {
    assert.deepEqual(planEgress("nat-regional", 2), {
      instances: [],
      gateways: [],
      regional: [{ name: "nat-regional", position: null }],
      routes: [
        { position: 1, via: "nat-regional" },
        { position: 2, via: "nat-regional" },
      ],
    });
  });
});

describe("egressAddressNames", () => {
  it("names what holds an Elastic IP in three zones", () => {
    assert.deepEqual(
      EGRESS.map((egress) => egressAddressNames(planEgress(egress, 3))),
      [[], ["nat"], ["nat-1"], ["nat-1", "nat-2", "nat-3"], []],
    );
  });
});
