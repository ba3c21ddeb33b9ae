import assert from "node:assert/strict";
import { TIERS, type Tier } from "../../config/tiers";
import { disagreements } from "./agreement";
import { onEngine } from "./hooks";
import { offline } from "./offline";
import { stacks } from "./queue";
import { EngineStack } from "./stack";

/**
 * A region for each tier: an account has five Elastic IPs in a region, and the stacks stand side by side. It also shows that no part of the
 * program knows Seoul.
 */
const REGIONS: Readonly<Record<Tier, string>> = {
  single: "ap-northeast-2",
  cached: "us-east-1",
  replicated: "us-west-2",
  balanced: "eu-west-1",
  elastic: "eu-central-1",
  resilient: "ap-southeast-1",
  "multi-az": "ap-southeast-2",
};

interface Outcome {
  readonly disagreements: readonly string[];
  readonly resources: number;
}

const outcomes = new Map<Tier, Promise<Outcome>>();

onEngine("each tier on a fresh stack", start, () => {
  for (const tier of TIERS) {
    it(`${tier} comes up, stays as it is, and is what the plan said`, async () => {
      const outcome = await outcomes.get(tier);
      assert.deepEqual(outcome?.disagreements, []);
      assert.ok(outcome.resources > 100, `only ${outcome.resources} resources`);
    });
  }
});

/** The slowest first. All copies of the project are made now, so that an edit meanwhile does not reach some of them. */
function start(): void {
  for (const tier of [...TIERS].reverse()) {
    const stack = new EngineStack(`ladder-${tier}`);
    outcomes.set(
      tier,
      stacks.add(() => build(tier, stack)),
    );
  }
}

async function build(tier: Tier, stack: EngineStack): Promise<Outcome> {
  try {
    await stack.create({ "aws:region": REGIONS[tier], tier });
    await stack.up();
    await stack.expectNoChanges();
    const [evaluation, state] = [await offline(stack), await stack.state()];
    return { disagreements: disagreements(evaluation, state), resources: evaluation.resources.length };
  } finally {
    await stack.forget();
  }
}
