/** Names come from the program, and some day from somebody's joke: none of them is markup. */
export function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, " ")}\``;
}

/** A block of plain text that nothing in it can end. */
export function block(text: string): string {
  return `\`\`\`text\n${text.replaceAll("```", "'''")}\n\`\`\``;
}

/** The first lines that fit into so many bytes, and how many do not. */
export function bounded(lines: readonly string[], bytes: number): string[] {
  let used = 0;
  const fitting = lines.filter((line) => (used += Buffer.byteLength(line) + 1) <= bytes);
  const left = lines.length - fitting.length;
  return left === 0 ? fitting : [...fitting, `... and ${left} more; the job's log has all of them`];
}

/** `ec2 Instance` of `aws:ec2/instance:Instance`. */
export function shortType(type: string): string {
  const [, module = "", name = ""] = type.split(":");
  return `${module.split("/")[0] ?? ""} ${name}`;
}

/** A table, a line each. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
