import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..");
const LEFT_OUT = new Set(["node_modules", ".git", ".cache"]);

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !LEFT_OUT.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

const named = (path: string): string => relative(ROOT, path);
const FILES = filesBelow(ROOT).filter((path) => path.endsWith(".ts"));
const lines = (path: string): number => readFileSync(path, "utf8").trimEnd().split("\n").length;

/** The files of the program itself: what runs under `pulumi up`. */
const PROGRAM = FILES.filter((path) => /^(index\.ts$|components\/|config\/|plan\/)/.test(named(path)));

function nodesOf(path: string): { node: ts.Node; source: ts.SourceFile }[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    node.forEachChild(visit);
  };
  visit(source);
  return found.map((node) => ({ node, source }));
}
const NODES = new Map(PROGRAM.map((path) => [path, nodesOf(path)]));
const lineOf = (node: ts.Node, source: ts.SourceFile): number =>
  source.getLineAndCharacterOfPosition(node.getStart()).line;

describe("source files", () => {
  it("are read at all", () => {
    assert.ok(PROGRAM.length > 35 && FILES.length > 70, `${PROGRAM.length} of ${FILES.length}`);
  });

  it("have at most 300 lines each, and index.ts at most 80", () => {
    assert.deepEqual(FILES.filter((path) => lines(path) > 300).map(named), []);
    assert.ok(lines(join(ROOT, "index.ts")) <= 80);
  });

  it("are named after what they hold, and none is called utils", () => {
    const vague = FILES.filter((path) => /^(utils?|helpers?|common|misc)\.ts$/.test(basename(path)));
    assert.deepEqual(vague.map(named), []);
  });

  it("have constructors of components that are at most 40 lines long", () => {
    const long = [...NODES].flatMap(([path, nodes]) =>
      nodes.flatMap(({ node, source }) => {
        if (!ts.isConstructorDeclaration(node) || node.body === undefined) return [];
        const length = source.getLineAndCharacterOfPosition(node.body.getEnd()).line - lineOf(node.body, source) + 1;
        return [{ file: named(path), length }];
      }),
    );
    assert.deepEqual(
      long.filter(({ length }) => length > 40),
      [],
    );
    assert.ok(long.filter(({ file }) => file.startsWith("components/")).length >= 5);
  });

  it("look nothing up: no invoke and no get function of a provider", () => {
    const lookups = [...NODES].flatMap(([path, nodes]) =>
      nodes.flatMap(({ node, source }) =>
        ts.isCallExpression(node) &&
        /^(aws|awsx|random|pulumi\.runtime)\b.*\.(get[A-Z]\w*|invoke)$/.test(node.expression.getText(source))
          ? [`${named(path)}: ${node.expression.getText(source)}`]
          : [],
      ),
    );
    assert.deepEqual(lookups, []);
  });

  it("make no resource inside of apply, where a preview would not see it", () => {
    const hidden = [...NODES].flatMap(([path, nodes]) =>
      nodes.flatMap(({ node, source }) =>
        isResource(node, source) && isInApply(node) ? [`${named(path)}: ${node.getText(source).slice(0, 60)}`] : [],
      ),
    );
    assert.deepEqual(hidden, []);
    const made = [...NODES.values()].flat().filter(({ node, source }) => isResource(node, source));
    assert.ok(made.length > 50, `${made.length} resources`);
  });

  it("read Pulumi's configuration in one place", () => {
    const readers = PROGRAM.filter((path) => /\bnew pulumi\.Config\b|\ballConfig\(/.test(readFileSync(path, "utf8")));
    assert.deepEqual(readers.map(named), ["config/index.ts"]);
  });

  it("take nothing from the environment of the process", () => {
    const readers = PROGRAM.filter((path) => readFileSync(path, "utf8").includes("process.env"));
    assert.deepEqual(readers.map(named), []);
  });
});

function isResource(node: ts.Node, source: ts.SourceFile): boolean {
  return ts.isNewExpression(node) && /^(aws|awsx|random)\./.test(node.expression.getText(source));
}

function isInApply(node: ts.Node): boolean {
  for (let above: ts.Node | undefined = node.parent; (above as ts.Node | undefined) !== undefined; above = above.parent)
    if (
      ts.isCallExpression(above) &&
      ts.isPropertyAccessExpression(above.expression) &&
      above.expression.name.text === "apply"
    )
      return true;
  return false;
}
