import { evaluate, type Evaluation, type Program } from "../../evaluate";
import program from "../../index";
import { TIERS, type Tier } from "../../config/tiers";

/** What a person writes into a stack file, without the namespace. */
export type Words = Readonly<Record<string, unknown>>;

export const PROJECT = "billybully";
export const REGION = "ap-northeast-2";
export const ZONES = ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"];

/** A stack file as Pulumi hands it over: every value a text, objects as JSON. */
export function configOf(words: Words, region = REGION): Record<string, string> {
  const own = Object.entries(words).map(([key, value]) => [
    `${PROJECT}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { "aws:region": region, ...Object.fromEntries(own) } as Record<string, string>;
}

let last: Promise<unknown> = Promise.resolve();

/** One evaluation at a time: the SDK's state is the process's. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => undefined);
  return turn;
}

const evaluated = new Map<string, Promise<Evaluation>>();

/** The whole program on a fresh stack with this file; evaluated once, whoever asks. */
export function stackWith(words: Words): Promise<Evaluation> {
  const key = JSON.stringify(words);
  const known =
    evaluated.get(key) ?? inTurn(() => evaluate(program, { project: PROJECT, stack: "test", config: configOf(words) }));
  evaluated.set(key, known);
  return known;
}

export function tierNamed(tier: Tier): Promise<Evaluation> {
  return stackWith({ tier });
}

/** Every tier with nothing else in its file. */
export async function allTiers(): Promise<Map<Tier, Evaluation>> {
  return new Map(await Promise.all(TIERS.map(async (tier) => [tier, await tierNamed(tier)] as const)));
}

/** A small program, as a reader of the README would write one. */
export function built(build: () => unknown): Promise<Evaluation> {
  return outputsOf(() => {
    build();
    return {};
  });
}

/** A small program that returns what a component offers to others. */
export function outputsOf(small: Program): Promise<Evaluation> {
  return inTurn(() => evaluate(small, { project: PROJECT, stack: "test", config: { "aws:region": REGION } }));
}
