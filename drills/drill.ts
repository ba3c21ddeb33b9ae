import type { Evaluation } from "../evaluate/graph";
import { describe, type Report } from "./load/report";
import { World, type Java } from "./world/world";

/** What a drill wants of the machine it runs on; see needs.ts. */
export type Need = "root" | "nginx" | "nftables" | "java" | "mysql" | "xfs" | "valkey" | "app";

/** Whether a promise was kept, and by how much. */
export interface Verdict {
  readonly kept: boolean;
  readonly figures: string;
}

/** One sentence of what the service promises, and how measured facts decide on it. */
export interface Pledge<F> {
  readonly id: string;
  readonly sentence: string;
  check(facts: F): Verdict;
}

/** One thing that happens to the service, and what is promised about it. */
export interface Phase<S> {
  readonly name: string;
  readonly title: string;
  readonly pledges: readonly { readonly id: string; readonly sentence: string }[];
  run(stage: S): Promise<Outcome>;
}

export interface Outcome {
  /** What was measured, a line each. */
  readonly lines: readonly string[];
  readonly verdicts: readonly (Verdict & { readonly id: string; readonly sentence: string })[];
}

/** A part of the service, built from the program and put on stage, and the phases that it goes through, in order. */
export interface Drill {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly Need[];
  /** Whether it belongs to the half that CI runs each time. */
  readonly quick: boolean;
  /** Whether it bears another drill beside it: it waits more than it works. */
  readonly company: boolean;
  readonly phases: readonly {
    readonly name: string;
    readonly title: string;
    readonly pledges: Phase<unknown>["pledges"];
  }[];
  perform(context: Context): Promise<void>;
}

export type Settings = Readonly<Record<string, string>>;

/** What a drill is run with. */
export interface Context {
  /** The program's own answer to what a tier is made of; `settings` are keys of a stack file, objects as JSON. */
  evaluate(tier: string, settings?: Settings): Promise<Evaluation>;
  /** Phases to run; all where there are none. */
  readonly only: readonly string[];
  say(line: string): void;
  report(phase: string, outcome: Outcome): void;
}

interface Script<S> {
  readonly name: string;
  readonly title: string;
  readonly needs: readonly Need[];
  readonly quick: boolean;
  readonly company: boolean;
  readonly tier: string;
  /** Keys of the stack file beside the tier. */
  readonly settings?: Settings;
  readonly java: Java;
  /** Makes the machines and brings them to where the first phase begins. */
  stage(world: World, context: Context): Promise<S>;
  readonly phases: readonly Phase<S>[];
}

export function defineDrill<S>(script: Script<S>): Drill {
  const { name, title, needs, quick, company, phases } = script;
  return {
    name,
    title,
    needs,
    quick,
    company,
    phases,
    async perform(context) {
      const world = await World.open(await context.evaluate(script.tier, script.settings), script.java);
      try {
        const stage = await script.stage(world, context);
        for (const phase of phases) {
          if (context.only.length > 0 && !context.only.includes(phase.name)) continue;
          context.report(phase.name, await phase.run(stage));
        }
        const { unexpected } = world.account;
        if (unexpected.length > 0) throw new Error(`calls that nobody expected:\n${unexpected.join("\n")}`);
      } catch (error) {
        context.say(
          world.machines
            .flatMap(({ journal }) => journal.slice(-JOURNAL_LINES))
            .sort()
            .join("\n"),
        );
        throw error;
      } finally {
        world.close();
      }
    },
  };
}

const JOURNAL_LINES = 40;

/** A phase measures facts, and each of its promises is decided by them. Facts named `load` or `lines` are printed as well. */
export function phase<S, F extends object>(
  name: string,
  title: string,
  measure: (stage: S) => Promise<F>,
  ...pledges: readonly Pledge<NoInfer<F>>[]
): Phase<S> {
  return {
    name,
    title,
    pledges,
    async run(stage) {
      const facts = await measure(stage);
      const { load, lines = [] } = facts as { load?: Report; lines?: readonly string[] };
      return {
        lines: [...(load === undefined ? [] : [describe(load)]), ...lines],
        verdicts: pledges.map((pledge) => ({ id: pledge.id, sentence: pledge.sentence, ...pledge.check(facts) })),
      };
    },
  };
}

export function pledge<F>(id: string, sentence: string, check: (facts: F) => Verdict): Pledge<F> {
  return { id, sentence, check };
}

/** `12 of at most 20 ms`. */
export function atMost(value: number, limit: number, what: string): Verdict {
  return { kept: value <= limit, figures: `${round(value)}${what}, at most ${round(limit)}` };
}

export function atLeast(value: number, limit: number, what: string): Verdict {
  return { kept: value >= limit, figures: `${round(value)}${what}, at least ${round(limit)}` };
}

export function none(count: number, what: string): Verdict {
  return { kept: count === 0, figures: `${count} ${what}` };
}

export function is(kept: boolean, figures: string): Verdict {
  return { kept, figures };
}

/** Several conditions of one promise. */
export function all(...verdicts: readonly Verdict[]): Verdict {
  const said = verdicts.map(({ figures }) => figures).filter((figures) => figures !== "");
  return { kept: verdicts.every(({ kept }) => kept), figures: said.join("; ") };
}

function round(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString("en-US") : value.toFixed(1);
}
