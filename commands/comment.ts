import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parsePreview, PreviewError } from "../evaluate/preview";
import { AllowListError, allowListFor } from "../report/allow-list";
import { commentFor, type Judged } from "../report/comment";
import { reasonFor } from "../report/failure";

const USAGE = `usage: npm run comment -- preview.json --stack NAME [--allow-file FILE] [--errors FILE] [--status N] [--commit SHA]

Prints what \`pulumi preview --json\` says of a stack as a comment for a merge request. A preview that cannot be read is a comment too.
  --allow-file FILE   what the gate was told to let through
  --errors FILE       what Pulumi wrote to its standard error; the comment says what it means, and quotes none of it
  --status N          Pulumi's exit status; other than 0 there is no verdict, whatever the preview says
  --commit SHA        what was previewed`;

const OPTIONS = {
  stack: { type: "string" },
  "allow-file": { type: "string" },
  errors: { type: "string" },
  status: { type: "string" },
  commit: { type: "string" },
  help: { type: "boolean" },
} as const;

interface Given {
  readonly stack: string;
  readonly preview: string;
  readonly allowList: string;
  /** Why there is no preview, should there be none. */
  readonly reason: string;
  readonly failed: boolean;
}

function main(): number {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const { stack, help, errors, status, commit } = values;
  const [file, ...rest] = positionals;
  if (help === true || file === undefined || stack === undefined || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return help === true ? 0 : 2;
  }
  const judged = judgedBy({
    stack,
    preview: textOf(file),
    allowList: textOf(values["allow-file"]),
    reason: reasonFor(textOf(errors)),
    failed: status !== undefined && status !== "0",
  });
  process.stdout.write(commentFor(stack, judged, commit));
  return 0;
}

function judgedBy({ stack, preview, allowList, reason, failed }: Given): Judged {
  if (preview.trim() === "") return { failure: reason };
  try {
    const judged = { preview: parsePreview(preview), allow: allowListFor(stack, allowList) };
    return failed ? { failure: reason } : judged;
  } catch (error) {
    if (error instanceof PreviewError || error instanceof AllowListError) return { failure: error.message };
    throw error;
  }
}

function textOf(file: string | undefined): string {
  return file === undefined ? "" : readFileSync(file === "-" ? 0 : file, "utf8");
}

try {
  process.exitCode = main();
} catch (error) {
  const known = (error as { code?: string }).code !== undefined;
  process.stderr.write(`comment: ${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exitCode = 1;
}
