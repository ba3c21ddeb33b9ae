import type { Machine } from "./machine";
import { Policies } from "./policies";
import { lastLine } from "./process";
import { ACCOUNT_ID } from "./references";
import type { World } from "./world";

/** A document of the program's, as far as it is used here. */
interface Document {
  readonly assumeRole: string;
  readonly parameters: Readonly<Record<string, { readonly allowedPattern?: string }>>;
  readonly mainSteps: readonly Step[];
}

interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly onFailure?: string;
  readonly nextStep?: string;
  readonly isEnd?: boolean;
}

interface Command {
  readonly Targets: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly MaxErrors: string;
  readonly Parameters: { readonly commands: readonly string[]; readonly executionTimeout: readonly string[] };
}

/** What became of an execution: Systems Manager fails it as a whole where one step has failed, whatever came after. */
export interface Execution {
  readonly status: "Success" | "Failed";
  /** Names of the steps that were taken, in order. */
  readonly steps: readonly string[];
  /** What the failed ones said. */
  readonly words: string;
}

let executions = 0;

/** Runs an automation of the program's as Systems Manager does: step after step, under the document's own role, on the machines with its tag. */
export async function execute(
  world: World,
  document: string,
  parameters: Readonly<Record<string, string>>,
): Promise<Execution> {
  const content = String(world.references.find("aws:ssm/document:Document", document).inputs["content"]);
  const { mainSteps } = JSON.parse(fill(world.references.in(content), parameters)) as Document;
  const role = world.references.named((JSON.parse(content) as Document).assumeRole);
  const policies = new Policies(world.references, role.name);
  const [taken, words]: [string[], string[]] = [[], []];
  for (let step = mainSteps[0]; step !== undefined;) {
    taken.push(step.name);
    const failure = await take(world, policies, step);
    if (failure !== undefined) words.push(`${step.name}: ${failure}`);
    step = following(mainSteps, step, failure !== undefined);
  }
  return { status: words.length > 0 ? "Failed" : "Success", steps: taken, words: words.join("\n") };
}

function following(steps: readonly Step[], step: Step, failed: boolean): Step | undefined {
  const name = failed ? step.onFailure?.replace("step:", "") : step.nextStep;
  if (step.isEnd === true || name === undefined || name === "Abort") return undefined;
  const next = steps.find((each) => each.name === name);
  if (next === undefined) throw new Error(`no step ${name}`);
  return next;
}

function fill(text: string, parameters: Readonly<Record<string, string>>): string {
  const values = { ...parameters, "automation:EXECUTION_ID": `execution-${++executions}` };
  return Object.entries(values).reduce((filled, [key, value]) => filled.replaceAll(`{{ ${key} }}`, value), text);
}

/** @returns why it failed, or nothing */
async function take(world: World, policies: Policies, { action, inputs }: Step): Promise<string | undefined> {
  try {
    if (action === "aws:executeAwsApi") callApi(world, policies, inputs);
    else if (action === "aws:runCommand") await runCommand(world, policies, inputs as unknown as Command);
    else throw new Error(`no drill knows ${action}`);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function callApi({ account }: World, policies: Policies, inputs: Readonly<Record<string, unknown>>): void {
  const caller = { name: "automation", root: "", policies };
  const text = (key: string): string => String(inputs[key]);
  switch (`${text("Service")}.${text("Api")}`) {
    case "ssm.PutParameter":
      account.putParameter(caller, text("Name"), text("Value"), inputs["Overwrite"] === true);
      return;
    case "ssm.DeleteParameter":
      account.deleteParameter(caller, text("Name"));
      return;
    case "s3.HeadObject":
      account.getObject(caller, `${text("Bucket")}/${text("Key")}`);
      return;
    default:
      throw new Error(`no drill knows ${text("Service")} ${text("Api")}`);
  }
}

/** One machine after the other; the first failure ends it, unless the document lets all of them fail. */
async function runCommand(
  world: World,
  policies: Policies,
  { Targets, MaxErrors, Parameters }: Command,
): Promise<void> {
  const { region } = world.references;
  policies.check("ssm:SendCommand", `arn:aws:ssm:${region}::document/AWS-RunShellScript`);
  const failures: string[] = [];
  for (const machine of machinesOf(world, Targets)) {
    const arn = `arn:aws:ec2:${region}:${ACCOUNT_ID}:instance/${machine.args.instanceId}`;
    const tags = Object.entries(machine.args.tags).map(([key, value]) => [`ssm:resourceTag/${key}`, [value]] as const);
    policies.check("ssm:SendCommand", arn, Object.fromEntries(tags));
    const command = ["bash", "-c", Parameters.commands.join("\n")];
    const { status, text } = await machine.exec(command, { seconds: Number(Parameters.executionTimeout[0]) });
    machine.note(`${Parameters.commands.join("; ")}: status ${status}`);
    if (status !== 0) failures.push(`${machine.name}: status ${status}: ${lastLine(text)}`);
    if (status !== 0 && MaxErrors === "0") break;
  }
  if (failures.length > 0) throw new Error(failures.join("; "));
}

function machinesOf({ machines }: World, targets: Command["Targets"]): Machine[] {
  return machines.filter(({ args: { tags } }) =>
    targets.every(({ Key, Values }) => Values.includes(tags[Key.replace(/^tag:/, "")] ?? "")),
  );
}
