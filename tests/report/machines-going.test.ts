import assert from "node:assert/strict";
import { machinesGoing } from "../../report/machines-going";
import { previewOf, stackStep, step, urn, type Json } from "../support/previews";

const INSTANCE = "aws:ec2/instance:Instance";
const AURORA = "aws:rds/clusterInstance:ClusterInstance";
const FLEET = "aws:autoscaling/group:Group";
const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";
const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";

/** What a machine of a group is in a preview; one on a kept interface has to go before its successor comes. */
function machine(op: string, name: string, group: string, more: Json = {}): Json {
  const { kept = false, ...rest } = more;
  const inputs = {
    tags: { "billybully:machines": `billybully-test-${group}` },
    ...(kept === true && { networkInterfaces: [{}] }),
  };
  return step(op, INSTANCE, name, { old: { inputs }, now: { inputs, ...rest } });
}

/** Names of the machines that close the gate, of a stack with so many machines before. */
function going(machines: Json, ...steps: readonly Json[]): string[] {
  return machinesGoing(previewOf(stackStep(machines), ...steps).steps).map(
    ({ urn: each }) => each.split("::").at(-1) ?? "",
  );
}

const three = { app: 3, mysql: 2, aurora: 3, nat: 2 };

describe("machinesGoing", () => {
  it("lets machines go as long as one of their group stays", () => {
    const [one, two, last] = ["app-1", "app-2", "app-3"].map((name) => machine("delete", name, "app")) as [
      Json,
      Json,
      Json,
    ];
    assert.deepEqual(going(three, one, two), []);
    assert.deepEqual(going(three, one, two, last), ["app-1", "app-2", "app-3"]);
  });

  it("says how many would be away, how many may be, and what to do", () => {
    const [finding] = machinesGoing(previewOf(stackStep({ app: 1 }), machine("delete", "app-1", "app")).steps);
    assert.deepEqual(finding, {
      urn: urn(INSTANCE, "app-1"),
      property: undefined,
      why: "1 machine of group app would be away at once, which has none to spare",
      todo: "spread it over several changes, or --allow this URN (in CI: a line of gate-allow.txt) when the interruption is meant",
    });
  });

  it("sets what comes against what goes, of the same group only", () => {
    const gone = machine("delete", "app-1", "app");
    assert.deepEqual(going({ app: 1 }, gone, step("create", FLEET, "app", { now: { inputs: { minSize: 1 } } })), []);
    assert.deepEqual(going({ app: 1 }, gone, machine("create", "db-mysql-2", "mysql")), ["app-1"]);
    assert.deepEqual(
      going(
        { app: 4 },
        step("delete", FLEET, "app", { old: { inputs: { minSize: 4 } } }),
        machine("create", "app-1", "app"),
      ),
      [],
    );
    assert.deepEqual(going({ app: 4 }, step("delete", FLEET, "app", { old: { inputs: { minSize: 4 } } })), ["app"]);
  });

  it("lets a lone machine be replaced whose successor comes first, and none on a kept interface", () => {
    assert.deepEqual(going({ app: 1 }, machine("replace", "app-1", "app")), []);
    assert.deepEqual(going({ app: 1 }, machine("replace", "app-1", "app", { kept: true })), ["app-1"]);
    assert.deepEqual(going({ app: 2 }, machine("replace", "app-1", "app", { kept: true })), []);
  });

  it("lets machines on kept interfaces be replaced one after the other, not all at once", () => {
    const waiting = (name: string, on: string): Json =>
      machine("replace", name, "app", {
        kept: true,
        dependencies: [urn("aws:ssm/association:Association", `${on}-apply`)],
      });
    const first = machine("replace", "app-1", "app", { kept: true });
    assert.deepEqual(going(three, first, waiting("app-2", "app-1"), waiting("app-3", "app-2")), []);
    const atOnce = ["app-1", "app-2", "app-3"].map((name) => machine("replace", name, "app", { kept: true }));
    assert.deepEqual(going(three, ...atOnce), ["app-1", "app-2", "app-3"]);
  });

  it("lets machines that stop for another type do so one after the other, not all at once", () => {
    const stops = (name: string, on?: string): Json =>
      machine("update", name, "app", {
        dependencies: on === undefined ? [] : [urn("aws:ssm/association:Association", `${on}-apply`)],
      });
    const resized = (changed: Json): Json => ({ ...changed, diffReasons: ["instanceType", "tags"] });
    const names = ["app-public-1", "app-public-2", "app-public-3"];
    assert.deepEqual(going(three, ...names.map((name) => resized(stops(name)))), names);
    const chained = names.map((name, index) => resized(stops(name, names[index - 1])));
    assert.deepEqual(going(three, ...chained), []);
    assert.deepEqual(going(three, ...names.map((name) => ({ ...stops(name), diffReasons: ["tags"] }))), []);
    const [finding] = machinesGoing(previewOf(stackStep({ app: 1 }), resized(stops("app-public-1"))).steps);
    assert.equal(finding?.property, "instanceType");
    assert.match(finding.why, /^1 machine of group app would be away at once, which has none to spare$/);
  });

  it("never lets a MySQL machine be replaced unasked, whatever else there is", () => {
    assert.deepEqual(going(three, machine("replace", "db-mysql-2", "mysql", { kept: true })), ["db-mysql-2"]);
    assert.deepEqual(going(three, machine("delete", "db-mysql-2", "mysql")), []);
    assert.deepEqual(going({ mysql: 1 }, machine("delete", "db-mysql-1", "mysql")), ["db-mysql-1"]);
    const resized = { ...machine("update", "db-mysql-2", "mysql"), diffReasons: ["instanceType"] };
    assert.deepEqual(going(three, resized), ["db-mysql-2"]);
  });

  it("counts Aurora's instances and NAT gateways", () => {
    const instance = (op: string, name: string): Json => step(op, AURORA, name);
    assert.deepEqual(going(three, instance("replace", "db-aurora-1")), []);
    assert.deepEqual(going({ aurora: 1 }, instance("replace", "db-aurora-1")), ["db-aurora-1"]);
    assert.deepEqual(going(three, instance("delete", "db-aurora-2"), instance("delete", "db-aurora-3")), []);
    assert.deepEqual(going({ nat: 1 }, step("delete", "aws:ec2/natGateway:NatGateway", "network-nat")), [
      "network-nat",
    ]);
    assert.deepEqual(going({ nat: 2 }, step("delete", "aws:ec2/natGateway:NatGateway", "network-nat-2")), []);
  });

  it("lets Aurora's instances restart for another class one after the other, and a lone one not unasked", () => {
    const resized = (name: string, on?: string): Json => {
      const dependencies = on === undefined ? [] : [urn(AURORA, on)];
      return step("update", AURORA, name, { now: { dependencies }, diffReasons: ["instanceClass"] });
    };
    const [first, second, third] = [
      resized("db-aurora-1"),
      resized("db-aurora-2", "db-aurora-1"),
      resized("db-aurora-3", "db-aurora-2"),
    ];
    assert.deepEqual(going({ aurora: 3 }, first, second, third), []);
    assert.deepEqual(going({ aurora: 1 }, first), ["db-aurora-1"]);
    assert.deepEqual(going({ aurora: 2 }, first, resized("db-aurora-2")), ["db-aurora-1", "db-aurora-2"]);
    const [finding] = machinesGoing(previewOf(stackStep({ aurora: 1 }), first).steps);
    assert.equal(finding?.property, "instanceClass");
    assert.deepEqual(going({ aurora: 1 }, step("update", AURORA, "db-aurora-1", { diffReasons: ["tags"] })), []);
  });

  it("lets no more than half of a group change at once, however many there are", () => {
    const changed = (count: number): Json[] =>
      Array.from({ length: count }, (_, index) => ({
        ...machine("update", `app-public-${index + 1}`, "app"),
        diffReasons: ["instanceType"],
      }));
    assert.deepEqual(going({ app: 20 }, ...changed(10)), []);
    assert.equal(going({ app: 20 }, ...changed(11)).length, 11);
    assert.deepEqual(going({ app: 3 }, ...changed(2)), ["app-public-1", "app-public-2"]);
    const [finding] = machinesGoing(previewOf(stackStep({ app: 3 }), ...changed(2)).steps);
    assert.match(finding?.why ?? "", /^2 machines of group app would be away at once, of which 1 may be away$/);
  });

  it("tells of the balancer that stops for another type, or goes with no other way in, and of none that is replaced", () => {
    const balancer = { balancer: 1, app: 3 };
    const resized = { ...machine("update", "app-balancer", "balancer"), diffReasons: ["instanceType"] };
    assert.deepEqual(going(balancer, resized), ["app-balancer"]);
    assert.deepEqual(going(balancer, machine("replace", "app-balancer", "balancer")), []);
    const gone = machine("delete", "app-balancer", "balancer");
    assert.deepEqual(going(balancer, gone), ["app-balancer"]);
    assert.deepEqual(going(balancer, gone, machine("create", "app-public-4", "app")), ["app-balancer"]);
    assert.deepEqual(going(balancer, gone, step("create", LOAD_BALANCER, "app")), []);
    assert.deepEqual(going(balancer, gone, step("replace", ASSOCIATION, "app-front")), []);
    assert.deepEqual(going(balancer, gone, step("replace", ASSOCIATION, "network-nat")), ["app-balancer"]);
    assert.deepEqual(going(balancer, gone, step("delete", ASSOCIATION, "app-front")), ["app-balancer"]);
    assert.deepEqual(going(balancer, gone, machine("create", "app-nginx", "balancer")), []);
  });

  it("counts a machine as stopped whose volume is taken while it stays", () => {
    const on = { old: { inputs: { instanceId: "i-1" } } };
    const withId = (op: string, id: string): Json => {
      const each = machine(op, "db-mysql-1", "mysql", { kept: true });
      return { ...each, oldState: { ...(each["oldState"] as Json), id } };
    };
    const moved = step("replace", ATTACHMENT, "db-mysql-1", { ...on, replaceReasons: ["deviceName"] });
    const taken = step("delete", ATTACHMENT, "db-mysql-1", on);
    for (const each of [moved, taken]) {
      assert.deepEqual(going({ mysql: 2 }, each), ["db-mysql-1"]);
      assert.deepEqual(going({ mysql: 2 }, each, withId("delete", "i-2")), ["db-mysql-1", "db-mysql-1"]);
    }
    assert.deepEqual(going({ mysql: 2 }, taken, withId("delete", "i-1")), []);
    assert.deepEqual(
      machinesGoing(previewOf(stackStep({ mysql: 2 }), moved, withId("replace", "i-1")).steps).map((each) => each.urn),
      [urn(INSTANCE, "db-mysql-1")],
    );
    const [finding] = machinesGoing(previewOf(stackStep({ mysql: 2 }), moved).steps);
    assert.deepEqual(finding?.property, "deviceName");
    assert.match(finding.why, /^1 machine of group mysql .*none to spare: it is stopped .*nothing starts it again$/);
    // Without the machine's id nobody can tell whether it goes too.
    assert.equal(going({ mysql: 2 }, step("delete", ATTACHMENT, "db-mysql-1"), withId("delete", "i-1")).length, 2);
  });

  it("takes a fleet whose size nobody knows for all that there is when it goes, and for nothing when it comes", () => {
    const gone = machine("delete", "app-1", "app");
    assert.deepEqual(going({ app: 9 }, step("delete", FLEET, "app")), ["app"]);
    assert.deepEqual(going({ app: 1 }, gone, step("create", FLEET, "app")), ["app-1"]);
  });

  it("spares nothing where nobody knows how many machines there were", () => {
    const gone = machine("delete", "app-1", "app");
    assert.deepEqual(machinesGoing(previewOf(gone).steps).length, 1);
    assert.deepEqual(going({}, gone), ["app-1"]);
  });

  it("leaves machines alone that belong to no group, and changes in place", () => {
    assert.deepEqual(going({ app: 1 }, step("delete", INSTANCE, "someone-elses")), []);
    assert.deepEqual(going({ app: 1 }, machine("update", "app-1", "app")), []);
  });
});
