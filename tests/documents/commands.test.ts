import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allOf, documentOf, ROOT } from "../support/markdown";

const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const SCRIPTS = Object.keys((JSON.parse(textOf("package.json")) as { readonly scripts: object }).scripts);
const DOCUMENTS = ["README.md", "README.ko.md", ...readdirSync(join(ROOT, "docs")).map((file) => join("docs", file))]
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, text: textOf(file) }));

/** `plan` of `npm run --silent plan -- --json`, and `test` of `npm test`. */
function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:(?:run|--silent) )+([a-z][\w:]*)|\bnpm (test)\b/g)].map(
    ([, run, test]) => run ?? test ?? "",
  );
}

describe("commands in the documents", () => {
  it("are scripts of package.json", () => {
    const unknown = DOCUMENTS.flatMap(({ file, text }) =>
      scriptsIn(text)
        .filter((script) => !SCRIPTS.includes(script))
        .map((script) => `${file}: ${script}`),
    );
    assert.deepEqual(unknown, []);
  });

  for (const readme of ["README.md", "README.ko.md"])
    it(`are all in the table of ${readme}`, () => {
      const table = allOf("table", documentOf(readme).at(-1)?.tokens ?? []).at(-1);
      const named = (table?.rows ?? []).map(([command]) => scriptsIn(command?.text ?? ""));
      assert.ok(
        named.every((scripts) => scripts.length > 0),
        JSON.stringify(named),
      );
      assert.deepEqual(named.flat().sort(), [...SCRIPTS].sort());
    });
});
