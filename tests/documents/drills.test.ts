import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DRILLS } from "../../drills";
import { documentOf, ROOT } from "../support/markdown";

describe("docs/drills.md", () => {
  const TEXT = readFileSync(join(ROOT, "docs", "drills.md"), "utf8");
  const figures = /<!-- figures of ([\w-]+) -->\n[^]*?<!-- \/figures -->/g;

  it("has a section for each drill, and in it the place of its figures", () => {
    const sections = documentOf("docs/drills.md").filter(({ title }) => /^[\w-]+: /.test(title));
    const found = sections.map(({ title, tokens }) => ({
      drill: title.split(": ")[0],
      figures: [
        ...tokens
          .map(({ raw }) => raw)
          .join("")
          .matchAll(figures),
      ].map(([, drill]) => drill),
    }));
    assert.ok(DRILLS.length >= 9, `${DRILLS.length} drills`);
    assert.deepEqual(
      found.map((section) => JSON.stringify(section)).sort(),
      DRILLS.map(({ name }) => JSON.stringify({ drill: name, figures: [name] })).sort(),
    );
  });

  it("has no figures anywhere else", () => {
    const all = [...TEXT.matchAll(/<!-- figures of ([\w-]+) -->/g)].map(([, drill]) => drill);
    assert.deepEqual(all.sort(), DRILLS.map(({ name }) => name).sort());
  });
});
