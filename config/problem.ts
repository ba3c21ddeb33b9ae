/** One thing that is wrong with a stack's configuration. */
export interface Problem {
  /** Key as it stands in the stack file, without the namespace: `database.readers`, `aws:region`. */
  readonly key: string;
  /** The value as it was given; `undefined` where it is missing. */
  readonly value: unknown;
  readonly why: string;
  readonly allowed: string;
  /** Commands that mend it. */
  readonly mend: string;
}

/** Everything that is wrong, in one error. Whoever throws it has registered nothing. */
export class ConfigError extends Error {
  constructor(
    readonly stackName: string,
    readonly problems: readonly Problem[],
  ) {
    super(describe(stackName, problems));
    this.name = "ConfigError";
  }
}

function describe(stack: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const paragraphs = problems.map(
    ({ key, value, why, allowed, mend }) =>
      `  ${qualified(key)}${value === undefined ? "" : ` = ${shown(value)}`}\n    ${why}\n    allowed: ${allowed}\n    mend:    ${mend}`,
  );
  return [`The configuration of stack ${stack} has ${count}. Nothing was changed.`, ...paragraphs].join("\n\n");
}

/** The key as Pulumi writes it, with its namespace. */
export function qualified(key: string): string {
  return key.includes(":") ? key : `billybully:${key}`;
}

const LONGEST = 80;

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

/** Commands of the Pulumi CLI for one stack. Keys with a dot are paths into an object. */
export function commandsFor(stack: string): {
  set: (key: string, value: unknown) => string;
  remove: (key: string) => string;
} {
  const option = (key: string): string =>
    key.includes(".") ? `--stack ${stack} --path ${key}` : `--stack ${stack} ${key}`;
  return {
    set: (key, value) =>
      typeof value === "object" && value !== null
        ? `pulumi config set-all --stack ${stack} --path ${leaves(key, value)
            .map(([path, leaf]) => `--plaintext '${path}=${leaf}'`)
            .join(" ")}`
        : `pulumi config set ${option(key)} ${String(value)}`,
    remove: (key) => `pulumi config rm ${option(key)}`,
  };
}

function leaves(key: string, value: object): [string, string][] {
  return Object.entries(value).map(([name, leaf]) => [
    Array.isArray(value) ? `${key}[${name}]` : `${key}["${name}"]`,
    String(leaf),
  ]);
}
