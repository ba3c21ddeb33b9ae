import assert from "node:assert/strict";
import { parseStackFile } from "../../config/parse";
import { brokenRules, loneMachines, RULES } from "../../config/rules";
import { settle, type Settings } from "../../config/settings";
import type { StackFile } from "../../config/schema";
import { TIERS } from "../../config/tiers";
import { RULE_CASES } from "../support/rule-cases";
import { configOf, REGION, type Words } from "../support/stacks";

function parsed(words: Words): { file: StackFile; settings: Settings } {
  const own = Object.entries(configOf(words)).map(([key, value]) => [key.replace("billybully:", ""), value]);
  const { "aws:region": region, ...raw } = Object.fromEntries(own) as Record<string, string>;
  const { file, problems } = parseStackFile(raw, "test");
  assert.ok(file !== undefined, JSON.stringify(problems));
  return { file, settings: settle(file, region ?? REGION) };
}

const brokenIn = (words: Words): number[] => {
  const { file, settings } = parsed(words);
  return RULES.flatMap((rule, index) => (rule.broken(settings, file) ? [index] : []));
};

describe("RULES", () => {
  it("have a case each", () => {
    assert.deepEqual(
      RULE_CASES.map(({ key }) => key),
      RULES.map(({ key }) => key),
    );
  });

  for (const [index, { key, why, broken, kept }] of RULE_CASES.entries())
    it(`for ${key} (number ${index + 1}) is broken by one file that breaks no other, and kept by its neighbour`, () => {
      assert.deepEqual(brokenIn(broken), [index]);
      assert.deepEqual(brokenIn(kept), []);
      const { file, settings } = parsed(broken);
      const [problem] = brokenRules(settings, file, "test");
      assert.match(problem!.why, why);
      assert.equal(problem!.key, key);
    });

  it("hold for every tier with nothing else in its file", () => {
    for (const tier of TIERS) assert.deepEqual(brokenIn({ tier }), [], tier);
  });

  it("hold for every tier at any number of users that a /16 and the cache have room for", () => {
    for (const tier of TIERS)
      for (const users of [1, 1_000, 100_000, 1_000_000, 10_000_000, 100_000_000])
        assert.deepEqual(brokenIn({ tier, users }), [], `${tier} ${users}`);
  });

  it("tell of all that is wrong at once", () => {
    const words = { tier: "elastic", app: { servers: 3, min: 5, max: 4 }, database: { active: "aurora", primary: 9 } };
    const { file, settings } = parsed(words);
    assert.deepEqual(
      brokenRules(settings, file, "test").map(({ key }) => key),
      ["app.servers", "app.max", "database.active", "database.primary"],
    );
  });

  it("name fewer servers than zones where the file says the most and not the least", () => {
    const { file, settings } = parsed({ tier: "multi-az", app: { max: 2 } });
    assert.deepEqual(
      brokenRules(settings, file, "test").map(({ key, value, why, allowed }) => [key, value, why, allowed]),
      [["app.max", 2, "fewer servers than the 3 zones they have to stand in", "3 or more"]],
    );
  });
});

describe("loneMachines", () => {
  const machines = (words: Words): string[] => loneMachines(parsed(words).settings);

  it("names every machine that stands alone", () => {
    assert.deepEqual(machines({ tier: "single" }), ["app-public-1", "db-mysql-1", "network-nat"]);
    assert.deepEqual(machines({ tier: "balanced" }), [
      "app-private-1",
      "app-private-2",
      "app-private-3",
      "app-balancer",
      "db-mysql-1",
      "db-mysql-2",
      "network-nat",
    ]);
    assert.deepEqual(machines({ tier: "multi-az" }), []);
  });
});
