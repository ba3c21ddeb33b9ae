import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, strFromU8, strToU8 } from "fflate";

/** What a machine is; names the folder under templates/ whose files it gets. See docs/machines.md. */
export const MACHINE_ROLES = ["app", "balancer", "mysql", "nat"] as const;
export type MachineRole = (typeof MACHINE_ROLES)[number];

/** EC2 refuses user data above this many bytes, counted before base64. */
export const USER_DATA_LIMIT_BYTES = 16 * 1024;

const TEMPLATES = join(__dirname, "..", "templates");
const HOME = "/opt/billybully";

/**
 * The cloud-config that makes a machine: its env file, the files of `templates/machine` and `templates/ROLE`, and the command that starts
 * them; compressed, as cloud-init takes it, in base64.
 *
 * The compression is a library's and not Node's own, whose result changes with its version: a new Node.js in CI must not look like a
 * new machine.
 *
 * @throws RangeError where the files have outgrown EC2's limit
 */
export function renderUserData(role: MachineRole, env: Readonly<Record<string, string>>): string {
  const machine = {
    path: "/etc/billybully/machine.env",
    permissions: "0644",
    content: renderEnv({ ROLE: role, ...env }),
  };
  const config = {
    write_files: [machine, ...filesOf("machine"), ...filesOf(role)],
    runcmd: [[`${HOME}/machine/bootstrap.sh`]],
  };
  const bytes = gzipSync(strToU8(`#cloud-config\n${JSON.stringify(config, null, 1)}\n`), { level: 9, mtime: 0 });
  if (bytes.length > USER_DATA_LIMIT_BYTES) {
    throw new RangeError(
      `user data of ${role} is ${bytes.length} bytes, EC2 takes ${USER_DATA_LIMIT_BYTES}: shorten templates/${role}`,
    );
  }
  return Buffer.from(bytes).toString("base64");
}

/** The cloud-config inside of user data, for people and tests. */
export function readUserData(userData: string): string {
  return strFromU8(gunzipSync(Buffer.from(userData, "base64")));
}

/** `KEY='value'` lines that a shell can source. */
export function renderEnv(env: Readonly<Record<string, string>>): string {
  return lines(env, (value) => `'${value.replaceAll("'", String.raw`'\''`)}'`);
}

/** `KEY=value` lines, as a settings parameter holds them. Values are single lines. */
export function renderSettings(settings: Readonly<Record<string, string>>): string {
  return lines(settings, (value) => value);
}

function lines(record: Readonly<Record<string, string>>, quote: (value: string) => string): string {
  return Object.entries(record)
    .map(([key, value]) => `${key}=${quote(value)}\n`)
    .join("");
}

interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}

const read = new Map<string, WrittenFile[]>();

function filesOf(folder: string): WrittenFile[] {
  const known = read.get(folder);
  if (known !== undefined) return known;
  const files = readdirSync(join(TEMPLATES, folder))
    .sort()
    .map((file) => ({
      path: `${HOME}/${folder}/${file}`,
      permissions: file.endsWith(".sh") ? "0755" : "0644",
      content: readFileSync(join(TEMPLATES, folder, file), "utf8"),
    }));
  read.set(folder, files);
  return files;
}
