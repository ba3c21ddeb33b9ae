import type { Connection } from "mysql2/promise";
import { all, atMost, defineDrill, is, none, phase, pledge, type Phase, type Pledge } from "../drill";
import type { Machine } from "../world/machine";
import { secondsOf, sleep, until } from "../world/process";
import type { World } from "../world/world";
import { apply, bootServer, caughtUp, connect, health, number, sameRows, sql, type Health } from "./servers";
import { createTable, describeWrites, failures, lostOn, TABLE, whileWriting, type Written } from "./writing";

interface Stage {
  readonly world: World;
  readonly writer: Machine;
  reader: Machine;
  third: Machine | undefined;
}

const MILLION = 1_000_000;
const AT_ONCE = 100_000;
/** health.sh calls a reader unfit when it is further behind. */
const MOST_BEHIND = 30;
/** A commit waits this long for a reader that does not answer; see my.cnf. */
const SEMI_SYNC_SECONDS = 1;

async function stage(world: World): Promise<Stage> {
  const writer = await bootServer(world, "db-mysql-1");
  await createTable(writer);
  return { world, writer, reader: await bootServer(world, "db-mysql-2"), third: undefined };
}

function whileWritten({ world }: Stage, work: () => Promise<void>): Promise<Written> {
  return whileWriting(world, "writer.cached.billybully.internal", work);
}

/** Facts of a stream of writes, and of rows that two servers should share. */
type Facts = { readonly written: Written; readonly rows: { readonly same: boolean; readonly rows: number } };

const goesOn: Pledge<Pick<Facts, "written">> = pledge("writes", "writes go on all the while", ({ written }) =>
  all(
    none(failures(written), "failed"),
    atMost(written.longestGap, SEMI_SYNC_SECONDS + 1, " s without an acknowledged write"),
  ),
);

const equal: Pledge<Pick<Facts, "rows">> = pledge(
  "equal",
  "the reader has every row of the writer, and no other",
  ({ rows: { same, rows } }) => is(same, `${rows.toLocaleString("en-US")} rows${same ? "" : ", NOT THE SAME"}`),
);

const PHASES: readonly Phase<Stage>[] = [
  phase(
    "follows",
    "a row is written",
    async ({ world, writer, reader }: Stage) => {
      const states = [await health(writer), await health(reader)];
      const connection = await connect(world, "mysql-2.cached.billybully.internal");
      const seconds = await secondsOf(async () => {
        await sql(writer, `INSERT INTO ${TABLE} VALUES (0, 'first')`);
        await until("the row", 10, async () => (await rowsOf(connection)) > 0, 0.005);
      });
      connection.destroy();
      return { states, seconds };
    },
    pledge("healthy", "both say that they serve as what they are", ({ states }) => healthy(...states)),
    pledge("soon", "the reader, which filled itself, has it within a second", ({ seconds }) =>
      atMost(seconds, 1, " s"),
    ),
  ),
  phase(
    "closed",
    "the app and the admin try to write on a reader, which then restarts",
    async ({ world, reader }: Stage) => {
      const before = [await refusal(world, "app"), await refusal(world, "admin")];
      await reader.systemd.systemctl(["restart", "mysqld"]);
      return { before, after: [await refusal(world, "app"), await refusal(world, "admin")] };
    },
    pledge("closed", "a reader refuses writes, whoever asks", ({ before }) => refused(before)),
    pledge("restart", "also after a restart", ({ after }) => refused(after)),
  ),
  phase(
    "restarted",
    "a reader loses its power under writes, and boots again",
    async (stage: Stage) => {
      const written = await whileWritten(stage, async () => {
        await sleep(4); // the reader has come back from its restart, and commits wait for it
        stage.reader.cutPower();
        await sleep(3);
        await stage.reader.boot();
        await until("the reader to serve", 60, async () => (await health(stage.reader)).healthy, 0.5);
      });
      await caughtUp(stage.reader, stage.writer);
      return { written, rows: await sameRows(stage.writer, stage.reader, TABLE), lines: [describeWrites(written)] };
    },
    goesOn,
    equal,
  ),
  phase(
    "lag",
    "a reader cannot apply what it gets, for longer than it may be behind",
    async (stage: Stage) => {
      let late: Health | undefined;
      const written = await whileWritten(stage, async () => {
        const admin = await connect(stage.world, "mysql-2.cached.billybully.internal", "admin");
        await admin.query(`LOCK TABLES ${TABLE} READ`);
        await sleep(MOST_BEHIND + 3);
        late = await health(stage.reader);
        admin.destroy();
      });
      await until("the reader to be up to date", 60, async () => (await health(stage.reader)).healthy);
      await caughtUp(stage.reader, stage.writer);
      return { written, late, after: await health(stage.reader), lines: [describeWrites(written)] };
    },
    pledge("told", "its health says how far it is behind, and that this is too far", ({ late }) =>
      is(late?.healthy === false && / 3\d s behind/.test(late.words), late?.words ?? ""),
    ),
    pledge("again", "it makes up for it by itself", ({ after }) => healthy(after)),
    goesOn,
  ),
  phase(
    "added",
    "a second reader comes to a writer with a million rows, under writes",
    async (stage: Stage) => {
      await fill(stage.writer);
      let seconds = 0;
      const written = await whileWritten(stage, async () => {
        seconds = await secondsOf(async () => {
          stage.third = await bootServer(stage.world, "db-mysql-3");
        });
      });
      const { writer, third } = stage;
      if (third === undefined) throw new Error("no third server");
      await caughtUp(third, writer);
      const [rows, written3] = [await sameRows(writer, third, MANY), await sameRows(writer, third, TABLE)];
      return {
        written,
        rows: { same: rows.same && written3.same, rows: rows.rows + written3.rows },
        states: [await health(third), await health(stage.reader)],
        lines: [`${seconds.toFixed(0)} s from power on to serving`, describeWrites(written)],
      };
    },
    pledge("healthy", "when it is up it serves, and so does the first one", ({ states }) => healthy(...states)),
    equal,
    goesOn,
  ),
  phase(
    "wiped",
    "a reader loses its machine and its volume, and is made anew",
    async (stage: Stage) => {
      const { reader, world } = stage;
      reader.cutPower();
      world.remove(reader);
      world.volumes.delete(world.volumeOf(reader).id);
      const written = await whileWritten(stage, async () => {
        stage.reader = await bootServer(world, reader.name);
      });
      await caughtUp(stage.reader, stage.writer);
      return { written, rows: await sameRows(stage.writer, stage.reader, MANY), lines: [describeWrites(written)] };
    },
    equal,
    goesOn,
  ),
  phase(
    "killed",
    "the writer's mysqld is killed under writes; its unit starts it again",
    async (stage: Stage) => {
      const written = await whileWritten(stage, async () => {
        await sleep(2);
        stage.writer.signal("/usr/sbin/mysqld", "SIGKILL");
        await sleep(10);
      });
      const lost = await lostOn(stage.world, "writer.cached.billybully.internal", written);
      return { written, lost, states: [await health(stage.writer)], lines: [describeWrites(written)] };
    },
    pledge("open", "it takes writes again within 5 s, with nobody's help", ({ written, states }) =>
      all(atMost(written.longestGap, 5, " s without an acknowledged write"), healthy(...states)),
    ),
    pledge("kept", "no acknowledged write is lost", ({ lost }) => none(lost, "lost")),
  ),
  phase(
    "applied",
    "the settings are applied again on every server",
    async (stage: Stage) => {
      const written = await whileWritten(stage, async () => {
        for (const machine of [stage.writer, stage.reader, stage.third])
          if (machine !== undefined) await apply(machine);
      });
      return { written, lines: [describeWrites(written)] };
    },
    goesOn,
  ),
];

const MANY = "billybully.drill_many";

async function fill(writer: Machine): Promise<void> {
  await sql(
    writer,
    `CREATE TABLE IF NOT EXISTS ${MANY} (id BIGINT PRIMARY KEY, player BIGINT, body CHAR(60), KEY (player))`,
  );
  for (let first = await number(writer, `SELECT COUNT(*) FROM ${MANY}`); first < MILLION; first += AT_ONCE)
    await sql(
      writer,
      `USE billybully; SET cte_max_recursion_depth = ${AT_ONCE};
       INSERT INTO ${MANY} WITH RECURSIVE n (i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i < ${first + AT_ONCE - 1})
       SELECT i, i % 1000, CONCAT('row ', i, REPEAT('x', 40)) FROM n`,
    );
}

async function rowsOf(connection: Connection): Promise<number> {
  const [rows] = await connection.query(`SELECT id FROM ${TABLE}`);
  return (rows as unknown[]).length;
}

/** The error that somebody meets who writes on the reader; nothing where it lets him. */
async function refusal(world: World, who: "app" | "admin"): Promise<string | undefined> {
  const connection = await connect(world, "mysql-2.cached.billybully.internal", who);
  try {
    await connection.query(`INSERT INTO ${TABLE} VALUES (-1, 'not here')`);
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  } finally {
    connection.destroy();
  }
}

function refused(refusals: readonly (string | undefined)[]) {
  return all(...refusals.map((code) => is(code === "ER_OPTION_PREVENTS_STATEMENT", code ?? "TAKEN")));
}

function healthy(...states: readonly Health[]) {
  return all(...states.map(({ healthy: fit, words }) => is(fit, words)));
}

export const replication = defineDrill<Stage>({
  name: "replication",
  title: "MySQL with a writer and readers that fill themselves",
  needs: ["root", "mysql", "xfs"],
  quick: true,
  company: true,
  tier: "cached",
  settings: { database: '{"readers":2}' },
  java: "stand-in",
  stage,
  phases: PHASES,
});
