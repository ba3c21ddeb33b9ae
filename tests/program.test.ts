import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TIERS } from "../config/tiers";
import type { Evaluation, Resource } from "../evaluate";
import { REFERENCE, reference } from "../evaluate/graph";
import { outputsOf } from "../evaluate/outputs";
import { readUserData } from "../plan/user-data";
import { all, one, textsIn, waitsFor } from "./support/graph";
import { stackWith, tierNamed } from "./support/stacks";
import { variant, VARIANTS } from "./support/variants";

const PREFIX = "urn:pulumi:test::billybully::";
const STACK = `${PREFIX}pulumi:pulumi:Stack::billybully-test`;

describe("golden names", () => {
  for (const tier of TIERS)
    it(`${tier} has the resources of tests/golden/${tier}.txt: a changed name is another resource`, async () => {
      const { resources } = await tierNamed(tier);
      const names = resources.map(({ urn }) => `${urn.slice(PREFIX.length)}\n`).join("");
      const file = join(__dirname, "golden", `${tier}.txt`);
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, names);
      assert.equal(names, existsSync(file) ? readFileSync(file, "utf8") : "(no such file; UPDATE_GOLDEN=1 writes it)");
    });
});

describe("every variant of the program", () => {
  for (const name of Object.keys(VARIANTS))
    describe(name, () => {
      let stack: Evaluation;
      before(async () => {
        stack = await variant(name);
      });

      it("refers only to resources and properties that there are", () => {
        const known = new Set(stack.resources.flatMap(referencesTo));
        const used = stack.resources.flatMap((resource) =>
          readableTexts(resource).flatMap(({ path, text }) =>
            [...text.matchAll(REFERENCE)].map(([whole]) => ({ from: `${resource.name}${path}`, whole })),
          ),
        );
        assert.deepEqual(
          used.filter(({ whole }) => !known.has(whole)),
          [],
        );
        assert.ok(used.length > 100, String(used.length));
      });

      it("leaves no input undefined, empty or unreadable", () => {
        const odd = stack.resources.flatMap((resource) =>
          readableTexts(resource).filter(({ text }) => text === "" || /undefined|\[object |Output</.test(text)),
        );
        assert.deepEqual(odd, []);
        const nothing = stack.resources.filter(({ inputs }) => /[:,[](null|undefined)\b/.test(JSON.stringify(inputs)));
        assert.deepEqual(nothing, []);
      });

      it("gives every resource what its type demands", () => {
        const missing = stack.resources.flatMap(({ type, name: own, inputs }) =>
          demandedBy(type).flatMap((property) => (property in inputs ? [] : [`${type} ${own}: ${property}`])),
        );
        assert.deepEqual(missing, []);
      });

      it("has no two resources of one type and name", () => {
        const seen = new Set<string>();
        const twice = stack.resources.filter(({ type, name: own }) => seen.size === seen.add(`${type}::${own}`).size);
        assert.deepEqual(twice, []);
      });

      it("keeps every resource under its component, but for the provider and the stack's own memory", () => {
        const urns = new Map(stack.resources.map((resource) => [resource.urn, resource]));
        const top = stack.resources.filter(({ parent }) => parent === STACK).map(({ urn }) => urn.slice(PREFIX.length));
        assert.deepEqual(top, [
          "billybully:app:AppTier::app",
          "billybully:cache:CacheTier::cache",
          "billybully:database:DbCluster::db",
          "billybully:keyring:Keyring::key",
          "billybully:network:Network::network",
          "pulumi:providers:aws::aws",
          ...top.filter((urn) => urn === "pulumi:pulumi:StackReference::before"),
        ]);
        for (const { urn, type, name: own, parent } of stack.resources) {
          if (parent === null || parent === STACK) continue;
          const above = urns.get(parent);
          assert.ok(above !== undefined, `${urn} has no parent ${parent}`);
          assert.equal(urn, `${PREFIX}${above.urn.split("::")[2]!}$${type}::${own}`);
        }
      });

      it("leads every route somewhere, and every private subnet out where there is a way", () => {
        const routes = all(stack, "Route");
        for (const { name: own, inputs } of routes) {
          const targets = ["gatewayId", "natGatewayId", "networkInterfaceId"].filter((key) => key in inputs);
          assert.equal(targets.length, 1, own);
        }
        const privateSubnets = all(stack, "Subnet").filter((subnet) => subnet.name.includes("-private-"));
        const out = routes.filter((route) => route.name.startsWith("network-egress-"));
        assert.ok(out.length === privateSubnets.length || (out.length === 0 && name.includes("no way out")));
      });
    });
});

/** A component waits before it is registered, and its children wait for it. */
describe("the order of the program", () => {
  const waits = async (type: string, name: string): Promise<string[]> => {
    const stack = await tierNamed("cached");
    return waitsFor(stack, one(stack, type, name));
  };

  it("builds the app when its network, database and cache are there and serve", async () => {
    const firsts = ["Route network-egress-1", "Association network-nat-apply", "Association db-mysql-2-apply"];
    const before = await waits("AppTier", "app");
    assert.deepEqual(
      [...firsts, "Record db-writer", "ReplicationGroup cache"].filter((first) => !before.includes(first)),
      [],
    );
  });

  it("builds database and cache when their network leads out", async () => {
    for (const [type, name] of [
      ["DbCluster", "db"],
      ["CacheTier", "cache"],
    ] as const) {
      const before = await waits(type, name);
      assert.ok(before.includes("Route network-egress-1") && before.includes("Association network-nat-apply"), name);
      assert.deepEqual(
        before.filter((first) => / (app|db|cache)(-|$)/.test(first)),
        [],
      );
    }
  });
});

describe("stack outputs", () => {
  const always = ["artifactBucket", "databaseWriter", "footprint", "frontAddress", "releaseDocument", "tier", "url"];
  const EXPECTED: Readonly<Record<string, readonly string[]>> = {
    single: ["addresses"],
    cached: ["addresses", "cacheEndpoint", "databaseReader"],
    replicated: ["addresses", "cacheEndpoint", "databaseReader"],
    balanced: ["addresses", "cacheEndpoint", "databaseReader"],
    elastic: ["addresses", "cacheEndpoint", "databaseReader", "loadBalancer"],
    resilient: ["addresses", "cacheEndpoint", "databaseReader", "loadBalancer"],
    "multi-az": ["addresses", "cacheEndpoint", "databaseReader", "loadBalancer"],
    "elastic with a domain": ["addresses", "cacheEndpoint", "databaseReader", "loadBalancer", "nameServers"],
    "resilient without readers": ["addresses", "cacheEndpoint", "loadBalancer"],
  };
  for (const [name, more] of Object.entries(EXPECTED))
    it(`of ${name} are those it has`, async () => {
      const { outputs } = await variant(name);
      assert.deepEqual(Object.keys(outputs).sort(), [...always, ...more].sort());
    });

  it("give the addresses of all servers, for a DNS of one's own", async () => {
    const { outputs } = await tierNamed("replicated");
    const ip = (name: string) => reference("aws:ec2/eip:Eip", name, "publicIp");
    assert.deepEqual(outputs["addresses"], [ip("app-front"), ip("app-front-2"), ip("app-front-3")]);
    assert.deepEqual([outputs["frontAddress"], outputs["url"]], [ip("app-front"), `http://${ip("app-front")}/`]);
  });

  it("are the same when the file says what applies anyway, and so is every resource", async () => {
    assert.deepEqual(await stackWith({ tier: "single", users: 10_000 }), await tierNamed("single"));
  });
});

/** Every way in which others may refer to a resource. */
function referencesTo({ type, name, inputs }: Resource): string[] {
  const own = ["id", ...Object.keys(inputs)].map((property) => reference(type, name, property));
  return [...own, ...textsIn(outputsOf(type, name)).map(({ text }) => text)];
}

/** The texts of a resource's inputs, user data as the machine reads it. */
function readableTexts({ inputs }: Resource): { path: string; text: string }[] {
  return textsIn(inputs).map(({ path, text }) => ({ path, text: path === ".userData" ? readUserData(text) : text }));
}

const demands = new Map<string, readonly string[]>();

/** Inputs that a type cannot be without: the SDK refuses them missing, but takes an output that turns out to be nothing. */
function demandedBy(type: string): readonly string[] {
  const known = demands.get(type);
  if (known !== undefined) return known;
  const [, pkg = "", module = ""] = /^(aws|random):([\w/]+):/.exec(type) ?? [];
  const file = join(__dirname, "../node_modules/@pulumi", pkg, `${module.replace(/^index\//, "")}.js`);
  const source = pkg === "" ? "" : readFileSync(file, "utf8");
  const found = [...source.matchAll(/Missing required property '(\w+)'/g)].map(([, property]) => property!);
  demands.set(type, found);
  return found;
}
