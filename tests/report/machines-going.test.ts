import assert from "node:assert/strict";
import { machinesGoing } from "../../report/machines-going";
import { previewOf, stackStep, step, urn, type Json } from "../support/previews";

const INSTANCE = "aws:ec2/instance:Instance";
const AURORA = "aws:rds/clusterInstance:ClusterInstance";
const FLEET = "aws:autoscaling/group:Group";

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
