import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parsePreview, PreviewError } from "../evaluate/preview";
import { commentFor, type Previewed } from "../report/comment";

const USAGE = `usage: npm run comment -- preview.json --stack NAME [--allow URN]...

Prints what \`pulumi preview --json\` says of a stack as a comment for a merge request. A preview that cannot be read is a comment too.
  --allow URN   what the gate was told to let through`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { stack: { type: "string" }, allow: { type: "string", multiple: true }, help: { type: "boolean" } },
  });
  const [file, ...rest] = positionals;
  if (values.help === true || file === undefined || values.stack === undefined || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return values.help === true ? 0 : 2;
  }
  process.stdout.write(commentFor(values.stack, read(file), values.allow ?? []));
  return 0;
}

function read(file: string): Previewed {
  const text = readFileSync(file === "-" ? 0 : file, "utf8");
  if (!isJson(text)) return { failure: "The preview is no JSON, or cut short: the job's log has what Pulumi said." };
  try {
    return { preview: parsePreview(text) };
  } catch (error) {
    if (error instanceof PreviewError) return { failure: error.message };
    throw error;
  }
}

/** Asked here because the parser's own words quote the text, and the text has the state in it. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

process.exitCode = main();
