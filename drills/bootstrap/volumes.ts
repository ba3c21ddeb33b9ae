import { all, is, phase, pledge, type Phase } from "../drill";
import { findFiles } from "../world/files";
import type { Machine } from "../world/machine";
import { bootServer } from "../mysql/servers";
import { lastLine, must, type Ran } from "../world/process";
import type { World } from "../world/world";
import type { Stage } from "./phases";

const WRITER = "db-mysql-1";

/** What must never become an empty file system. */
const FOREIGN: readonly { readonly what: string; readonly prepare: (file: string) => void }[] = [
  {
    what: "something that no tool knows",
    prepare: (file) =>
      must(
        "sh",
        "-c",
        `echo gone >"$1.1" && dd if="$1.1" of="$1" seek=300 conv=notrunc status=none && rm "$1.1"`,
        "sh",
        file,
      ),
  },
  { what: "a file system of another kind", prepare: (file) => must("mkfs.ext4", "-q", file) },
];

/** What a MySQL machine does about what lies on its volume. Comes after the writer's own phase: its volume holds a database. */
export const VOLUME_PHASES: readonly Phase<Stage>[] = [
  phase(
    "volume-kept",
    "the writer is replaced around its volume",
    async ({ world }: Stage) => {
      const old = await writerIn(world);
      const { id } = world.volumeOf(old);
      await mysql(old, "CREATE TABLE billybully.kept (id INT PRIMARY KEY); INSERT INTO billybully.kept VALUES (42)");
      const identity = world.volumes.identity(id);
      await old.shutdown();
      world.remove(old);
      const next = world.make(WRITER);
      world.attach(next);
      const { status, text } = await next.boot();
      if (status !== 0) throw new Error(text);
      return {
        rows: await mysql(next, "SELECT id FROM billybully.kept"),
        same: world.volumes.identity(id) === identity,
      };
    },
    pledge(
      "kept",
      "an existing data volume is never formatted, and the next machine has what was on it",
      ({ rows, same }) =>
        all(
          is(same, `the file system is ${same ? "the same" : "another"}`),
          is(rows === "42", `rows: ${rows || "none"}`),
        ),
    ),
  ),
  phase(
    "volume-foreign",
    "the volume holds what is no database of ours",
    async ({ world }: Stage) => {
      const ran: { what: string; ran: Ran; touched: boolean }[] = [];
      for (const { what, prepare } of FOREIGN) {
        const { id, gib } = world.volumeOf({ name: WRITER });
        const machine = world.make(WRITER);
        const foreign = `${id}-foreign`;
        world.volumes.create(foreign, gib, prepare);
        const before = world.volumes.beginning(foreign);
        world.volumes.attach(foreign, gib, machine, id);
        ran.push({ what, ran: await machine.boot(), touched: world.volumes.beginning(foreign) !== before });
        world.remove(machine);
        world.volumes.delete(foreign);
      }
      return { ran };
    },
    pledge("foreign", "nothing is done to a volume that holds what we do not know", ({ ran }) =>
      all(
        ...ran.map(({ what, ran: { status }, touched }) =>
          is(status !== 0 && !touched, `${what}: ${touched ? "OVERWRITTEN" : "left alone"}`),
        ),
      ),
    ),
    pledge("says", "and the machine says so", ({ ran }) =>
      all(...ran.map(({ ran: { text } }) => is(text.includes("nothing done"), lastLine(text)))),
    ),
  ),
  phase(
    "volume-missing",
    "the writer boots without its volume",
    async ({ world }: Stage) => {
      const writer = await writerIn(world);
      const { id } = world.volumeOf(writer);
      await writer.shutdown();
      world.volumes.detach(id, writer);
      const booted = await writer.boot().then(
        () => true,
        () => false,
      );
      const database = writer.systemd.isActive("mysqld.service");
      const files = findFiles(writer.root, ["var/lib/mysql"], /data\//);
      await writer.shutdown();
      world.attach(writer);
      await writer.boot();
      return { booted, database, files };
    },
    pledge("boots", "a machine boots without its volume, so that somebody can look at it", ({ booted }) =>
      is(booted, booted ? "it boots" : "it hangs at boot"),
    ),
    pledge("empty", "a missing volume does not become an empty database", ({ database, files }) =>
      is(!database && files.length === 0, database || files.length > 0 ? "mysqld made one" : "mysqld stays down"),
    ),
  ),
];

/** The one that an earlier phase has left here, or a new one. */
async function writerIn(world: World): Promise<Machine> {
  const standing = world.machines.find(({ name }) => name === WRITER);
  return standing ?? bootServer(world, WRITER);
}

async function mysql(machine: Machine, statement: string): Promise<string> {
  const { status, out, text } = await machine.exec(["mysql", "-NBr", "-e", statement]);
  if (status !== 0) throw new Error(text);
  return out.trim();
}
