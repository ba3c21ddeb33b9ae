import type { References } from "./references";

interface Statement {
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What the role behind an instance profile, or any other role, is allowed. */
export class Policies {
  private readonly statements: readonly Statement[];

  constructor(
    references: References,
    private readonly role: string,
  ) {
    this.statements = references
      .all("aws:iam/rolePolicy:RolePolicy")
      .filter(({ inputs }) => references.named(inputs["role"]).name === role)
      .flatMap((policy) => {
        const document = JSON.parse(String(references.inputs(policy)["policy"])) as { Statement: Statement[] };
        return document.Statement;
      });
  }

  /** @throws Error in IAM's words where no statement allows it */
  check(action: string, resource: string, context: Readonly<Record<string, readonly string[]>> = {}): void {
    const allowed = this.statements.some(
      ({ Action, Resource, Condition = {} }) =>
        Action.includes(action) && Resource.some((pattern) => matches(pattern, resource)) && holds(Condition, context),
    );
    if (!allowed)
      throw new Error(`AccessDenied: role ${this.role} is not authorized to perform ${action} on ${resource}`);
  }
}

function holds(
  condition: NonNullable<Statement["Condition"]>,
  context: Readonly<Record<string, readonly string[]>>,
): boolean {
  return Object.entries(condition).every(([operator, keys]) => {
    if (!/^(ForAllValues:)?StringEquals$/.test(operator)) throw new Error(`no drill knows the condition ${operator}`);
    return Object.entries(keys).every(([key, allowed]) => {
      const values = context[key] ?? [];
      return values.length > 0 && values.every((value) => [allowed].flat().includes(value));
    });
  });
}

function matches(pattern: string, text: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${source.join(".*")}$`).test(text);
}
