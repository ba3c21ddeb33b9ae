import assert from "node:assert/strict";
import { ACTIVE_DATABASES, DATABASE_KINDS, planDatabase, type DatabaseRequest } from "../../plan/database";

const request = (given: Partial<DatabaseRequest>): DatabaseRequest => ({
  kind: "self-managed",
  active: "self-managed",
  readers: 2,
  primary: 1,
  ...given,
});

describe("planDatabase", () => {
  it("names machines by number, so that a promotion renames none, and begins with the writer", () => {
    const named = (primary: number) => planDatabase(request({ primary }), 3).servers;
    const [first, second, third] = named(1);
    assert.deepEqual(named(1), [
      { name: "mysql-1", serverId: 1 },
      { name: "mysql-2", serverId: 2 },
      { name: "mysql-3", serverId: 3 },
    ]);
    assert.deepEqual(named(3), [third, first, second]);
  });

  it("lets everybody read but the primary", () => {
    const readers = (primary: number) => planDatabase(request({ primary }), 3).readers;
    assert.deepEqual(
      [readers(1), readers(2), readers(3)],
      [
        [2, 3],
        [1, 3],
        [1, 2],
      ],
    );
  });

  it("has one machine and no reader where nobody else reads", () => {
    const { servers, readers } = planDatabase(request({ readers: 0 }), 3);
    assert.deepEqual([servers.length, readers], [1, []]);
  });

  it("spreads Aurora's instances over the zones, and starts again at the first", () => {
    const plan = planDatabase(request({ kind: "aurora", active: "aurora", readers: 4 }), 3);
    assert.deepEqual(plan.clusters, [
      {
        instances: [
          { name: "aurora-1", zone: 1 },
          { name: "aurora-2", zone: 2 },
          { name: "aurora-3", zone: 3 },
          { name: "aurora-4", zone: 1 },
          { name: "aurora-5", zone: 2 },
        ],
      },
    ]);
    assert.deepEqual([plan.servers, plan.readers], [[], []]);
  });

  it("keeps names and zones of instances that there are when another comes", () => {
    const instances = (readers: number) => planDatabase(request({ kind: "aurora", readers }), 3).clusters[0]!.instances;
    for (let readers = 0; readers < 15; readers++)
      assert.deepEqual(instances(readers + 1).slice(0, readers + 1), instances(readers));
  });

  it("has both while data moves, the same machines and instances as either alone", () => {
    const both = planDatabase(request({ kind: "migrating" }), 2);
    assert.deepEqual(both.servers, planDatabase(request({ kind: "self-managed" }), 2).servers);
    assert.deepEqual(both.readers, planDatabase(request({ kind: "self-managed" }), 2).readers);
    assert.deepEqual(both.clusters, planDatabase(request({ kind: "aurora" }), 2).clusters);
  });

  it("has the same parts whichever of them is active", () => {
    for (const kind of DATABASE_KINDS) {
      const [one, other] = ACTIVE_DATABASES.map((active) => planDatabase(request({ kind, active }), 3));
      assert.deepEqual(one, other);
    }
  });
});
