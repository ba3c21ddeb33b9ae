import assert from "node:assert/strict";
import { FRONT_ADDRESS, FRONTS, planFront, type FrontPlan } from "../../plan/front";

const machinesOf = ({ publicServers, privateServers, balancers }: FrontPlan) => [
  ...publicServers,
  ...privateServers,
  ...balancers,
];

describe("planFront", () => {
  for (const front of FRONTS)
    for (const [servers, zones] of [
      [1, 1],
      [3, 1],
      [20, 4],
    ] as const)
      it(`${front} with ${servers} servers keeps the front address, and only that`, () => {
        const { addresses } = planFront(front, servers, zones);
        assert.deepEqual(
          addresses.filter(({ kept }) => kept).map(({ name }) => name),
          [FRONT_ADDRESS],
        );
      });

  for (const front of FRONTS)
    it(`${front} puts every address on a machine that there is, each once`, () => {
      const plan = planFront(front, 3, 3);
      const machines = machinesOf(plan).map(({ name }) => name);
      const used = plan.addresses.flatMap(({ machine }) => machine ?? []);
      assert.deepEqual(
        used.filter((name) => !machines.includes(name)),
        [],
      );
      assert.equal(new Set(used).size, used.length);
      assert.equal(new Set(machines).size, machines.length);
    });

  it("gives every server an address of its own, the first one that which is kept", () => {
    assert.deepEqual(planFront("servers", 3, 1), {
      publicServers: [
        { name: "public-1", zone: 1 },
        { name: "public-2", zone: 1 },
        { name: "public-3", zone: 1 },
      ],
      privateServers: [],
      balancers: [],
      fleets: [],
      addresses: [
        { name: "front", machine: "public-1", kept: true },
        { name: "front-2", machine: "public-2", kept: false },
        { name: "front-3", machine: "public-3", kept: false },
      ],
    });
  });

  it("puts the kept address on nginx, and its servers where nobody reaches them", () => {
    assert.deepEqual(planFront("nginx", 2, 1), {
      publicServers: [],
      privateServers: [
        { name: "private-1", zone: 1 },
        { name: "private-2", zone: 1 },
      ],
      balancers: [{ name: "balancer", zone: 1 }],
      fleets: [],
      addresses: [{ name: "front", machine: "balancer", kept: true }],
    });
  });

  it("keeps the address idle behind a load balancer, which has two zones where the fleet has one", () => {
    assert.deepEqual(planFront("alb", 3, 1), {
      publicServers: [],
      privateServers: [],
      balancers: [],
      fleets: [{ zones: [1], balancerZones: [1, 2] }],
      addresses: [{ name: "front", machine: null, kept: true }],
    });
    assert.deepEqual(planFront("alb", 3, 4).fleets, [{ zones: [1, 2, 3, 4], balancerZones: [1, 2, 3, 4] }]);
  });

  it("names a server the same however many there are", () => {
    assert.deepEqual(planFront("servers", 20, 1).publicServers.slice(0, 2), planFront("servers", 2, 1).publicServers);
    assert.deepEqual(planFront("servers", 20, 1).addresses.slice(0, 2), planFront("servers", 2, 1).addresses);
  });
});
