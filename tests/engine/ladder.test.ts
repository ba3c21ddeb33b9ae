import assert from "node:assert/strict";
import { TIERS, type Tier } from "../../config/tiers";
import { evaluate } from "../../evaluate";
import program from "../../index";
import { disagreements } from "./agreement";
import { EngineStack, inTurns, missing } from "./stack";

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

/** The three slowest first. */
const ORDER: readonly Tier[] = ["multi-az", "resilient", "elastic", "balanced", "replicated", "cached", "single"];

/** Stacks at a time: most of an `up` is waiting. */
const WIDTH = Number(process.env["ENGINE_WIDTH"] ?? 3);

interface Outcome {
  readonly disagreements: string[];
  readonly resources: number;
}

describe("each tier on a fresh stack", () => {
  let outcomes: Map<Tier, Promise<Outcome>>;

  before(async function () {
    const reason = await missing();
    if (reason !== undefined) {
      console.log(`  skipped: ${reason}`);
      this.skip();
    }
    // All copies of the project are made now, so that an edit meanwhile does not reach some of them.
    const stacks = new Map(ORDER.map((tier) => [tier, new EngineStack(`ladder-${tier}`)]));
    outcomes = inTurns(ORDER, WIDTH, (tier) => build(tier, stacks.get(tier) ?? new EngineStack(`ladder-${tier}`)));
  });

  for (const tier of TIERS) {
    it(`${tier} comes up, stays as it is, and is what the plan said`, async () => {
      const outcome = await outcomes.get(tier);
      assert.deepEqual(outcome?.disagreements, []);
      assert.ok(outcome.resources > 100, `only ${outcome.resources} resources`);
    });
  }
});

/** One evaluation at a time: it uses the SDK's state of this process. */
let evaluating: Promise<unknown> = Promise.resolve();

async function build(tier: Tier, stack: EngineStack): Promise<Outcome> {
  const config = { "aws:region": REGIONS[tier], tier };
  try {
    await stack.create(config);
    await stack.up();
    await stack.expectNoChanges();
    const state = await stack.state();
    const turn = evaluating.then(() =>
      evaluate(program, {
        project: "billybully",
        stack: stack.name,
        config: { "aws:region": REGIONS[tier], "billybully:tier": tier },
      }),
    );
    evaluating = turn.catch(() => undefined);
    const evaluation = await turn;
    return { disagreements: disagreements(evaluation, state), resources: evaluation.resources.length };
  } finally {
    await stack.forget();
  }
}
