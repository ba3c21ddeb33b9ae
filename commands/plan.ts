import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, resolveSettings } from "../config";
import { TIERS } from "../config/tiers";
import { evaluate, type Evaluation } from "../evaluate";
import { readStack, StackFileError } from "../evaluate/stack-file";
import { fileSide, tierSide, transitions, type Side } from "../evaluate/transition";
import program from "../index";
import { describePlan } from "../report/plan";
import { describeTransition } from "../report/transition";

const ROOT = join(__dirname, "..");
const USAGE = `usage: npm run plan -- [--stack NAME] [--tier TIER] [--users N] [--json]
       npm run plan -- --from NAME --to NAME [--json]

Prints what \`pulumi up\` would build on a fresh stack, or what it would do to one that stands; with no account, CLI or network.
  --stack NAME   read Pulumi.NAME.yaml (default: dev, where neither --stack nor --tier is given)
  --tier TIER    that tier; instead of the stack file's, or without one
  --users N      so many users, instead of the stack file's
  --from, --to   tiers, or names of stack files
  --json         one JSON object: stack, tier, resources, outputs; or from, to, stack, tier, problems, notices, changes`;

const OPTIONS = {
  stack: { type: "string" },
  tier: { type: "string" },
  users: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

async function main(): Promise<string> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help === true) return USAGE;
  return values.from === undefined && values.to === undefined ? plan(values) : change(values);
}

async function plan({ stack, tier, users, json }: Values): Promise<string> {
  const config = readStack(ROOT, stack ?? (tier === undefined ? "dev" : undefined), { tier, users });
  const evaluation = await evaluate(program, config);
  const settings = resolveSettings(config.config, config.stack);
  return json === true ? toJson(jsonOf(evaluation, settings.tier)) : describePlan(evaluation, settings);
}

async function change({ from, to, users, json }: Values): Promise<string> {
  if (from === undefined || to === undefined)
    throw new StackFileError("--from and --to go together: npm run plan -- --from single --to elastic");
  const [found] = await transitions(program, [sideOf(from, users), sideOf(to, users)]);
  return found === undefined || json === true ? toJson(found) : describeTransition(found);
}

function sideOf(name: string, users: string | undefined): Side {
  const isFile = existsSync(join(ROOT, `Pulumi.${name}.yaml`)) || !(TIERS as readonly string[]).includes(name);
  return isFile ? fileSide(ROOT, name, users) : tierSide(ROOT, name, users);
}

function jsonOf({ stack, resources, outputs }: Evaluation, tier: string): object {
  const shown = resources.map(({ urn, type, name, parent, inputs, protect }) => ({
    urn,
    type,
    name,
    parent,
    inputs,
    protect,
  }));
  return { stack, tier, resources: shown, outputs };
}

function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Mistakes of whoever called: said without a stack trace. */
function isExpected(error: unknown): error is Error {
  const wrongOption = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
  return error instanceof ConfigError || error instanceof StackFileError || wrongOption;
}

main().then(
  (text) => process.stdout.write(`${text}\n`),
  (error: unknown) => {
    process.stderr.write(`${isExpected(error) ? error.message : ((error as Error).stack ?? String(error))}\n`);
    process.exitCode = 1;
  },
);
