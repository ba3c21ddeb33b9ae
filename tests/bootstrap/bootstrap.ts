import bootstrap from "../../bootstrap";
import { evaluate, type Evaluation } from "../../evaluate";
import { inTurn } from "../support/stacks";

export const BOTH = { github: "billybully/infrastructure", gitlab: "billybully/backend/infrastructure" };

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: { readonly Federated: string };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The bootstrap as its own program would register it, with these keys in its stack file. */
export function bootstrapWith(
  words: Readonly<Record<string, unknown>>,
  region = "ap-northeast-2",
): Promise<Evaluation> {
  const own = Object.entries(words).map(([key, value]) => [
    `billybully-bootstrap:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const config = { "aws:region": region, ...Object.fromEntries(own) } as Record<string, string>;
  return inTurn(() => evaluate(bootstrap, { project: "billybully-bootstrap", stack: "test", config }));
}

export function one({ resources }: Evaluation, type: string, name: string): Readonly<Record<string, unknown>> {
  const found = resources.filter((each) => each.type === type && each.name === name);
  if (found.length !== 1) throw new Error(`${found.length} of ${type} ${name}`);
  return found[0]!.inputs;
}

export function documentIn(text: unknown): readonly Statement[] {
  return (JSON.parse(text as string) as { Statement: Statement[] }).Statement;
}

/** Texts of the managed policies of a role, as AWS is given them. */
export function managedPolicies({ resources }: Evaluation, role: string): string[] {
  const own = new RegExp(`^${role}-\\d+$`);
  return resources
    .filter(({ type, name }) => type === "aws:iam/policy:Policy" && own.test(name))
    .map(({ inputs }) => inputs["policy"] as string);
}

/** Everything that a role may do: its managed policies and that of its state. */
export function statementsOf(evaluation: Evaluation, role: string): Statement[] {
  const state = one(evaluation, "aws:iam/rolePolicy:RolePolicy", `${role}-state`)["policy"];
  return [state, ...managedPolicies(evaluation, role)].flatMap(documentIn);
}

export function listed(value: string | readonly string[] | undefined): readonly string[] {
  return typeof value === "string" ? [value] : (value ?? []);
}
