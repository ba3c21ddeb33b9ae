import { join } from "node:path";
import { parseArgs } from "node:util";
import { ConfigError, resolveSettings } from "../config";
import { evaluate, type Evaluation } from "../evaluate";
import { readStack, StackFileError } from "../evaluate/stack-file";
import program from "../index";
import { describePlan } from "../report/plan";

const USAGE = `usage: npm run plan -- [--stack NAME] [--tier TIER] [--users N] [--json]

Prints what \`pulumi up\` would build on a fresh stack, with no account, CLI or network.
  --stack NAME   read Pulumi.NAME.yaml (default: dev, where neither --stack nor --tier is given)
  --tier TIER    that tier; instead of the stack file's, or without one
  --users N      so many users, instead of the stack file's
  --json         one JSON object: stack, tier, settings, resources, outputs`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      stack: { type: "string" },
      tier: { type: "string" },
      users: { type: "string" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    print(USAGE);
    return;
  }
  const stack = values.stack ?? (values.tier === undefined ? "dev" : undefined);
  const config = readStack(join(__dirname, ".."), stack, { tier: values.tier, users: values.users });
  const evaluation = await evaluate(program, config);
  const settings = resolveSettings(config.config, config.stack);
  print(
    values.json === true
      ? JSON.stringify(jsonOf(evaluation, settings.tier), null, 2)
      : describePlan(evaluation, settings),
  );
}

function jsonOf({ stack, resources, outputs }: Evaluation, tier: string): object {
  return {
    stack,
    tier,
    resources: resources.map(({ urn, type, name, parent, inputs, protect }) => ({
      urn,
      type,
      name,
      parent,
      inputs,
      protect,
    })),
    outputs,
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((error: unknown) => {
  const expected =
    error instanceof ConfigError ||
    error instanceof StackFileError ||
    (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") === true;
  process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
});
