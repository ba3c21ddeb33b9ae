import { all, atLeast, atMost, defineDrill, is, none, phase, pledge, type Phase } from "../drill";
import type { Machine } from "../world/machine";
import { lastLine, secondsOf, sleep, until } from "../world/process";
import type { World } from "../world/world";
import { bootServer, caughtUp, connect, health, sameRows, sql } from "./servers";
import { ANSWER_SECONDS, createTable, describeWrites, failures, lostOn, TABLE, whileWriting } from "./writing";

interface Stage {
  readonly world: World;
  readonly writer: Machine;
  readonly reader: Machine;
}

const WRITER = "writer.cached.billybully.internal";
/** Small, so that it is filled within a drill. */
const GIB = 3;
const GROWN_GIB = 5;
/** guard.sh closes the writer from here on, in percent, and looks every 20 s. */
const FULL = 97;
const GUARD_SECONDS = 20;
const BLOB = "billybully.drill_blobs";
const SNAPSHOT = "vol-0123456789abcdef0";
const READERS_SNAPSHOT = "vol-0123456789abcdef1";
const FOLLOWED = "SELECT COUNT(*) FROM performance_schema.replication_connection_configuration";

async function stage(world: World): Promise<Stage> {
  const writer = await bootServer(world, "db-mysql-1", GIB);
  await createTable(writer);
  await sql(writer, `CREATE TABLE ${BLOB} (id INT AUTO_INCREMENT PRIMARY KEY, body MEDIUMBLOB)`);
  return { world, writer, reader: await bootServer(world, "db-mysql-2") };
}

const PHASES: readonly Phase<Stage>[] = [
  phase(
    "snapshot",
    "a snapshot of the writer's volume is taken under writes, and put in its place later",
    async (stage: Stage) => {
      const { world, writer, reader } = stage;
      const before = await whileWriting(world, WRITER, async () => {
        await sleep(3);
      });
      const after = await whileWriting(world, WRITER, async () => {
        await sleep(0.5);
        world.volumes.snapshot(world.volumeOf(writer).id, SNAPSHOT);
        await sleep(2);
      });
      world.volumes.attach(SNAPSHOT, GIB, writer);
      const restored = await writer.run("mysql/restore.sh", SNAPSHOT);
      const missing = [await lostOn(world, WRITER, before), await lostOn(world, WRITER, after)];
      const checked = await sql(writer, `CHECK TABLE ${TABLE}`);
      const again = await whileWriting(world, WRITER, () => sleep(2));
      const refused = await reader.run("mysql/apply.sh");
      const reseeded = await reader.run("mysql/reseed.sh");
      await caughtUp(reader, writer);
      await makeRoom(world, writer, SNAPSHOT);
      const rows = await sameRows(writer, reader, TABLE);
      const former = await formerReader(stage);
      return {
        restored,
        missing,
        checked,
        again,
        refused,
        reseeded,
        rows,
        former,
        lines: [describeWrites(after), `${missing[1] ?? 0} of them came after the snapshot`],
      };
    },
    pledge("whole", "what was acknowledged before the snapshot is in it, and the tables are sound", (facts) =>
      all(
        is(facts.restored.status === 0, lastLine(facts.restored.text)),
        none(facts.missing[0] ?? NaN, "missing"),
        is(facts.checked.endsWith("OK"), facts.checked.split("\t").at(-1) ?? ""),
      ),
    ),
    pledge("moment", "it is of one moment: later writes are not in it", ({ missing }) =>
      atLeast(missing[1] ?? 0, 100, " later writes not in it"),
    ),
    pledge("writes", "the restored database takes writes", ({ again }) => none(failures(again), "failed")),
    pledge(
      "readers",
      "a reader that has more than the restored writer refuses it, and reseed.sh makes it whole",
      (facts) =>
        all(
          is(facts.refused.status !== 0 && facts.refused.text.includes("diverged"), lastLine(facts.refused.text)),
          is(facts.reseeded.status === 0 && facts.rows.same, `${facts.rows.rows} rows`),
        ),
    ),
    pledge("alone", "a snapshot of a reader's volume becomes a writer that never follows anybody", ({ former }) =>
      all(
        is(former.restored.status === 0, lastLine(former.restored.text)),
        is(former.before === "1" && former.after === "0", `followed ${former.before}, follows ${former.after}`),
        none(former.starts, "replication threads started"),
      ),
    ),
  ),
  phase(
    "full",
    "the writer's volume fills up, and grows",
    async (stage: Stage) => {
      const { world, writer } = stage;
      await ballast(writer, FULL - 4);
      const filled = await whileWriting(world, WRITER, async () => {
        await until("the guard to close it", 180, () => blob(world), 0.3);
        await sleep(2);
      });
      const closed = {
        words: (await health(writer)).words,
        reading: await readingSeconds(world),
        writing: await refusal(world),
      };
      world.volumes.grow(world.volumeOf(writer).id, GROWN_GIB);
      const grown = await writer.run("mysql/apply.sh");
      const after = await whileWriting(world, WRITER, () => sleep(2));
      await caughtUp(stage.reader, writer);
      return {
        closed,
        grown,
        after,
        lost: await lostOn(world, WRITER, filled),
        state: await health(writer),
        lines: [describeWrites(filled), closed.words],
      };
    },
    pledge("reads", "reads go on", ({ closed }) => atMost(closed.reading, 1, " s for a read")),
    pledge("at-once", "writes fail at once, and do not hang", ({ closed: { writing } }) =>
      all(
        is(writing.code === "ER_OPTION_PREVENTS_STATEMENT", writing.code ?? "TAKEN"),
        atMost(writing.seconds, 1, " s"),
      ),
    ),
    pledge("kept", "no acknowledged write is lost", ({ lost }) => none(lost, "lost")),
    pledge("opens", "when the volume has grown it takes writes again, with no restart", ({ grown, after, state }) =>
      all(
        is(grown.status === 0, lastLine(grown.text)),
        none(failures(after), "failed"),
        is(state.healthy, state.words),
      ),
    ),
  ),
  phase(
    "full-at-once",
    "something fills the volume to the last byte before the guard looks",
    async (stage: Stage) => {
      const { world, writer } = stage;
      const written = await whileWriting(world, WRITER, async () => {
        await ballast(writer, 100);
        await sleep(GUARD_SECONDS * 2);
      });
      const reading = await readingSeconds(world);
      const words = (await health(writer)).words;
      await writer.exec(["rm", "-f", BALLAST]);
      await until("writes again", 90, async () => (await refusal(world)).code === undefined, 1);
      const after = await whileWriting(world, WRITER, () => sleep(2));
      return {
        reading,
        after,
        lost: await lostOn(world, WRITER, written),
        state: await health(writer),
        lines: [describeWrites(written), words],
      };
    },
    pledge("reads", "reads go on", ({ reading }) => atMost(reading, ANSWER_SECONDS, " s for a read")),
    pledge("kept", "no acknowledged write is lost", ({ lost }) => none(lost, "lost")),
    pledge("opens", "when there is room again it takes writes again, with nobody's help", ({ after, state }) =>
      all(none(failures(after), "failed"), is(state.healthy, state.words)),
    ),
  ),
];

/** Puts what the reader has in the writer's place. */
async function formerReader({ world, writer, reader }: Stage): Promise<{
  readonly before: string;
  readonly after: string;
  /** Threads of replication that the writer has started meanwhile, by its own log. */
  readonly starts: number;
  readonly restored: { readonly status: number; readonly text: string };
}> {
  const before = await sql(reader, FOLLOWED);
  world.volumes.snapshot(world.volumeOf(reader).id, READERS_SNAPSHOT);
  world.volumes.attach(READERS_SNAPSHOT, GIB, writer);
  await writer.exec(["tee", "/etc/my.cnf.d/drill.cnf"], { input: "[mysqld]\nlog_error_verbosity=3\n" });
  const begun = await threadsBegun(writer);
  const restored = await writer.run("mysql/restore.sh", READERS_SNAPSHOT);
  const starts = (await threadsBegun(writer)) - begun;
  const after = await sql(writer, FOLLOWED);
  await makeRoom(world, writer, READERS_SNAPSHOT);
  await reader.run("mysql/reseed.sh");
  await caughtUp(reader, writer);
  return { before, after, starts, restored };
}

async function threadsBegun(machine: Machine): Promise<number> {
  const { out } = await machine.exec([
    "grep",
    "-cE",
    "Replica (I/O|SQL|receiver|applier).*(initialized|[Ss]tarting|connected)",
    ERROR_LOG,
  ]);
  return Number(out.trim());
}

/** What an operator does when the restored database is well. */
async function makeRoom(world: World, writer: Machine, volume: string): Promise<void> {
  await writer.exec(["rm", "-rf", "/var/lib/mysql/data.before-restore"]);
  world.volumes.detach(volume, writer);
}

const ERROR_LOG = "/var/log/billybully/mysql-error.log";
const BALLAST = "/var/lib/mysql/ballast";

/** Takes up the volume's room with something that is not the database's, until so many percent are taken. */
async function ballast(machine: Machine, percent: number): Promise<void> {
  await machine.exec(["rm", "-f", BALLAST]);
  const { out } = await machine.exec(["df", "--output=size,used", "--block-size=1M", "/var/lib/mysql"]);
  const [size = 0, used = 0] = out.trim().split("\n").at(-1)?.trim().split(/\s+/).map(Number) ?? [];
  const mebibytes = Math.floor((size * percent) / 100) - used;
  const { status, text } = await machine.exec(["fallocate", "-l", `${mebibytes}M`, BALLAST]);
  if (status !== 0) throw new Error(text);
}

/** Writes half a megabyte. @returns whether the writer refuses it */
async function blob(world: World): Promise<boolean> {
  return (await attempt(world, `INSERT INTO ${BLOB} (body) VALUES (REPEAT('x', 500000))`)).code !== undefined;
}

async function refusal(world: World): Promise<{ code: string | undefined; seconds: number }> {
  return attempt(world, `INSERT INTO ${BLOB} (body) VALUES ('x')`);
}

async function readingSeconds(world: World): Promise<number> {
  const { code, seconds } = await attempt(world, `SELECT MAX(id) FROM ${TABLE}`);
  return code === undefined ? seconds : Infinity;
}

async function attempt(world: World, statement: string): Promise<{ code: string | undefined; seconds: number }> {
  const connection = await connect(world, WRITER);
  let code: string | undefined;
  const seconds = await secondsOf(() =>
    connection.query({ sql: statement, timeout: ANSWER_SECONDS * 1000 }).catch((error: unknown) => {
      code = (error as { code?: string }).code ?? String(error);
    }),
  );
  connection.destroy();
  return { code, seconds };
}

export const disk = defineDrill<Stage>({
  name: "disk",
  title: "the writer's volume: a snapshot that is restored, and no room left",
  needs: ["root", "mysql", "xfs"],
  quick: false,
  company: true,
  tier: "cached",
  java: "stand-in",
  stage,
  phases: PHASES,
});
