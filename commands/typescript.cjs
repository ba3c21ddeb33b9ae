/**
 * Lets Node.js read TypeScript, as `sucrase/register` does, and keeps what became of each file beside the packages: transpiling all of them again
 * is a sixth of a plan's time. What is kept goes by the file's content, so nothing is ever stale, and `npm ci` removes it.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { addHook } = require("pirates");
const { version } = require("sucrase/package.json");

const FOLDER = join(__dirname, "../node_modules/.cache/typescript");

addHook(transpiled, { exts: [".ts"] });

function transpiled(source) {
  const kept = join(FOLDER, createHash("sha256").update(version).update(source).digest("hex"));
  const known = read(kept);
  if (known !== undefined) return known;
  const { code } = require("sucrase").transform(source, { transforms: ["typescript", "imports"] });
  keep(kept, code);
  return code;
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Another process may write or read the same at this moment, and packages may be read-only: then the next one transpiles again. */
function keep(path, code) {
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, code);
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    return;
  }
}
