import assert from "node:assert/strict";
import type { Token } from "marked";
import { allOf, documentOf, isA, targetsOf, type Section } from "../support/markdown";

const ENGLISH = documentOf("README.md");
const KOREAN = documentOf("README.ko.md");

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
const codeIn = (tokens: readonly Token[]): string[] => sorted(allOf("codespan", tokens).map(({ text }) => text));

/** Numbers, but those in names (EC2, t4g). */
const figuresIn = (text: string): string[] => (text.match(/(?<![A-Za-z\d.])\d+(?:[.,]\d+)*/g) ?? []).sort();

/** Figures of the one that the other has not, or not as often. */
function missingIn(korean: readonly string[], english: readonly string[]): string[] {
  const times = (figures: readonly string[], wanted: string): number =>
    figures.filter((figure) => figure === wanted).length;
  return sorted(english).filter((figure) => times(korean, figure) < times(english, figure));
}

/** Paragraphs, lists, tables and code in their order, with their sizes. */
function shapeOf(tokens: readonly Token[]): unknown[] {
  return tokens.flatMap((token): unknown[] => {
    if (isA("list", token)) return [token.items.map(({ tokens: inner }) => shapeOf(inner))];
    if (isA("table", token)) return [`table of ${token.header.length} by ${token.rows.length}`];
    if (isA("code", token)) return [`code in ${token.lang ?? "nothing"}`];
    if (isA("html", token)) return [token.raw.trim()];
    return token.type === "space" ? [] : [token.type];
  });
}

/** What a shell or a compiler makes of a block: everything but its comments. */
function commandsOf(tokens: readonly Token[]): string[] {
  return allOf("code", tokens).map(({ text }) => text.replaceAll(/(^|\s+)#\s.*$/gm, ""));
}

/** Either README is the other's other. */
function linksOf(tokens: readonly Token[]): string[] {
  return targetsOf(tokens)
    .map((target) => (/^README(\.ko)?\.md$/.test(target) ? "the other README" : target))
    .sort();
}

describe("README.ko.md", () => {
  it("has the headings of README.md, in its order", () => {
    assert.ok(KOREAN.length > 10, `${KOREAN.length} headings`);
    assert.deepEqual(
      KOREAN.map(({ depth }) => depth),
      ENGLISH.map(({ depth }) => depth),
    );
  });

  for (const [i, english] of ENGLISH.entries())
    describe(`under "${english.title}"`, () => {
      const korean = (): Section => KOREAN[i]!;

      it("has as many paragraphs, items, rows and columns", () => {
        assert.deepEqual(shapeOf(korean().tokens), shapeOf(english.tokens));
      });

      it("has the same commands, comments apart", () => {
        assert.deepEqual(commandsOf(korean().tokens), commandsOf(english.tokens));
      });

      it("has the same links", () => {
        assert.deepEqual(linksOf(korean().tokens), linksOf(english.tokens));
      });

      it("names the same things of the program, and has every figure", () => {
        assert.deepEqual(codeIn(korean().tokens), codeIn(english.tokens));
        assert.deepEqual(missingIn(figuresIn(proseOf(korean().tokens)), figuresIn(proseOf(english.tokens))), []);
      });

      it("stresses as many words, and strikes none out", () => {
        assert.equal(allOf("strong", korean().tokens).length, allOf("strong", english.tokens).length);
        assert.deepEqual(
          allOf("del", korean().tokens).map(({ raw }) => raw),
          [],
        );
      });

      it("is Korean", () => {
        const paragraphs = [...allOf("paragraph", korean().tokens), ...allOf("text", korean().tokens)]
          .map(({ raw }) => raw)
          .filter((raw) => /[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(raw.replaceAll(/`[^`]*`/g, "")));
        assert.deepEqual(
          paragraphs.filter((raw) => !/[가-힣]/.test(raw)),
          [],
        );
      });
    });

  const tables = (sections: readonly Section[]): Row[][] =>
    allOf(
      "table",
      sections.flatMap(({ tokens }) => tokens),
    ).map(({ header, rows }) => [header, ...rows].map((cells) => rowOf(cells)));

  it("has the rows of README.md's tables, in their order", () => {
    const [korean, english] = [tables(KOREAN), tables(ENGLISH)];
    assert.ok(english.length >= 8, `${english.length} tables`);
    assert.deepEqual(
      korean.map((rows) => rows.map(({ code, links }) => ({ code, links }))),
      english.map((rows) => rows.map(({ code, links }) => ({ code, links }))),
    );
  });

  it("has the figures of each row", () => {
    const korean = tables(KOREAN).flat();
    const missing = tables(ENGLISH)
      .flat()
      .flatMap(({ text, figures }, i) => {
        const away = missingIn(korean[i]?.figures ?? [], figures);
        return away.length > 0 ? [`${away.join(" ")} of "${text}"`] : [];
      });
    assert.deepEqual(missing, []);
  });
});

interface Row {
  readonly text: string;
  /** Of each cell. */
  readonly code: readonly string[][];
  readonly links: readonly string[][];
  readonly figures: readonly string[];
}

function rowOf(cells: readonly { readonly text: string; readonly tokens: Token[] }[]): Row {
  const text = cells.map((cell) => cell.text).join(" | ");
  return {
    text,
    code: cells.map(({ tokens }) => codeIn(tokens)),
    links: cells.map(({ tokens }) => linksOf(tokens)),
    figures: figuresIn(text),
  };
}

function proseOf(tokens: readonly Token[]): string {
  return tokens
    .filter((token) => !isA("code", token))
    .map(({ raw }) => raw.replaceAll(/^ *```[^]*?^ *```/gm, ""))
    .join("\n");
}
