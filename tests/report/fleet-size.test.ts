import assert from "node:assert/strict";
import { fleetsShrinking } from "../../report/fleet-size";
import type { Finding } from "../../report/finding";
import { judge } from "../../report/gate";
import { previewOf, stackStep, step, urn, type Json } from "../support/previews";

const FLEET = "aws:autoscaling/group:Group";

type Sizes = readonly [minSize: unknown, maxSize: unknown];

function resized(from: Sizes, to: Sizes, op = "update"): Json {
  const [old, now] = [from, to].map(([minSize, maxSize]) => ({ inputs: { minSize, maxSize } }));
  return step(op, FLEET, "app", { old, now });
}

function findings(from: Sizes, to: Sizes, op?: string): Finding[] {
  return fleetsShrinking(previewOf(resized(from, to, op)).steps);
}

describe("fleetsShrinking", () => {
  it("tells of a fleet that AWS would cut below what runs at least, and says what to do", () => {
    assert.deepEqual(findings([15, 30], [2, 2]), [
      {
        urn: urn(FLEET, "app"),
        property: "maxSize",
        why: "AWS would end all servers but 2 at once, and 15 to 30 run",
        todo: "lower app.min first and keep app.max at 15 or more; when the fleet has followed its load, lower app.max again, in an `up` of its own. Where the interruption is meant: --allow this URN (in CI: a line of gate-allow.txt)",
      },
    ]);
    assert.equal(findings([15, 30], [14, 14])[0]?.property, "maxSize");
  });

  it("tells of a fleet of which more than half may go, however few have to stay", () => {
    assert.equal(findings([2, 30], [2, 14])[0]?.property, "maxSize");
    assert.match(findings([2, 30], [2, 2])[0]?.todo ?? "", /keep app\.max at 15 or more/);
    assert.deepEqual(findings([2, 30], [2, 15]), []);
  });

  it("tells of a fleet that may run, or is cut down to, nothing", () => {
    assert.equal(findings([2, 4], [0, 0])[0]?.property, "maxSize, minSize");
    assert.match(findings([2, 4], [0, 4])[0]?.why ?? "", /no server would have to stay/);
    assert.equal(findings([0, 4], [0, 0])[0]?.property, "maxSize");
  });

  it("lets a fleet grow, its least come down, and its most come down to what runs at least", () => {
    for (const to of [
      [15, 30],
      [20, 40],
      [15, 60],
      [2, 30],
      [1, 15],
      [15, 15],
      [30, 30],
    ] as const)
      assert.deepEqual(findings([15, 30], to), [], to.join(" to "));
  });

  it("lets the way that it names lead there", () => {
    const way = [
      [15, 30],
      [2, 15],
      [2, 8],
      [2, 4],
      [2, 2],
    ] as const;
    for (const [index, to] of way.slice(1).entries()) assert.deepEqual(findings(way[index]!, to), []);
  });

  it("leaves a fleet alone that was so before, and one that goes: others may take its place", () => {
    assert.deepEqual(findings([0, 0], [0, 0]), []);
    assert.deepEqual(findings([0, 4], [0, 4]), []);
    assert.deepEqual(findings([2, 4], [2, 4]), []);
    assert.deepEqual(fleetsShrinking(previewOf(step("delete", FLEET, "app")).steps), []);
  });

  it("looks at a replaced fleet in the same way", () => {
    assert.equal(findings([15, 30], [2, 4], "replace").length, 1);
    assert.deepEqual(findings([15, 30], [15, 30], "replace"), []);
  });

  it("takes a size that nobody knows yet for the worst", () => {
    for (const unknown of [undefined, null, "04da6b54-80e4-46f7-96ec-b56ff0331ba9", "[secret]"]) {
      assert.equal(findings([15, 30], [15, unknown])[0]?.property, "maxSize");
      assert.equal(findings([15, 30], [unknown, 30])[0]?.property, "minSize");
      assert.match(findings([unknown, 30], [2, 20])[0]?.why ?? "", /and an unknown number to 30 run/);
    }
  });

  it("closes the gate", () => {
    const cut = previewOf(stackStep({ app: 15 }), resized([15, 30], [2, 2]));
    assert.deepEqual(
      judge(cut, []).stopped.map(({ property }) => property),
      ["maxSize"],
    );
    assert.equal(judge(cut, [urn(FLEET, "app")]).stopped.length, 0);
  });
});
