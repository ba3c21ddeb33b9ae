import assert from "node:assert/strict";
import { resolveSettings } from "../../config";
import { describePlan } from "../../report/plan";
import { placesOf } from "../../report/places";
import { plainText, table, title } from "../../report/table";
import { configOf, stackWith, type Words } from "../support/stacks";

async function described(words: Words): Promise<string> {
  return describePlan(await stackWith(words), resolveSettings(configOf(words), "test"));
}

/** What stands where, as `kind zone-letter: thing`. */
async function places(words: Words): Promise<string[]> {
  const { resources } = await stackWith(words);
  return placesOf(resources).flatMap(({ kind, zone, things }) =>
    things.map((thing) => `${kind} ${zone.slice(-1)}: ${thing}`),
  );
}

describe("placesOf", () => {
  it("puts machines of the first tier into their subnets, the database with its volume", async () => {
    assert.deepEqual((await places({ tier: "single" })).sort(), [
      "private a: db-mysql-1  t4g.small + 20 GiB",
      "public a: app-public-1  t4g.small",
      "public a: network-nat  t4g.nano",
    ]);
  });

  it("puts every part of the last tier into each of its zones", async () => {
    assert.deepEqual((await places({ tier: "multi-az", users: 10_000_000 })).sort(), [
      "isolated a: cache  2 x cache.r7g.large",
      "isolated a: db-aurora-1  db.r7g.2xlarge",
      "isolated a: db-aurora-4  db.r7g.2xlarge",
      "isolated b: cache  2 x cache.r7g.large",
      "isolated b: db-aurora-2  db.r7g.2xlarge",
      "isolated c: cache  2 x cache.r7g.large",
      "isolated c: db-aurora-3  db.r7g.2xlarge",
      "private a: app  fleet, 4 to 8 x c7g.2xlarge",
      "private b: app  fleet, 4 to 8 x c7g.2xlarge",
      "private c: app  fleet, 4 to 8 x c7g.2xlarge",
      "public a: app  load balancer",
      "public a: network-nat-1  NAT gateway",
      "public b: app  load balancer",
      "public b: network-nat-2  NAT gateway",
      "public c: app  load balancer",
      "public c: network-nat-3  NAT gateway",
    ]);
  });

  it("has a cell for every subnet, empty ones too", async () => {
    const { resources } = await stackWith({ tier: "single" });
    const cells = placesOf(resources);
    assert.equal(cells.length, 9);
    assert.deepEqual(cells[0], {
      kind: "isolated",
      zone: "ap-northeast-2a",
      cidr: "10.0.32.0/22",
      things: [],
    });
  });
});

describe("describePlan", () => {
  it("says what is built, where, at which addresses, of which sizes and why", async () => {
    const text = await described({ tier: "balanced", users: 50_000, cache: { nodeType: "cache.m7g.large" } });
    assert.match(text, /^test: tier balanced, nginx as load balancer in front of three servers\n/);
    assert.match(text, /\nap-northeast-2, sized for 50,000 users: 28\.9 requests\/s at the peak\n/);
    assert.match(text, /clients {2}-> {2}http:\/\/<app-front\.publicIp>\//);
    assert.match(text, /app-front +Elastic IP +app-balancer +for ever/);
    assert.match(text, /network-nat +Elastic IP +network-nat +with its machine/);
    assert.match(text, /app-private-3 +private address +machine app-private-3 +outlives the machine/);
    assert.match(text, /databaseWriter +name +writer\.test\.billybully\.internal +outlives what is behind it/);
    assert.match(text, /users +50000 +stack file\n/);
    assert.match(text, /app\.servers +3 +tier\n/);
    assert.match(text, /cache\.nodeType +cache\.m7g\.large +stack file\n/);
    assert.match(text, /database\.instanceType +t4g\.small +model\n/);
    assert.match(text, /database\.primary +1 +default\n/);
  });

  it("counts every resource once, and those that are protected", async () => {
    const { resources } = await stackWith({ tier: "single" });
    const custom = resources.filter(({ options }) => options.custom);
    const kept = custom.filter(({ protect }) => protect);
    const text = await described({ tier: "single" });
    assert.ok(text.includes(`Resources: ${custom.length}, of which ${kept.length} are protected`));
    const counts = [...text.matchAll(/^ {2}(app|cache|db|key|network|\(stack\)) +(\d+) {2}/gm)].map(([, , n]) =>
      Number(n),
    );
    assert.equal(
      counts.reduce((sum, n) => sum + n, 0),
      custom.length,
    );
  });

  it("leaves out sizes that mean nothing in the stack", async () => {
    const single = await described({ tier: "single" });
    assert.doesNotMatch(single, /\b(app\.min|app\.max|cache\.nodeType|cache\.replicas|database\.active)\b/);
    const last = await described({ tier: "multi-az" });
    assert.doesNotMatch(last, /\b(app\.servers|database\.volumeGiB|database\.primary|database\.active)\b/);
    assert.match(last, /database\.instanceType +db\.t4g\.medium +model/);
    const moving = await described({ tier: "elastic", database: { kind: "migrating" } });
    assert.match(moving, /database\.active +self-managed +default/);
  });

  it("says what a tier cannot carry", async () => {
    const text = await described({ tier: "single", users: 100_000_000 });
    assert.match(text, /app\.instanceType: the largest there is does not carry the peak of these users in tier single/);
    assert.match(text, /database\.instanceType: the largest there is does not carry the peak/);
    assert.doesNotMatch(await described({ tier: "single" }), /does not carry/);
    const given = { tier: "single", users: 100_000, app: { instanceType: "t3.nano" } };
    assert.match(
      await described(given),
      /app\.instanceType: this does not carry the peak of these users in tier single/,
    );
    const fleet = { tier: "multi-az", users: 10_000_000, app: { max: 6 } };
    assert.match(await described(fleet), /app\.max: so many of these servers do not carry the peak/);
    const cache = /cache\.shards: so many of these nodes do not carry the peak of these users in tier elastic/;
    assert.match(await described({ tier: "elastic", users: 50_000_000 }), cache);
  });

  it("says that the front address waits where a load balancer answers", async () => {
    const text = await described({ tier: "elastic" });
    assert.match(text, /app-front +Elastic IP +kept for the way back +for ever/);
    assert.match(text, /loadBalancer +name +<app\.dnsName>/);
  });
});

describe("table", () => {
  it("lines columns up without lines, and leaves nothing at the end of a line", () => {
    assert.equal(
      table(
        ["name", "n"],
        [
          ["a", "1"],
          ["longer", "22"],
        ],
      ),
      "  name    n\n  a       1\n  longer  22",
    );
  });

  it("underlines a title", () => {
    assert.equal(title("Sizes"), "\nSizes\n-----");
  });

  it("writes values as text, and everything else as JSON", () => {
    assert.deepEqual(
      [plainText("a"), plainText(5), plainText(undefined), plainText(["a"])],
      ["a", "5", "null", '["a"]'],
    );
  });
});
