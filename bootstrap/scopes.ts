import { REACH, TAGGED_BY, type Reach, type When } from "./rights/reach";

/** Where the rights of one role end. */
export interface Place {
  readonly region: string;
  /** Name of the Pulumi project; value of the tag `Project`. */
  readonly project: string;
  /** Values of the tag `Stack`. */
  readonly stacks: readonly string[];
}

export type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Resources that an action may reach, and when. */
export interface Scope {
  readonly resources: readonly string[];
  readonly condition: Condition | undefined;
}

/**
 * Every way in which an action is allowed.
 *
 * @throws RangeError where no line of the table names it: then nobody has thought about how far it reaches
 */
export function scopesOf(action: string, place: Place): Scope[] {
  const [service = "", name = ""] = action.split(":");
  const lines = REACH[service] ?? [];
  const found = lines.filter((line, index) => namesAction(line, name, lines.slice(0, index)));
  if (found.length === 0) throw new RangeError(`nothing says how far ${action} reaches`);
  return found.map(({ on, when }) => ({
    resources: on.split(" ").flatMap((text) => arnsOf(service, text, place)),
    condition: when === undefined ? undefined : CONDITIONS[when](place),
  }));
}

function namesAction({ actions }: Reach, name: string, above: readonly Reach[]): boolean {
  if (actions === undefined) return !above.some((line) => line.actions !== undefined && namesAction(line, name, []));
  return actions.split(" ").some((each) => (each.endsWith("*") ? name.startsWith(each.slice(0, -1)) : each === name));
}

function arnsOf(service: string, text: string, { region, project, stacks }: Place): string[] {
  if (text === "*") return ["*"];
  const arn = text.startsWith("arn:") ? text : `arn:aws:${service}:REGION:*:${text}`;
  const own = arn.replace("REGION", region).replace("PROJECT", project);
  return own.includes("STACK") ? stacks.map((stack) => own.replace("STACK", stack)) : [own];
}

const CONDITIONS: Readonly<Record<When, (place: Place) => Condition>> = {
  // Has the stack's tags from its first moment.
  made: (place) => ({ StringEquals: tags("RequestTag", place) }),
  ours: (place) => ({ StringEquals: tags("ResourceTag", place) }),
  // Or nobody's: what was made a moment ago may look as if it had no tags.
  "not others'": (place) => ({ StringEqualsIfExists: tags("ResourceTag", place) }),
  "tagged while made": () => ({ StringEquals: { "ec2:CreateAction": TAGGED_BY } }),
  "machine made": ({ project, stacks }) => ({
    StringLike: { "aws:RequestTag/billybully:machines": stacks.map((stack) => `${project}-${stack}-*`) },
  }),
  "through a service": ({ region }) => ({
    StringEquals: {
      "kms:ViaService": ["ec2", "elasticache", "rds", "secretsmanager"].map(
        (name) => `${name}.${region}.amazonaws.com`,
      ),
    },
  }),
  "passed to a service": () => ({ StringEquals: { "iam:PassedToService": services("dlm", "ec2", "vpc-flow-logs") } }),
  "the agent's policy": () => ({
    ArnEquals: { "iam:PolicyARN": ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"] },
  }),
  "a service's own role": () => ({
    StringEquals: { "iam:AWSServiceName": services("autoscaling", "elasticache", "elasticloadbalancing", "rds") },
  }),
};

function tags(key: "RequestTag" | "ResourceTag", { project, stacks }: Place): Record<string, readonly string[]> {
  return { [`aws:${key}/Project`]: [project], [`aws:${key}/Stack`]: stacks };
}

function services(...names: string[]): string[] {
  return names.map((name) => `${name}.amazonaws.com`);
}
