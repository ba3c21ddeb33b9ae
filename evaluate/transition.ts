import { resolveSettings, type Footprint, type Settings } from "../config";
import type { Problem } from "../config/problem";
import type { Tier } from "../config/tiers";
import { transitionOf } from "../config/transition";
import { compare, type Change } from "./compare";
import { readStack } from "./stack-file";
import { evaluate, type Evaluation, type Program, type StackConfig } from ".";

/** What becomes of a stack that stands on one configuration when it is given another. */
export interface StackTransition {
  readonly from: string;
  readonly to: string;
  /** The stack that commands are for: the stack file among the two, the later one where both are. */
  readonly stack: string | undefined;
  /** Where it leads. */
  readonly tier: Tier;
  /** Why it is refused, with what leads there safely; empty where it is not. */
  readonly problems: readonly Problem[];
  /** What clients and partners notice, in words. */
  readonly notices: readonly string[];
  readonly changes: readonly Change[];
  /** Machines that stood before, by group. */
  readonly machines: Footprint["machines"];
}

/** One side of a transition: how people call it, and its configuration. */
export interface Side {
  readonly label: string;
  /** Whose stack file it is; nothing where it is a tier. */
  readonly stack: string | undefined;
  readonly config: StackConfig;
}

/** URNs hold the stack's name; so both sides are read as one stack. Commands show it where they need a stack's name that nobody gave. */
const STACK = "STACK";

/** A tier alone, with everything else as it is when left out. */
export function tierSide(root: string, tier: string, users?: string): Side {
  return { label: tier, stack: undefined, config: readStack(root, undefined, { tier, users }) };
}

/** @throws StackFileError where there is no such file */
export function fileSide(root: string, stack: string, users?: string): Side {
  return { label: stack, stack, config: readStack(root, stack, { users }) };
}

/**
 * The transition between every two of these, in both directions; each is evaluated once. A refused one has its changes as well: they are what
 * is refused.
 *
 * @throws ConfigError where one of them is no valid configuration by itself
 */
export async function transitions(program: Program, sides: readonly Side[]): Promise<StackTransition[]> {
  const evaluated: Evaluated[] = [];
  for (const side of sides) {
    const settings = resolveSettings(side.config.config, side.label);
    evaluated.push({ ...side, settings, evaluation: await evaluate(program, { ...side.config, stack: STACK }) });
  }
  return evaluated.flatMap((from) => evaluated.filter((to) => to !== from).map((to) => between(from, to)));
}

type Evaluated = Side & { readonly settings: Settings; readonly evaluation: Evaluation };

function between(from: Evaluated, to: Evaluated): StackTransition {
  const stack = to.stack ?? from.stack;
  const before = from.evaluation.outputs["footprint"] as Footprint;
  const { problems, notices } = transitionOf(before, to.settings, stack ?? STACK);
  return {
    from: from.label,
    to: to.label,
    stack,
    tier: to.settings.tier,
    problems,
    notices,
    changes: compare(from.evaluation.resources, to.evaluation.resources),
    machines: before.machines,
  };
}
