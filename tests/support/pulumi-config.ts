/**
 * What `pulumi config set`, `set-all` and `rm` do to a stack file, for commands as the errors of config/ write them. Each rule was seen on the
 * real CLI (3.259).
 */

/** Keys with their namespace. Values of the first level are texts, lists or objects. */
export type StackFileContent = Record<string, unknown>;

type Step = string | number;

/** The file after a line of commands joined by `&&`. Throws where the CLI would fail, or where it would need a person. */
export function afterCommands(line: string, before: StackFileContent): StackFileContent {
  const file = structuredClone(before);
  for (const command of commandsIn(shellWords(line))) run(command, file);
  return file;
}

/** A configuration as Pulumi hands it over, after the commands of every problem that was told of it. */
export function afterMends(
  config: Readonly<Record<string, string>>,
  problems: readonly { readonly mend: string }[],
): Record<string, string> {
  const content = Object.fromEntries(
    Object.entries(config).map(([key, text]) => [key, /^[[{]/.test(text) ? (JSON.parse(text) as unknown) : text]),
  );
  const after = problems.reduce<StackFileContent>((file, { mend }) => afterCommands(mend, file), content);
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

function commandsIn(words: readonly string[]): string[][] {
  const commands: string[][] = [[]];
  for (const word of words) {
    if (word === AND) commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands;
}

const AND = "&&";

/** Words of a POSIX shell line that uses single quotes and backslashes only, and nothing that a shell would expand. */
function shellWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|\\.|[^\s'\\])+/g) ?? [];
  return words.map((word) => {
    const bare = word.replaceAll(/'[^']*'|\\./g, "");
    if (bare !== AND && /[$`"*?[\]{}()<>|;&~#!]/.test(bare))
      throw new Error(`a shell would read ${word} otherwise: ${line}`);
    return word.replaceAll(/'([^']*)'|\\(.)/g, (_, quoted: string | undefined, escaped: string) => quoted ?? escaped);
  });
}

function run(words: readonly string[], file: StackFileContent): void {
  const [pulumi, config, verb, ...rest] = words;
  if (pulumi !== "pulumi" || config !== "config") throw new Error(`not a command of pulumi config: ${words.join(" ")}`);
  const { isPath, type, plaintext, operands } = optionsOf(rest);
  if (verb === "rm") remove(file, stepsOf(operands[0]!, isPath));
  else if (verb === "set" && operands.length === 2) set(file, stepsOf(operands[0]!, isPath), operands[1]!, type);
  else if (verb === "set-all" && plaintext.length > 0)
    for (const pair of plaintext) {
      const [, key, value] = /^([^=]*)=(.*)$/s.exec(pair)!;
      set(file, stepsOf(key!, isPath), value!, undefined);
    }
  else throw new Error(`not a command that does anything: ${words.join(" ")}`);
}

interface Options {
  readonly isPath: boolean;
  readonly type: string | undefined;
  readonly plaintext: readonly string[];
  readonly operands: readonly string[];
}

function optionsOf(words: readonly string[]): Options {
  const [isPath, plaintext, operands] = [words.includes("--path"), [] as string[], [] as string[]];
  let type: string | undefined;
  let stack: string | undefined;
  let isOver = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (isOver || !word.startsWith("-")) operands.push(word);
    else if (word === "--") isOver = true;
    else if (word === "--stack") stack = words[++i];
    else if (word === "--type") type = words[++i];
    else if (word === "--plaintext") plaintext.push(words[++i]!);
    else if (word !== "--path") throw new Error(`unknown flag ${word}`);
  }
  if (stack === undefined) throw new Error("no --stack: the command would change whichever stack is selected");
  return { isPath, type, plaintext, operands };
}

function stepsOf(key: string, isPath: boolean): Step[] {
  const steps: Step[] = isPath
    ? [...key.matchAll(/\["([^"]*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
        index === undefined ? (quoted ?? name!) : Number(index),
      )
    : [key];
  const [first, ...others] = steps;
  return [String(first).includes(":") ? first! : `billybully:${String(first)}`, ...others];
}

function set(file: StackFileContent, steps: readonly Step[], text: string, type: string | undefined): void {
  const [last, ...above] = [...steps].reverse();
  let holder: unknown = file;
  const path = above.reverse();
  for (const [i, step] of path.entries())
    holder = descend(holder, step, typeof (path[i + 1] ?? last) === "number", i === 0);
  const value = steps.length === 1 ? text : typed(text, type);
  if (typeof last === "number" && (!Array.isArray(holder) || last > holder.length))
    throw new Error("expected an array");
  if (typeof last === "string" && Array.isArray(holder)) throw new Error("expected a map");
  (holder as Record<Step, unknown>)[last!] = value;
}

/** The list or object at a step, made where there is none. The CLI replaces a text of the first level, and no other. */
function descend(holder: unknown, step: Step, isList: boolean, isFirst: boolean): unknown {
  const record = holder as Record<Step, unknown>;
  const there = record[step];
  if (there === undefined || (isFirst && typeof there === "string")) record[step] = isList ? [] : {};
  else if (typeof there !== "object" || Array.isArray(there) !== isList)
    throw new Error(`${step}: expected ${isList ? "an array" : "a map"}`);
  return record[step];
}

function typed(text: string, type: string | undefined): unknown {
  if (type === "string") return text;
  if (type === "float" || type === "int") return Number(text);
  if (text === "true" || text === "false") return text === "true";
  const isWhole = /^[+-]?(0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text));
  return isWhole ? Number(text) : text;
}

function remove(file: StackFileContent, steps: readonly Step[]): void {
  let holder: unknown = file;
  for (const step of steps.slice(0, -1)) {
    if (typeof holder !== "object" || holder === null) return;
    holder = (holder as Record<Step, unknown>)[step];
  }
  if (typeof holder === "object" && holder !== null) Reflect.deleteProperty(holder, steps.at(-1)!);
}
