import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";

/** Files below some folders of a machine's root whose path in it matches. */
export function findFiles(root: string, folders: readonly string[], pattern: RegExp): string[] {
  const files = folders.flatMap((folder) => filesBelow(join(root, folder)));
  return files.map((file) => relative(root, file)).filter((path) => pattern.test(path));
}

/** What each file below some folders holds, and who may do what with it. */
export function digestFiles(root: string, folders: readonly string[]): Map<string, string> {
  return new Map(
    findFiles(root, folders, /./).map((path) => {
      const { mode, uid, gid } = lstatSync(join(root, path));
      return [path, `${mode} ${uid} ${gid} ${contentOf(join(root, path))}`];
    }),
  );
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
  });
}

function contentOf(path: string): string {
  if (lstatSync(path).isSymbolicLink()) return readlinkSync(path);
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
