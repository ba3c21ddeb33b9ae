/** A list of exceptions that cannot be read. Then nothing is let through. */
export class AllowListError extends Error {}

const URN = /^urn:pulumi:(?<stack>[^:\s]+)::[^:\s]+::[^\s]+::.+$/;

/**
 * The URNs that `gate-allow.txt` lets through for one stack. One URN a line; blank lines and lines that begin with `#` are for people. Lines of
 * other stacks are left to those stacks, so that one file serves all of them.
 *
 * @throws AllowListError with every line that is neither a URN nor a comment
 */
export function allowListFor(stack: string, text: string): string[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"))
    .map(({ line, number }) => ({ line, number, stack: URN.exec(line)?.groups?.["stack"] }));
  const wrong = lines.filter((each) => each.stack === undefined);
  if (wrong.length > 0) {
    const places = wrong.map(({ line, number }) => `  line ${number}: ${line}`);
    throw new AllowListError(`gate-allow.txt takes one URN a line, or a comment after #:\n${places.join("\n")}`);
  }
  return lines.filter((each) => each.stack === stack).map(({ line }) => line);
}
