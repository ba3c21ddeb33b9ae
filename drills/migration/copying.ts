import { all, atMost, is, none, phase, pledge, type Phase, type Pledge } from "../drill";
import { health, number, sql } from "../mysql/servers";
import { describeWrites, failures, type Written } from "../mysql/writing";
import { sleep, type Ran } from "../world/process";
import { compared, done, following, missing, refusalOn, ROWS, step, TABLES, whileUsed, type Stage } from "./stage";

/** For a commit that waits for its reader (my.cnf). */
const COMMIT_SECONDS = 1;
/** What `hold` in sessions.sh allows itself. */
const HOLD_SECONDS = 2;

interface Waited {
  readonly written: Written;
  /** Lines in which a step says for how long it held the writes. */
  readonly lines: readonly string[];
}

const goesOn: Pledge<Waited> = pledge(
  "writes",
  "writes go on all the while, and wait no longer than the step says",
  ({ written, lines }) =>
    all(
      none(failures(written), "failed"),
      atMost(
        written.longestGap,
        Math.min(saidBy(lines), HOLD_SECONDS) + COMMIT_SECONDS,
        " s without an acknowledged write",
      ),
    ),
);

/** Seconds; none where no step says any. */
function saidBy(lines: readonly string[]): number {
  return Number(/writes waited for (\d+) ms/.exec(lines.join("\n"))?.[1] ?? -Infinity) / 1000;
}

export const COPYING: readonly Phase<Stage>[] = [
  phase(
    "copied",
    "everything is copied under writes, and again, and the copy follows",
    async (stage: Stage) => {
      const { writer, reader, aurora } = stage;
      const told: string[] = [];
      const written = await whileUsed(stage, async () => {
        told.push(waited(await done(stage, "copy", { Overwrite: "aurora" })));
      });
      const refused = await step(stage, "copy");
      const app = await refusalOn(stage, aurora.machine.args.address);
      const again = await whileUsed(stage, async () => {
        told.push(waited(await done(stage, "copy", { Overwrite: "aurora" })));
        await done(stage, "follow");
        await sleep(2);
      });
      stage.is = "apart"; // nobody has compared them
      const { differing, rows } = await compared(stage);
      return {
        written,
        again,
        refused,
        app,
        differing,
        rows,
        states: [await health(writer), await health(reader)],
        accounts: await sql(aurora.machine, "SELECT COUNT(*) FROM mysql.user WHERE user = 'report'"),
        readerRows: await number(reader, `SELECT COUNT(*) FROM ${TABLES[1] ?? ""}`),
        ring: (await step(stage, "status")).text,
        lost: (await missing(aurora.machine, written)) + (await missing(aurora.machine, again)),
        lines: [describeWrites(written), describeWrites(again), ...told],
      };
    },
    goesOn,
    pledge(
      "again",
      "a copy that is there is dropped only by the name of its side, and then made anew",
      ({ refused, again }) =>
        all(
          is(refused.status !== 0 && refused.text.includes("Overwrite=aurora"), `status ${refused.status}`),
          none(failures(again), "writes failed"),
        ),
    ),
    pledge("equal", "the copy has every row, and no other", ({ differing, rows, lost }) =>
      all(
        none(differing.length, `tables differ ${differing.join(", ")}`.trim()),
        none(lost, "writes missing"),
        is(rows > ROWS, `${rows.toLocaleString("en-US")} rows`),
      ),
    ),
    pledge("closed", "until the cut-over nobody can write there by mistake", ({ app }) =>
      is(app === "ER_ACCOUNT_HAS_BEEN_LOCKED", app ?? "TAKEN"),
    ),
    pledge(
      "ring",
      "MySQL follows its copy, so that there is a way back, and took nothing of how the copy was made",
      ({ ring, states, readerRows }) =>
        all(
          is((ring.match(/follows the other side/g) ?? []).length === 2, "both follow"),
          ...states.map(({ healthy, words }) => is(healthy, words)),
          is(readerRows === ROWS, `${readerRows} rows on the reader`),
        ),
    ),
    pledge("accounts", "accounts that people made have come along", ({ accounts }) => is(accounts === "1", accounts)),
  ),
  phase(
    "compared",
    "both sides are compared under writes, with and without a difference",
    async (stage: Stage) => {
      await following(stage);
      const { aurora } = stage;
      let equal: Ran = { status: -1, out: "", text: "" };
      const written = await whileUsed(stage, async () => {
        equal = await step(stage, "compare");
      });
      // Behind the back of replication, as a person with a wrong window would.
      const behind = (statement: string): Promise<string> => sql(aurora.machine, `SET sql_log_bin = 0; ${statement}`);
      await behind(`UPDATE ${TABLES[1] ?? ""} SET name = CONCAT(name, ' ') WHERE id = 55555`);
      await behind("DELETE FROM billybully.drill_pairs WHERE a = 2000");
      await behind("UPDATE drill_extra.things SET name = NULL");
      await behind("CREATE TABLE drill_extra.more (id INT PRIMARY KEY)");
      const differing = await step(stage, "compare");
      const cutOver = await step(stage, "cut-over");
      stage.is = "apart"; // the difference stays until everything is copied anew
      await sql(aurora.machine, "SET sql_log_bin = 0; DROP TABLE drill_extra.more");
      return { written, equal, differing, cutOver, lines: [describeWrites(written), waited(equal)] };
    },
    goesOn,
    pledge("equal", "equal tables are told to be equal, each with its rows", ({ equal }) =>
      all(
        is(equal.status === 0, `status ${equal.status}`),
        is((equal.text.match(/^equal /gm) ?? []).length === TABLES.length, `${TABLES.length} tables`),
      ),
    ),
    pledge("differs", "a changed letter, a missing row, a NULL and a table too many are all found", ({ differing }) =>
      all(
        is(differing.status !== 0, `status ${differing.status}`),
        ...["drill_many", "drill_pairs", "things", "drill_extra.more"].map((table) =>
          is(new RegExp(`^DIFFERS .*${table}`, "m").test(differing.text.replaceAll("`", "")), table),
        ),
        is(/^equal .*drill_writes/m.test(differing.text), "and the one table that is equal"),
      ),
    ),
    pledge("stops", "and nobody cuts over to a copy that differs", ({ cutOver }) =>
      is(cutOver.status !== 0 && cutOver.text.includes("nobody has compared"), `status ${cutOver.status}`),
    ),
  ),
];

/** The step's own words on how long nobody could write. */
function waited({ text }: Ran): string {
  return /\S+\.sh: writes waited for \d+ ms/.exec(text)?.[0] ?? "it does not say how long writes waited";
}
