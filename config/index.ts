import * as pulumi from "@pulumi/pulumi";
import { isRegion } from "../plan/regions";
import { parseStackFile } from "./parse";
import type { Footprint } from "./footprint";
import { commandsFor, ConfigError, type Problem } from "./problem";
import { brokenRules } from "./rules";
import { settle, type Settings } from "./settings";
import { transitionOf } from "./transition";

export { footprintOf, type Footprint } from "./footprint";
export { ConfigError } from "./problem";
export type { Settings } from "./settings";

const NAMESPACE = "billybully:";

/**
 * The settings of the stack at hand, checked against what it holds already. The only reader of Pulumi's configuration.
 *
 * @throws ConfigError with every problem there is; nothing is registered before
 */
export async function loadSettings(): Promise<Settings> {
  const stack = pulumi.getStack();
  const settings = resolveSettings(pulumi.runtime.allConfig(), stack);
  const before = await previousFootprint(stack);
  if (before === undefined) return settings;
  const { problems, notices } = transitionOf(before, settings, stack);
  if (problems.length > 0) throw new ConfigError(stack, problems);
  for (const notice of notices) void pulumi.log.warn(notice);
  return settings;
}

/** What the last `up` of this stack left behind; nothing on a fresh one. A stack may read its own last outputs: it asks the state, not AWS. */
async function previousFootprint(stack: string): Promise<Footprint | undefined> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
  const output = await new pulumi.StackReference("before", { name }).getOutputDetails("footprint");
  return output.value as Footprint | undefined;
}

/** The same from plain values: every key with its namespace and every value as text, as Pulumi hands them over. */
export function resolveSettings(config: Readonly<Record<string, string>>, stack: string): Settings {
  const own = Object.entries(config).flatMap(([key, text]) =>
    key.startsWith(NAMESPACE) ? [[key.slice(NAMESPACE.length), text] as const] : [],
  );
  const raw = Object.fromEntries(own);
  const region = config["aws:region"] ?? "";
  const { file, problems: wrong } = parseStackFile(raw, stack);
  const told = [...(isRegion(region) ? [] : [regionProblem(region, stack)]), ...wrong];
  if (file === undefined || !isRegion(region)) throw new ConfigError(stack, told);
  const settings = settle(file, region);
  const problems = [...told, ...brokenRules(settings, file, stack).filter(({ key }) => isNew(key, told))];
  if (problems.length > 0) throw new ConfigError(stack, problems);
  return settings;
}

/** Whether nothing was said yet of a key, of what it is a part of, or of its parts. */
function isNew(key: string, told: readonly Problem[]): boolean {
  const isWithin = (part: string, whole: string): boolean =>
    part === whole || (/^[.[]/.test(part.slice(whole.length)) && part.startsWith(whole));
  return !told.some((problem) => isWithin(key, problem.key) || isWithin(problem.key, key));
}

function regionProblem(region: string, stack: string): Problem {
  const why = region === "" ? "missing" : "not a region's name";
  const name = region.trim().toLowerCase();
  const meant = [name, name.slice(0, -1)].find(isRegion); // a zone's name has a letter more
  const mend = commandsFor(stack).set("aws:region", meant ?? "ap-northeast-2");
  return {
    key: "aws:region",
    value: region === "" ? undefined : region,
    why,
    allowed: "a region of AWS, for example ap-northeast-2 (Seoul)",
    mend,
  };
}
