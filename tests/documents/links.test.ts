import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { anchorOf, documentOf, ROOT, targetsOf } from "../support/markdown";

const DOCUMENTS = [
  ...readdirSync(ROOT).filter((file) => /^README.*\.md$/.test(file)),
  ...readdirSync(join(ROOT, "docs"))
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

interface Link {
  readonly document: string;
  readonly target: string;
  /** From the project's folder. */
  readonly path: string;
  readonly anchor: string;
}

function linksOf(document: string): Link[] {
  return targetsOf(documentOf(document).flatMap(({ tokens }) => tokens))
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = "", anchor = ""] = decodeURI(target).split("#");
      const path = file === "" ? document : normalize(join(dirname(document), file));
      return { document, target, path, anchor };
    });
}

/** Documents that are written apart from this and linked to already. Whoever brings one takes it away here. */
const AWAITED: readonly string[] = [];

const LINKS = DOCUMENTS.flatMap(linksOf);
const there = ({ path }: Link): boolean => existsSync(join(ROOT, path));
const said = ({ document, target }: Link): string => `${document}: ${target}`;

describe("links of the documents", () => {
  it("are read at all", () => {
    assert.ok(DOCUMENTS.length >= 7 && LINKS.length > 60, `${LINKS.length} in ${DOCUMENTS.join(", ")}`);
  });

  it("lead to files that are there", () => {
    assert.deepEqual(LINKS.filter((link) => !there(link) && !AWAITED.includes(link.path)).map(said), []);
    assert.deepEqual(
      AWAITED.filter((path) => existsSync(join(ROOT, path))).map((path) => `${path} is there`),
      [],
    );
  });

  it("lead to headings that are there", () => {
    const withAnchor = LINKS.filter((link) => link.anchor !== "" && there(link));
    assert.ok(withAnchor.length > 5, `${withAnchor.length}`);
    const lost = withAnchor.filter(
      ({ path, anchor }) => !documentOf(path).some(({ title }) => anchorOf(title) === anchor),
    );
    assert.deepEqual(lost.map(said), []);
  });

  it("lead from the README to every document", () => {
    const fromReadme = new Set(linksOf("README.md").map(({ path }) => path));
    assert.deepEqual(
      DOCUMENTS.filter((document) => document !== "README.md" && !fromReadme.has(document)),
      [],
    );
  });
});
