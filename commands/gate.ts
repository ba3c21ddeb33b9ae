import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parsePreview, PreviewError } from "../evaluate/preview";
import { describeVerdict, judge } from "../report/gate";

const USAGE = `usage: pulumi preview --json > preview.json; npm run gate -- preview.json [--allow URN]...

Fails where an \`up\` would replace or delete what cannot be made again, lift a protection, or take more machines away at once
than the stack can spare; and where it does not understand the preview.
  --allow URN   let this one finding pass; said in the output`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { allow: { type: "string", multiple: true }, help: { type: "boolean" } },
  });
  const [file, ...rest] = positionals;
  if (values.help === true || file === undefined || rest.length > 0) {
    process.stderr.write(`${USAGE}\n`);
    return values.help === true ? 0 : 2;
  }
  const verdict = judge(parsePreview(readFileSync(file === "-" ? 0 : file, "utf8")), values.allow ?? []);
  process.stdout.write(`${describeVerdict(verdict)}\n`);
  return verdict.stopped.length > 0 || verdict.unused.length > 0 ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  // Whatever it is: a gate that cannot tell is closed.
  const known = error instanceof PreviewError || (error as { code?: string }).code !== undefined;
  process.stderr.write(
    `gate: closed. ${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
}
