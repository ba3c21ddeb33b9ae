import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { has } from "../world/process";

const FOLDER = join(__dirname, "..", "..", "examples", "app");
export const JAR = join(FOLDER, "target", "app.jar");

/**
 * Builds examples/app where its JAR is missing or older than its sources. Maven wants its repositories, so this is not for the inside of a
 * drill. Where it does not build there is no JAR afterwards, and the drill that needs it says so.
 */
export function buildApp(): void {
  const sources = [join(FOLDER, "pom.xml"), ...filesBelow(join(FOLDER, "src", "main"))];
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(JAR) && statSync(JAR).mtimeMs > newest) return;
  if (!has("mvn")) {
    console.log("no mvn: the JAR of examples/app may be older than its sources");
    return;
  }
  console.log("mvn package in examples/app");
  rmSync(JAR, { force: true });
  spawnSync("mvn", ["-q", "-B", "-DskipTests", "package"], { cwd: FOLDER, stdio: "inherit" });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
