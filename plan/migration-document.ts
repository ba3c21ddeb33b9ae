import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ACTIVE_DATABASES } from "./database";
import { renderEnv } from "./user-data";

/** What a migration has to know of its stack, beside what its MySQL machine knows. */
export interface MigrationArgs {
  readonly stack: string;
  /** Aurora's writer and reader endpoints. */
  readonly auroraHost: string;
  readonly auroraReader: string;
  /** Identifier of the cluster. */
  readonly auroraCluster: string;
  /** The app's name for all that read; empty where nobody does. */
  readonly readerName: string;
}

/** In the order of docs/migration.md. Each is a script of its name under templates/migration. */
export const MIGRATION_STEPS = [
  "status",
  "preflight",
  "copy",
  "follow",
  "compare",
  "cut-over",
  "fall-back",
  "retire",
] as const;
export type MigrationStep = (typeof MIGRATION_STEPS)[number];

const SHARED = ["common", "sessions", "move"];
const TEMPLATES = join(__dirname, "..", "templates", "migration");

/** The longest that Systems Manager lets a command run: a copy takes as long as it takes. */
const STEP_SECONDS = 48 * 3600;

/** Systems Manager refuses a document above this many bytes. */
export const DOCUMENT_LIMIT_BYTES = 64 * 1024;

const SNAPSHOT_PATTERN = "^(none|snap-[0-9a-f]{8,17}|[a-zA-Z][a-zA-Z0-9-]{0,254})$";

/**
 * A Systems Manager command with a parameter for the step, and every script inside of it: so machines that stood before the migration have them
 * too, and user data, of which EC2 takes 16 KB, has none of them. It is meant for the MySQL machine that is the primary, and refuses any other.
 *
 * @throws RangeError where the scripts have outgrown Systems Manager's limit
 */
export function migrationDocument(args: MigrationArgs): string {
  const parameter = (value: string, description: string, allowed: object): object => ({
    type: "String",
    default: value,
    description,
    ...allowed,
  });
  const document = JSON.stringify({
    schemaVersion: "2.2",
    description: `Moves the database of stack ${args.stack} between MySQL on EC2 and Aurora, step by step: docs/migration.md`,
    parameters: {
      Step: parameter("status", "What to do", { allowedValues: MIGRATION_STEPS }),
      Overwrite: parameter("nothing", "For copy: the side whose data may be dropped", {
        allowedValues: ["nothing", ...ACTIVE_DATABASES],
      }),
      Snapshot: parameter("none", "For retire: the snapshot of the side that goes", {
        allowedPattern: SNAPSHOT_PATTERN,
      }),
    },
    mainSteps: [
      {
        name: "step",
        action: "aws:runShellScript",
        inputs: { timeoutSeconds: String(STEP_SECONDS), runCommand: commandLines(args) },
      },
    ],
  });
  const bytes = Buffer.byteLength(document);
  if (bytes > DOCUMENT_LIMIT_BYTES)
    throw new RangeError(
      `the migration document has ${bytes} bytes, Systems Manager takes ${DOCUMENT_LIMIT_BYTES}: shorten templates/migration`,
    );
  return document;
}

/** Lays the scripts down where they are gone with the run, and starts the step's own. */
function commandLines({ stack, auroraHost, auroraReader, auroraCluster, readerName }: MigrationArgs): string[] {
  const env = {
    OF_STACK: stack,
    AURORA_HOST: auroraHost,
    AURORA_READER: auroraReader,
    AURORA_CLUSTER: auroraCluster,
    READER_NAME: readerName,
  };
  return [
    "set -eu",
    "umask 077",
    "folder=$(mktemp -d /run/billybully/migration.XXXXXX)",
    `trap 'rm -rf "$folder"' EXIT`,
    ...[...SHARED, ...MIGRATION_STEPS].flatMap(fileLines),
    "set -a",
    ...renderEnv(env).trimEnd().split("\n"),
    "OVERWRITE='{{ Overwrite }}'",
    "SNAPSHOT='{{ Snapshot }}'",
    "set +a",
    `bash "$folder/{{ Step }}.sh"`,
  ];
}

const END = "END_OF_FILE";

function fileLines(script: string): string[] {
  const lines = readFileSync(join(TEMPLATES, `${script}.sh`), "utf8")
    .trimEnd()
    .split("\n");
  return [`cat >"$folder/${script}.sh" <<'${END}'`, ...lines, END];
}
