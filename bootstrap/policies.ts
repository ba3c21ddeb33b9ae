import { scopesOf, type Condition, type Place } from "./scopes";

export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

/** AWS counts a managed policy without blanks between its parts; it takes no longer one. */
export const POLICY_CHARACTERS = 6144;

/** Managed policies that AWS attaches to one role, unless its quota was raised. */
export const POLICIES_PER_ROLE = 10;

/** Actions with the same reach share a statement. */
export function statementsFor(actions: readonly string[], place: Place): Statement[] {
  const byReach = new Map<string, Statement>();
  for (const action of actions)
    for (const { resources, condition } of scopesOf(action, place)) {
      const reach = JSON.stringify([resources, condition]);
      const before = byReach.get(reach)?.Action ?? [];
      byReach.set(reach, {
        Effect: "Allow",
        Action: [...before, action],
        Resource: resources,
        ...(condition && { Condition: condition }),
      });
    }
  return [...byReach.values()];
}

/** The statements in as few documents as AWS's limit leaves, the largest first. */
export function documentsFor(statements: readonly Statement[]): string[] {
  const documents: Statement[][] = [];
  const largestFirst = [...statements].sort((a, b) => JSON.stringify(b).length - JSON.stringify(a).length);
  for (const statement of largestFirst) {
    const fitting = documents.find((known) => textOf([...known, statement]).length <= POLICY_CHARACTERS);
    if (fitting === undefined) documents.push([statement]);
    else fitting.push(statement);
  }
  return documents.map(textOf);
}

function textOf(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
