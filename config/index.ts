import * as pulumi from "@pulumi/pulumi";
import { isRegion } from "../plan/regions";
import { parseStackFile } from "./parse";
import { commandsFor, ConfigError, type Problem } from "./problem";
import { brokenRules } from "./rules";
import { settle, type Settings } from "./settings";

export { ConfigError } from "./problem";
export type { Settings } from "./settings";

const NAMESPACE = "billybully:";

/**
 * The settings of the stack at hand. The only reader of Pulumi's configuration.
 *
 * @throws ConfigError with every problem there is; nothing is registered before
 */
export function loadSettings(): Settings {
  return resolveSettings(pulumi.runtime.allConfig(), pulumi.getStack());
}

/** The same from plain values: every key with its namespace and every value as text, as Pulumi hands them over. */
export function resolveSettings(config: Readonly<Record<string, string>>, stack: string): Settings {
  const own = Object.entries(config).flatMap(([key, text]) =>
    key.startsWith(NAMESPACE) ? [[key.slice(NAMESPACE.length), text] as const] : [],
  );
  const raw = Object.fromEntries(own);
  const region = config["aws:region"] ?? "";
  const regions = isRegion(region) ? [] : [regionProblem(region, stack)];
  const parsed = parseStackFile(raw, stack);
  if (parsed.problems !== undefined || regions.length > 0)
    throw new ConfigError(stack, [...regions, ...(parsed.problems ?? [])]);
  const settings = settle(parsed.file, region);
  const broken = brokenRules(settings, parsed.file, stack);
  if (broken.length > 0) throw new ConfigError(stack, broken);
  return settings;
}

function regionProblem(region: string, stack: string): Problem {
  const why = region === "" ? "missing" : "not a region's name";
  const mend = commandsFor(stack).set("aws:region", "ap-northeast-2");
  return {
    key: "aws:region",
    value: region === "" ? undefined : region,
    why,
    allowed: "a region of AWS, for example ap-northeast-2 (Seoul)",
    mend,
  };
}
