import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lexer, walkTokens, type Token, type Tokens } from "marked";

export const ROOT = join(__dirname, "..", "..");

/** A heading, and what stands under it until the next heading of any level. */
export interface Section {
  readonly depth: number;
  readonly title: string;
  readonly tokens: readonly Token[];
}

/** @param file from the project's folder */
export function documentOf(file: string): Section[] {
  return sectionsOf(readFileSync(join(ROOT, file), "utf8"));
}

export function sectionsOf(text: string): Section[] {
  const sections: { depth: number; title: string; tokens: Token[] }[] = [];
  for (const token of lexer(text)) {
    if (isA("heading", token)) sections.push({ depth: token.depth, title: token.text, tokens: [] });
    else sections.at(-1)?.tokens.push(token);
  }
  return sections;
}

/** All tokens of one kind, at any depth. */
export function allOf<K extends keyof Kinds>(kind: K, tokens: readonly Token[]): Kinds[K][] {
  const found: Kinds[K][] = [];
  walkTokens([...tokens], (token) => {
    if (isA(kind, token)) found.push(token);
  });
  return found;
}

interface Kinds {
  readonly heading: Tokens.Heading;
  readonly code: Tokens.Code;
  readonly codespan: Tokens.Codespan;
  readonly del: Tokens.Del;
  readonly html: Tokens.HTML;
  readonly image: Tokens.Image;
  readonly link: Tokens.Link;
  readonly list: Tokens.List;
  readonly paragraph: Tokens.Paragraph;
  readonly strong: Tokens.Strong;
  readonly table: Tokens.Table;
  readonly text: Tokens.Text;
}

export function isA<K extends keyof Kinds>(kind: K, token: Token): token is Kinds[K] {
  return token.type === kind;
}

/** Where a link leads: of pictures and links, in order. */
export function targetsOf(tokens: readonly Token[]): string[] {
  const found: string[] = [];
  walkTokens([...tokens], (token) => {
    if (isA("link", token) || isA("image", token)) found.push(token.href);
  });
  return found;
}

/** The anchor that GitHub and GitLab give a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
