import type { Context, Drill, Outcome } from "./drill";
import { lacking } from "./needs";

export interface Result {
  readonly drill: string;
  readonly outcome: "kept" | "broken" | "failed" | "skipped";
  readonly kept: number;
  /** What each phase that was run showed. */
  readonly shown: readonly Shown[];
  /** Promises that were broken, `drill/phase/promise`. */
  readonly broken: readonly string[];
  readonly seconds: number;
}

export interface Shown {
  readonly phase: string;
  readonly title: string;
  readonly outcome: Outcome;
}

/** Runs a drill and prints what it showed. */
export async function runDrill(drill: Drill, only: readonly string[], evaluate: Context["evaluate"]): Promise<Result> {
  const began = Date.now();
  let reported = began;
  const lacks = lacking(drill.needs);
  if (lacks.length > 0) {
    console.log(`${drill.name}: SKIPPED, this machine has no ${lacks.join("; no ")}`);
    return { drill: drill.name, outcome: "skipped", kept: 0, shown: [], broken: [], seconds: 0 };
  }
  console.log(`${drill.name}: ${drill.title}`);
  const broken: string[] = [];
  const shown: Shown[] = [];
  const context: Context = {
    evaluate,
    only,
    say: (line) => {
      if (line !== "") console.log(line.replaceAll(/^/gm, "  "));
    },
    report: (name, outcome) => {
      const title = drill.phases.find((phase) => phase.name === name)?.title ?? "";
      const seconds = (Date.now() - reported) / 1000;
      reported = Date.now();
      print(`${drill.name}/${name}`, `${title} (${seconds.toFixed(0)} s)`, outcome);
      shown.push({ phase: name, title, outcome });
      broken.push(...outcome.verdicts.filter(({ kept }) => !kept).map(({ id }) => `${drill.name}/${name}/${id}`));
    },
  };
  let outcome: Result["outcome"] = "kept";
  try {
    await drill.perform(context);
    if (broken.length > 0) outcome = "broken";
  } catch (error) {
    outcome = "failed";
    console.log(`  FAILED: ${(error as Error).stack ?? String(error)}`);
  }
  const seconds = (Date.now() - began) / 1000;
  console.log(`${drill.name}: ${WORDS[outcome]} in ${seconds.toFixed(0)} s\n`);
  const kept = shown.flatMap(({ outcome: { verdicts } }) => verdicts).filter((verdict) => verdict.kept).length;
  return { drill: drill.name, outcome, kept, shown, broken, seconds };
}

const WORDS = { kept: "every promise kept", broken: "PROMISES BROKEN", failed: "FAILED", skipped: "skipped" };

function print(name: string, title: string, { lines, verdicts }: Outcome): void {
  console.log(`  ${name}: ${title}`);
  for (const line of lines) console.log(`    ${line}`);
  for (const { id, sentence, kept, figures } of verdicts)
    console.log(`    ${kept ? "kept  " : "BROKEN"} ${kept ? id : `${name}/${id}`}: ${sentence} (${figures})`);
}
