import assert from "node:assert/strict";
import type { Change } from "../../evaluate/compare";
import { interruptionsOf } from "../../report/interruptions";
import { changeFrom } from "../transition/transitions";
import type { Words } from "../support/stacks";

const INSTANCE = "aws:ec2/instance:Instance";
const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";
const AURORA = "aws:rds/clusterInstance:ClusterInstance";

function changed(type: string, name: string, more: Partial<Change>): Change {
  const urn = `urn:pulumi:test::billybully::${type}::${name}`;
  return { urn, type, name, operation: "update", properties: [], oldFirst: false, protect: false, ...more };
}

/** `NAME SECONDS: FELT` of each change of a stack that stands on one file. */
async function felt(before: Words, after: Words): Promise<string[]> {
  const { changes, machines } = await changeFrom(before, after);
  return interruptionsOf(changes, machines).map(({ name, seconds, felt: text }) => `${name} ${seconds}: ${text}`);
}

describe("interruptionsOf", function () {
  this.timeout(60_000);

  it("tells of every address that clients come to, and of no other, that it moves", () => {
    const names = ["app-front", "app-front-2", "app-front-12", "network-nat", "app-frontier"];
    const moved = names.map((name) => changed(ASSOCIATION, name, { operation: "replace" }));
    assert.deepEqual(
      interruptionsOf(moved, undefined).map(({ name, seconds }) => [name, seconds]),
      [
        ["app-front", 1],
        ["app-front-2", 1],
        ["app-front-12", 1],
      ],
    );
  });

  it("tells of one of several servers with addresses of their own that is replaced by name", async () => {
    assert.deepEqual(await felt({ tier: "replicated" }, { tier: "replicated", replace: { "app-public-2": "a" } }), [
      "app-front-2 1: the address moves to a machine that serves already; requests on the old one end with it",
    ]);
  });

  it("tells how long the only instance of Aurora is away, and that a reader takes over where there is one", async () => {
    const of = (readers: number, instanceType?: string): Words => ({
      tier: "resilient",
      database: { readers, ...(instanceType !== undefined && { instanceType }) },
    });
    const alone = "db-aurora-1 600: the only instance restarts, and there is no reader to take over";
    assert.deepEqual(await felt(of(0), of(0, "r7g.xlarge")), [alone]);
    assert.deepEqual(await felt(of(1), of(1, "r7g.xlarge")), [
      "db-aurora-1 60: the writer restarts and a reader takes over",
      "db-aurora-2 60: the writer restarts and a reader takes over",
    ]);
    // The reader comes when the writer has restarted.
    assert.ok((await felt(of(0), of(1, "r7g.xlarge"))).includes(alone));
  });

  it("tells the seconds of the only server behind a balancer, and of others that their peers serve", async () => {
    const of = (servers: number, ...names: string[]): Words => ({
      tier: "balanced",
      app: { servers },
      replace: Object.fromEntries(names.map((name) => [name, "a"])),
    });
    const alone = "app-private-1 300: nobody serves until the new machine does";
    assert.deepEqual(await felt(of(1), of(1, "app-private-1")), [alone]);
    assert.deepEqual(await felt(of(1), of(2, "app-private-1")), [alone]);
    assert.deepEqual(await felt(of(2), of(2, "app-private-1", "app-private-2")), [
      "app-private-1 0: the other servers serve meanwhile",
      "app-private-2 0: the other servers serve meanwhile",
    ]);
  });

  it("takes a machine for the only one where nobody knows how many there are", () => {
    const changes = [
      changed(INSTANCE, "app-private-1", { operation: "replace", oldFirst: true }),
      changed(AURORA, "db-aurora-1", { properties: ["instanceClass"] }),
    ];
    for (const machines of [undefined, {}])
      assert.deepEqual(
        interruptionsOf(changes, machines).map(({ seconds }) => seconds),
        [300, 600],
      );
  });

  it("says nothing of a fleet that shrinks: its servers answer their last requests before they go", async () => {
    const of = (min: number): Words => ({ tier: "elastic", app: { min, max: 2 * min } });
    assert.deepEqual(await felt(of(6), of(2)), []);
  });
});
