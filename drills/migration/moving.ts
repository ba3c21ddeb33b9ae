import { all, atMost, is, none, phase, pledge, type Phase, type Pledge } from "../drill";
import { apply, health, sql, type Health } from "../mysql/servers";
import { describeWrites, type Written } from "../mysql/writing";
import type { Machine } from "../world/machine";
import { sleep, until } from "../world/process";
import { POWERLESS } from "./failing";
import { LEFT } from "./meanwhile";
import {
  compared,
  DATABASE,
  done,
  following,
  isOpen,
  missing,
  moved,
  refusalOn,
  TIER,
  whileUsed,
  WRITER,
  type Stage,
} from "./stage";

/** Two seconds for the two sides and the names, and the six for which an app may keep a name; two more on a busy machine. */
const MOST_SECONDS = 10;

interface Moved {
  readonly written: Written;
  readonly lost: number;
  readonly differing: readonly string[];
  readonly rows: number;
}

const pause: Pledge<Moved> = pledge("pause", `nobody waits longer than ${MOST_SECONDS} s to write`, ({ written }) =>
  atMost(written.longestGap, MOST_SECONDS, " s without an acknowledged write"),
);

const kept: Pledge<Moved> = pledge(
  "kept",
  "no acknowledged write is lost, and both sides have the same rows",
  ({ lost, differing, rows }) =>
    all(
      none(lost, "lost"),
      none(differing.length, `tables differ ${differing.join(", ")}`.trim()),
      is(rows > 0, `${rows.toLocaleString("en-US")} rows`),
    ),
);

async function whileMoving(stage: Stage, name: "cut-over" | "fall-back"): Promise<Moved & { lines: string[] }> {
  const told: string[] = [];
  const written = await whileUsed(stage, async () => {
    await sleep(3);
    told.push(...(await done(stage, name)).text.trim().split("\n").slice(0, 1));
    await sleep(3);
  });
  stage.is = name === "cut-over" ? "moved" : "following";
  const { differing, rows } = await compared(stage);
  const lost = (await missing(stage.writer, written)) + (await missing(stage.aurora.machine, written));
  return { written, lost, differing, rows, lines: [describeWrites(written), ...told] };
}

/** The app's names as the program wants them with one or the other active, and whether they are so. */
async function namesAsWanted({ world, context }: Stage, active: string): Promise<string[]> {
  const { resources } = await context.evaluate(TIER, { database: JSON.stringify({ ...DATABASE, active }) });
  const wanted = resources.filter(
    ({ type, name }) => type === "aws:route53/record:Record" && /^db-(writer|reader)$/.test(name),
  );
  return wanted.flatMap((record) => {
    const { name, records } = world.references.inputs(record) as { name: string; records: string[] };
    const is = world.account.records.get(name)?.records;
    return JSON.stringify(is) === JSON.stringify(records)
      ? []
      : [`${name} is ${is?.join() ?? "nothing"} and not ${records.join()}`];
  });
}

async function followsAurora(machine: Machine): Promise<boolean> {
  const { status, out } = await machine.exec(["mysql", "-NBr"], {
    input: "SELECT SERVICE_STATE FROM performance_schema.replication_connection_status WHERE CHANNEL_NAME = 'aurora'",
  });
  return status === 0 && out.trim() === "ON";
}

function healthy(...states: readonly Health[]) {
  return all(...states.map(({ healthy: fit, words }) => is(fit, words)));
}

export const MOVING: readonly Phase<Stage>[] = [
  phase(
    "cut-over",
    "the app goes to Aurora under writes",
    async (stage: Stage) => {
      await following(stage);
      const facts = await whileMoving(stage, "cut-over");
      const { writer, reader, aurora } = stage;
      return {
        ...facts,
        refusals: [await refusalOn(stage, writer.args.address), await refusalOn(stage, writer.args.address, "admin")],
        app: await refusalOn(stage, stage.world.resolver.address(WRITER)).then(async (code) => {
          await sql(aurora.machine, "DELETE FROM billybully.drill_writes WHERE id = -1");
          return code;
        }),
        wrong: await namesAsWanted(stage, "aurora"),
        applied: [await apply(writer), await apply(reader)],
        states: [await health(writer), await health(reader)],
      };
    },
    pause,
    kept,
    pledge("closed", "nobody can write where the app was, and everybody where it is", ({ refusals, app }) =>
      all(
        ...refusals.map((code) => is(code === "ER_OPTION_PREVENTS_STATEMENT", code ?? "TAKEN")),
        is(app === undefined, app ?? "taken"),
      ),
    ),
    pledge(
      "names",
      "the names lead where the program will have them, so that the up has nothing to change",
      ({ wrong }) => none(wrong.length, `names wrong ${wrong.join(", ")}`.trim()),
    ),
    pledge("up", "the machines' own apply.sh takes them as they are: no up fails on them", ({ applied, states }) =>
      all(is(applied.length === 2, "both applied"), healthy(...states)),
    ),
  ),
  phase(
    "rebooted",
    "the machine that the app has left boots again",
    async (stage: Stage) => {
      await moved(stage);
      const { writer, aurora } = stage;
      const written = await whileUsed(stage, async () => {
        await writer.shutdown();
        await sleep(2);
        await writer.boot();
        await until("MySQL to follow again", 60, () => followsAurora(writer), 0.5);
        await writer.run("mysql/guard.sh"); // as it does every 20 s
      });
      await sql(aurora.machine, "ALTER USER report ACCOUNT LOCK");
      const { differing, rows } = await compared(stage);
      const locked = await sql(writer, "SELECT account_locked FROM mysql.user WHERE user = 'report'");
      await sql(aurora.machine, "ALTER USER report ACCOUNT UNLOCK");
      return {
        written,
        open: await isOpen(writer),
        state: await health(writer),
        locked,
        lost: await missing(writer, written),
        differing,
        rows,
        lines: [describeWrites(written)],
      };
    },
    pledge("closed", "it stays closed, and its health says why", ({ open, state }) =>
      all(is(!open, open ? "OPEN" : "closed"), healthy(state)),
    ),
    pledge("follows", "it follows by itself, and misses nothing", ({ lost, differing, rows }) =>
      all(none(lost, "missing"), none(differing.length, "tables differ"), is(rows > 0, `${rows} rows`)),
    ),
    pledge("accounts", "who is shut out there is not shut out here", ({ locked }) =>
      is(locked === "N", `locked: ${locked}`),
    ),
    pledge("writes", "the app does not notice", ({ written }) =>
      atMost(written.longestGap, 1, " s without an acknowledged write"),
    ),
  ),
  LEFT,
  phase(
    "fall-back",
    "the app goes back to MySQL under writes",
    async (stage: Stage) => {
      await moved(stage);
      const facts = await whileMoving(stage, "fall-back");
      const { writer, reader, aurora } = stage;
      return {
        ...facts,
        closed: await refusalOn(stage, aurora.machine.args.address),
        wrong: await namesAsWanted(stage, "self-managed"),
        applied: [await apply(writer), await apply(reader)],
        states: [await health(writer), await health(reader)],
      };
    },
    pause,
    kept,
    pledge("closed", "nobody can write on Aurora any more", ({ closed }) =>
      is(closed === "ER_ACCOUNT_HAS_BEEN_LOCKED", closed ?? "TAKEN"),
    ),
    pledge("names", "the names lead where the program will have them", ({ wrong }) =>
      none(wrong.length, `names wrong ${wrong.join(", ")}`.trim()),
    ),
    pledge("up", "and no up fails on the machines", ({ applied, states }) =>
      all(is(applied.length === 2, "both applied"), healthy(...states)),
    ),
  ),
  POWERLESS,
];
