import assert from "node:assert/strict";
import { resolveSettings, type Footprint } from "../../config";
import { TIERS } from "../../config/tiers";
import { transitionOf } from "../../config/transition";
import type { Finding } from "../../report/finding";
import { judge } from "../../report/gate";
import { previewBetween } from "../support/previews";
import { configOf, stackWith, type Words } from "../support/stacks";

async function stoppedBetween(before: Words, after: Words): Promise<readonly Finding[]> {
  return judge(previewBetween(await stackWith(before), await stackWith(after)), []).stopped;
}

async function isRefused(before: Words, after: Words): Promise<boolean> {
  const footprint = (await stackWith(before)).outputs["footprint"] as Footprint;
  return transitionOf(footprint, resolveSettings(configOf(after), "test"), "test").problems.length > 0;
}

describe("the gate and what the stack file may change", function () {
  this.timeout(120_000);

  it("opens for every change of tier that the program takes, with and without a domain", async () => {
    const pairs = TIERS.flatMap((from) => TIERS.filter((to) => to !== from).map((to) => [from, to] as const));
    let taken = 0;
    for (const edge of [{}, { domain: "api.example.com" }])
      for (const [from, to] of pairs) {
        const [before, after]: [Words, Words] = [
          { tier: from, edge },
          { tier: to, edge },
        ];
        if (await isRefused(before, after)) continue;
        taken += 1;
        assert.deepEqual(await stoppedBetween(before, after), [], `${from} to ${to}`);
      }
    assert.ok(taken >= 30, `${taken} taken`);
  });

  it("opens where a fleet grows, or comes down as it follows its load", async () => {
    const sized = (min: number, max: number): Words => ({ tier: "elastic", app: { min, max } });
    const way = [sized(2, 4), sized(15, 30), sized(2, 15), sized(2, 8), sized(2, 4), sized(2, 2)];
    for (const [index, after] of way.slice(1).entries())
      assert.deepEqual(await stoppedBetween(way[index]!, after), [], JSON.stringify(after));
    for (const before of [sized(15, 30), sized(2, 30)]) {
      const [finding] = await stoppedBetween(before, sized(2, 14));
      assert.equal(finding?.property, "maxSize");
    }
  });

  it("opens where machines are replaced or change their type in turn", async () => {
    const balanced = { tier: "balanced", app: { instanceType: "t4g.small" } };
    for (const after of [
      { ...balanced, replace: { "app-balancer": "anew" } },
      { ...balanced, app: { instanceType: "t4g.medium" } },
      { ...balanced, app: { instanceType: "t3.small" } },
    ])
      assert.deepEqual(await stoppedBetween(balanced, after), [], JSON.stringify(after));
    const aurora = (type: string): Words => ({ tier: "resilient", database: { instanceType: type } });
    assert.deepEqual(await stoppedBetween(aurora("r7g.large"), aurora("r7g.xlarge")), []);
  });

  it("closes where a lone database of either kind stops for another type", async () => {
    const lone = (kind: string, type: string): Words => ({
      tier: "cached",
      database: { kind, readers: 0, instanceType: type },
    });
    for (const [kind, property] of [
      ["self-managed", "instanceType"],
      ["aurora", "instanceClass"],
    ] as const) {
      const stopped = await stoppedBetween(lone(kind, "r7g.large"), lone(kind, "r7g.xlarge"));
      assert.deepEqual(
        stopped.map((each) => each.property),
        [property],
      );
    }
  });
});
