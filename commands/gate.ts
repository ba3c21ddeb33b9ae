import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parsePreview, PreviewError } from "../evaluate/preview";
import { AllowListError, allowListFor } from "../report/allow-list";
import { fingerprintOf } from "../report/fingerprint";
import { describeVerdict, isOpen, judge } from "../report/gate";

const USAGE = `usage: pulumi preview --json > preview.json; npm run gate -- preview.json [--allow URN]... [--stack NAME --allow-file FILE]
       [--fingerprint FILE]

Fails where an \`up\` would replace or delete what cannot be made again, lift a protection, or take more machines away at once
than the stack can spare; and where it does not understand the preview.
  --allow URN          let this one finding pass; said in the output
  --allow-file FILE    the same for each line of a file that names a URN of --stack
  --fingerprint FILE   write there what tells these changes from others, whatever the verdict`;

interface Call {
  readonly file: string;
  readonly allow: readonly string[];
  readonly allowFile: { readonly stack: string; readonly path: string } | undefined;
  readonly fingerprint: string | undefined;
}

/** What is asked for; nothing where it cannot be told. */
function readCall(): Call | "help" | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      allow: { type: "string", multiple: true },
      "allow-file": { type: "string" },
      stack: { type: "string" },
      fingerprint: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return "help";
  const { stack, "allow-file": path, allow = [], fingerprint } = values;
  const [file, ...rest] = positionals;
  if (file === undefined || rest.length > 0 || (path === undefined) !== (stack === undefined)) return undefined;
  return {
    file,
    allow,
    allowFile: stack === undefined || path === undefined ? undefined : { stack, path },
    fingerprint,
  };
}

function main(): number {
  const call = readCall();
  if (call === undefined || call === "help") {
    process.stderr.write(`${USAGE}\n`);
    return call === "help" ? 0 : 2;
  }
  const { file, allow, allowFile, fingerprint } = call;
  const preview = parsePreview(readFileSync(file === "-" ? 0 : file, "utf8"));
  if (fingerprint !== undefined) writeFileSync(fingerprint, `${fingerprintOf(preview)}\n`);
  const listed = allowFile === undefined ? [] : allowListFor(allowFile.stack, readFileSync(allowFile.path, "utf8"));
  const verdict = judge(preview, [...allow, ...listed]);
  process.stdout.write(`${describeVerdict(verdict)}\n`);
  return isOpen(verdict) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  // Whatever it is: a gate that cannot tell is closed.
  const known =
    error instanceof PreviewError || error instanceof AllowListError || (error as { code?: string }).code !== undefined;
  process.stderr.write(
    `gate: closed. ${known ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`,
  );
  process.exitCode = 1;
}
