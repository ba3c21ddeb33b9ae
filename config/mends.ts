import { blockOf, cidrProblem } from "../plan/subnets";

/*
 * What can be made of a wrong value, for the command that mends it; nothing where nothing of it will do. A person who runs the command gets what they
 * meant, where that can be told.
 */

/** Of a list, or of one text that should have been one, the elements that will do; nothing where none will. */
export function textsIn(wrong: unknown, isRight: (text: string) => boolean): string[] | undefined {
  const all: unknown[] = Array.isArray(wrong) ? wrong : typeof wrong === "string" ? wrong.split(/[\s,]+/) : [];
  const right = all.filter((text): text is string => typeof text === "string" && isRight(text));
  return right.length > 0 ? right : undefined;
}

export function isWord(text: string): boolean {
  return text !== "";
}

/** Pulumi makes numbers out of texts that look like one. */
export function namedTextsIn(wrong: unknown): Record<string, string> | undefined {
  if (typeof wrong !== "object" || wrong === null || Array.isArray(wrong)) return undefined;
  const right = Object.entries(wrong).filter(([, text]) => text !== null && typeof text !== "object");
  return right.length > 0 ? Object.fromEntries(right.map(([name, text]) => [name, String(text)])) : undefined;
}

/** The block that an address with a mask lies in. */
export function vpcBlockIn(wrong: unknown): string | undefined {
  const block = typeof wrong === "string" ? blockOf(wrong) : undefined;
  return block === undefined || cidrProblem(block) !== undefined ? undefined : block;
}

/** The name in what may be a whole URL, or written with capitals, a port or the root's dot. */
export function hostIn(wrong: unknown, pattern: RegExp): string | undefined {
  const text = typeof wrong === "string" ? wrong.trim().toLowerCase() : "";
  const host = text
    .replace(/^[a-z]+:\/\//, "")
    .replace(/[/?#].*$/, "")
    .replace(/:\d+$/, "")
    .replace(/\.$/, "");
  return pattern.test(host) ? host : undefined;
}

/** The number that a text is written for: with separators, or in quotes. */
export function numberIn(text: string): number | undefined {
  const plain = /^-?\d{1,3}([,_]\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(/[,_]/g, "") : text;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}
