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
  /** Marks it for Pulumi (`RunError`): people see the message, and neither a stack trace nor the fields. */
  readonly __pulumiRunError = true;

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
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

export interface Commands {
  /** Sets a key, whatever it held before. A list or an object is written anew: Pulumi sets only the elements that it is given. */
  readonly set: (key: string, value: unknown) => string;
  readonly remove: (key: string) => string;
  /** Removes a key of the file's first level whose own name looks like a path. */
  readonly removeLiteral: (key: string) => string;
}

/** Commands of the Pulumi CLI for one stack. Keys with a dot are paths into an object. */
export function commandsFor(stack: string): Commands {
  const command = (name: string, ...options: string[]): string =>
    [`pulumi config ${name} --stack ${stack}`, ...options].join(" ");
  const path = (key: string): string[] => [...(isPath(key) ? ["--path"] : []), quoted(key)];
  const remove = (key: string): string => command("rm", ...path(key));
  const setLeaf = ([key, value]: Leaf): string => {
    const text = String(value);
    return command(
      "set",
      ...typeOption(key, value),
      ...path(key),
      ...(text.startsWith("-") ? ["--"] : []),
      quoted(text),
    );
  };
  const setAll = (leaves: readonly Leaf[]): string =>
    command("set-all", "--path", ...leaves.map(([key, value]) => `--plaintext ${quoted(`${key}=${String(value)}`)}`));
  return {
    remove,
    removeLiteral: (key) => command("rm", quoted(key)),
    set: (key, value) => {
      if (typeof value !== "object" || value === null) return setLeaf([key, value]);
      // In their order: Pulumi appends to a list and leaves no gaps.
      const groups = grouped(leavesOf(key, value));
      return [remove(key), ...groups.map((group) => (isTyped(group[0]) ? setLeaf(group[0]) : setAll(group)))].join(
        " && ",
      );
    },
  };
}

type Leaf = readonly [key: string, value: unknown];

function isPath(key: string): boolean {
  return /[.[]/.test(key);
}

/** At a path Pulumi makes `true`, `false` and whole numbers out of text, and text out of everything else; this tells it better. */
function typeOption(key: string, value: unknown): string[] {
  if (!isPath(key)) return [];
  if (typeof value === "number" && !Number.isSafeInteger(value)) return ["--type float"];
  return typeof value === "string" && /^(true|false|[+-]?(0|[1-9]\d*))$/.test(value) ? ["--type string"] : [];
}

function isTyped([key, value]: Leaf): boolean {
  return typeOption(key, value).length > 0;
}

/** Neighbours that need no type go into one command, every other leaf into one of its own. */
function grouped(leaves: readonly Leaf[]): [Leaf, ...Leaf[]][] {
  const groups: [Leaf, ...Leaf[]][] = [];
  for (const leaf of leaves) {
    const last = groups.at(-1);
    if (last === undefined || isTyped(leaf) || isTyped(last[0])) groups.push([leaf]);
    else last.push(leaf);
  }
  return groups;
}

function leavesOf(key: string, value: unknown): Leaf[] {
  if (typeof value !== "object" || value === null) return [[key, value]];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(Array.isArray(value) ? `${key}[${name}]` : below(key, name), inner),
  );
}

/** A path's next step, as Pulumi reads paths. */
export function below(key: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${key}[${JSON.stringify(name)}]`;
  return key === "" ? name : `${key}.${name}`;
}

/** One word for a shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
