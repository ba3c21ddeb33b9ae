import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TIERS } from "../config/tiers";
import { tierSide, transitions } from "../evaluate/transition";
import program from "../index";
import { generatedSections } from "../report/docs";

const ROOT = join(__dirname, "..");

/** Writes the generated sections into the documents; `--check` only says which of them are stale. */
async function main(check: boolean): Promise<void> {
  const stale = generatedSections(
    await transitions(
      program,
      TIERS.map((tier) => tierSide(ROOT, tier)),
    ),
  ).filter(({ file, write }) => {
    const path = join(ROOT, file);
    const before = readFileSync(path, "utf8");
    const after = write(before);
    if (!check && after !== before) writeFileSync(path, after);
    return after !== before;
  });
  for (const { file, section } of stale) console.log(`${check ? "stale" : "written"}: ${file}, section ${section}`);
  if (check && stale.length > 0) process.exitCode = 1;
}

void main(process.argv.includes("--check"));
