import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parseRefresh, PreviewError } from "../evaluate/preview";
import { driftFor, hasDrift, type Refreshed } from "../report/drift";
import { reasonFor } from "../report/failure";

const USAGE = `usage: pulumi refresh --preview-only --json > refresh.json; npm run drift -- refresh.json --stack NAME [--errors FILE] [--status N]

Prints whether AWS is as the state says, as the text of an issue. Fails where it is not, or where that cannot be told.
  --errors FILE   what Pulumi wrote to its standard error; the text says what it means, and quotes none of it
  --status N      Pulumi's exit status; other than 0 nothing is known, whatever it printed`;

const OPTIONS = {
  stack: { type: "string" },
  errors: { type: "string" },
  status: { type: "string" },
  help: { type: "boolean" },
} as const;

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const { stack, help, errors, status } = values;
  const [file, ...rest] = positionals;
  if (help === true || file === undefined || stack === undefined || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return help === true ? 0 : 2;
  }
  const reason = reasonFor(errors === undefined ? "" : readFileSync(errors, "utf8"));
  const refreshed = refreshedIn(readFileSync(file, "utf8"), reason, status !== undefined && status !== "0");
  process.stdout.write(driftFor(stack, refreshed));
  return hasDrift(refreshed) ? 1 : 0;
}

function refreshedIn(text: string, reason: string, failed: boolean): Refreshed {
  if (text.trim() === "") return { failure: reason };
  try {
    const refresh = parseRefresh(text);
    return failed ? { failure: reason } : { refresh };
  } catch (error) {
    if (error instanceof PreviewError) return { failure: error.message };
    throw error;
  }
}

try {
  process.exitCode = main();
} catch (error) {
  const known = (error as { code?: string }).code !== undefined;
  process.stderr.write(`drift: ${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
