import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TIERS, type Tier } from "../../config/tiers";
import { tierSide, transitions, type StackTransition } from "../../evaluate/transition";
import program from "../../index";
import { generatedSections } from "../../report/docs";
import { inTurn } from "../support/stacks";
import { assertTold, losses } from "./transitions";

const ROOT = join(__dirname, "..", "..");
const PAIRS = TIERS.flatMap((from) => TIERS.filter((to) => to !== from).map((to) => [from, to] as const));

/** What has to be said first, for the pairs where something would be lost; each is a sentence of its own in config/transition.ts. */
const DOWN_TO_SINGLE = ["cache.shards", "database.readers"];

describe("each of the 42 ordered pairs of tiers", function () {
  this.timeout(120_000);
  const found = new Map<string, StackTransition>();

  before(async () => {
    const sides = TIERS.map((tier) => tierSide(ROOT, tier));
    for (const pair of await inTurn(() => transitions(program, sides))) found.set(`${pair.from} ${pair.to}`, pair);
  });

  const of = (from: Tier, to: Tier): StackTransition => found.get(`${from} ${to}`)!;

  for (const [from, to] of PAIRS) {
    it(`${from} to ${to} replaces nothing stateful, and deletes it only where it is refused`, () => {
      const pair = of(from, to);
      const lost = losses(pair);
      assert.deepEqual(
        lost.filter((loss) => loss.startsWith("replace")),
        [],
      );
      assert.equal(
        lost.length > 0,
        pair.problems.some(({ key }) => key !== "network.addressQuota"),
        lost.join(", "),
      );
    });
  }

  it("goes up to elastic in one leap from every tier below", () => {
    for (const from of TIERS.slice(0, 4)) assert.deepEqual(of(from, "elastic").problems, []);
  });

  it("asks for the data to be moved wherever the kind of database would change", () => {
    const below = TIERS.slice(0, 5);
    for (const from of below)
      for (const to of ["resilient", "multi-az"] as const) {
        assert.ok(
          of(from, to).problems.some(
            ({ key, mend }) => key === "database.kind" && mend.includes("database.kind self-managed"),
          ),
        );
        assert.ok(
          of(to, from).problems.some(
            ({ key, mend }) => key === "database.kind" && mend.includes("database.kind aurora"),
          ),
        );
      }
  });

  it("keeps cache and reader on the way down to single", () => {
    for (const from of TIERS.slice(1, 5)) {
      assert.deepEqual(
        of(from, "single").problems.map(({ key }) => key),
        DOWN_TO_SINGLE,
      );
    }
  });

  it("adds up the Elastic IPs of old and new: replicated and multi-az need seven together", () => {
    for (const [from, to] of [
      ["replicated", "multi-az"],
      ["multi-az", "replicated"],
    ] as const) {
      const quota = of(from, to).problems.find(({ key }) => key === "network.addressQuota");
      assert.match(quota?.why ?? "", /need 7 Elastic IPs/);
    }
  });

  it("takes no server down first, where clients come, but behind a balancer with others", () => {
    for (const pair of found.values()) {
      const first = pair.changes.filter(({ type, oldFirst }) => type === "aws:ec2/instance:Instance" && oldFirst);
      assert.deepEqual(first, []);
    }
  });

  it("tells the seconds of every lone machine that goes down first, and of every address that moves", () => {
    for (const pair of found.values()) assertTold(pair);
  });

  it("is in the documents as it is computed", () => {
    const stale = generatedSections(PAIRS.map(([from, to]) => of(from, to))).filter(({ file, write }) => {
      const text = readFileSync(join(ROOT, file), "utf8");
      return write(text) !== text;
    });
    assert.deepEqual(
      stale.map(({ file, section }) => `${file} ${section}: run npm run docs`),
      [],
    );
  });
});
