import { all, atLeast, atMost, defineDrill, is, none, phase, pledge, type Phase } from "../drill";
import { lastLine, secondsOf, sleep, until, type Ran } from "../world/process";
import {
  answers,
  cut,
  hostOf,
  lose,
  namedAgain,
  numberOf,
  protectedCommits,
  READERS,
  stage,
  trio,
  turn,
  whileWritten,
  WRITER,
  type Stage,
} from "./promotion-stage";
import { caughtUp, health, number, sameRows, sql } from "./servers";
import { describeWrites, failures, lostOn, TABLE } from "./writing";

/** The writer's name is good for 5 s at whoever has looked it up; our writers look it up for each connection. */
const AGAIN_WITHIN = 10;

const PHASES: readonly Phase<Stage>[] = [
  phase(
    "handed-over",
    "a reader is promoted while the writer is there; then the old one becomes a reader",
    async (stage: Stage) => {
      const { first, second, third } = trio(stage);
      await protectedCommits(first);
      let promoted: Ran | undefined;
      const written = await whileWritten(stage, async () => {
        await sleep(2);
        promoted = await second.run("mysql/promote.sh");
        await sleep(AGAIN_WITHIN + 2);
      });
      const rejoined = await first.run("mysql/rejoin.sh", hostOf(second));
      await turn(stage, second);
      await caughtUp(first, second);
      return {
        written,
        promoted,
        rejoined,
        lost: await lostOn(stage.world, WRITER, written),
        rows: await sameRows(second, first, TABLE),
        states: [await health(first), await health(second), await health(third)],
        lines: [describeWrites(written)],
      };
    },
    pledge("kept", "no acknowledged write is lost", ({ lost }) => none(lost, "lost")),
    pledge("again", "the app writes again without a restart", ({ promoted, written }) =>
      all(
        is(promoted?.status === 0, lastLine(promoted?.text)),
        atMost(written.longestGap, AGAIN_WITHIN, " s without a write"),
      ),
    ),
    pledge("rejoins", "the old writer becomes a reader and has the same rows", ({ rejoined, rows }) =>
      all(is(rejoined.status === 0, lastLine(rejoined.text)), is(rows.same, `${rows.rows} rows`)),
    ),
    pledge("healthy", "after `pulumi up` with the new primary every server serves as what it is", ({ states }) =>
      all(...states.map(({ healthy, words }) => is(healthy, words))),
    ),
  ),
  phase(
    "behind",
    "the writer loses its power, and the reader that is to be promoted has not all that the other has",
    async (stage: Stage) => {
      const { first: writer, second: late, third: ahead } = trio(stage);
      await protectedCommits(writer);
      await sql(late, "STOP REPLICA IO_THREAD");
      const written = await whileWritten(stage, async () => {
        await sleep(2);
        // What it acknowledges now is on no reader, unless it waits for one.
        stage.world.network.unplug(ahead.wire);
        await sleep(0.5);
        cut(stage);
        stage.world.network.plug(ahead.wire);
      });
      const refused = await late.run("mysql/promote.sh", "--old-writer-is-gone");
      let promoted: Ran | undefined;
      let seconds = 0;
      const after = await whileWritten(stage, async () => {
        seconds = await secondsOf(async () => {
          promoted = await ahead.run("mysql/promote.sh", "--old-writer-is-gone");
        });
        await sleep(3);
      });
      stage.writer = numberOf(ahead);
      const lost = await lostOn(stage.world, WRITER, written);
      return {
        written,
        refused,
        promoted,
        lost,
        after,
        seconds,
        lines: [describeWrites(written), describeWrites(after)],
      };
    },
    pledge("most", "a reader that has not the most refuses, and says which one has", ({ refused }) =>
      is(refused.status !== 0 && refused.text.includes("has what this one has not"), lastLine(refused.text)),
    ),
    pledge("kept", "no acknowledged write is lost with the other", ({ lost, written }) =>
      all(none(lost, "lost"), atLeast(written.acknowledged.size, 100, " acknowledged")),
    ),
    pledge(
      "again",
      "the app writes again without a restart, seconds after the command",
      ({ promoted, seconds, after }) =>
        all(
          is(promoted?.status === 0, `promote.sh took ${seconds.toFixed(1)} s`),
          atMost(after.longestGap, AGAIN_WITHIN, " s without a write"),
        ),
    ),
  ),
  phase(
    "back",
    "`pulumi up` names the new primary, and the old writer comes back by itself",
    async (stage: Stage) => {
      if (stage.gone === undefined) await lose(stage);
      const { first: writer, second, third } = trio(stage);
      const [old, other] = numberOf(second) === stage.gone ? [second, third] : [third, second];
      await turn(stage, writer);
      let closed = false;
      const written = await whileWritten(stage, async () => {
        await old.boot();
        await until(
          "the old writer to answer",
          60,
          async () => (await health(old)).words !== "" && (await answers(old)),
          0.5,
        );
        await sleep(3);
        closed = (await number(old, "SELECT @@GLOBAL.super_read_only")) === 1;
      });
      const applied = await old.run("mysql/apply.sh");
      const again = await namedAgain(stage, old);
      const rejoined = await old.run("mysql/rejoin.sh");
      const diverged = rejoined.status !== 0;
      const reseeded = diverged ? await old.run("mysql/reseed.sh") : rejoined;
      stage.gone = undefined;
      await caughtUp(old, writer);
      return {
        written,
        closed,
        applied,
        again,
        rejoined,
        diverged,
        reseeded,
        rows: await sameRows(writer, old, TABLE),
        states: [await health(other), await health(old), await health(writer)],
        lines: [describeWrites(written), `rejoin.sh: ${lastLine(rejoined.text)}`],
      };
    },
    pledge("closed", "a writer that comes back from the dead takes no writes", ({ closed }) =>
      is(closed, closed ? "closed" : "OPEN"),
    ),
    pledge("says", "and says what to do", ({ applied }) =>
      is(applied.status !== 0 && applied.text.includes("rejoin.sh"), lastLine(applied.text)),
    ),
    pledge("stays", "and takes none when the stack names it the primary again", ({ again }) =>
      is(again.closed && again.status !== 0, again.closed ? lastLine(again.text) : "OPEN"),
    ),
    pledge(
      "joins",
      "it becomes a reader, or is refused because it has what nobody else has, and is filled anew",
      (facts) =>
        all(
          is(!facts.diverged || facts.rejoined.text.includes("diverged"), facts.diverged ? "diverged" : "rejoined"),
          is(facts.reseeded.status === 0 && facts.rows.same, `${facts.rows.rows} rows`),
        ),
    ),
    pledge("healthy", "then all serve as what they are", ({ states }) =>
      all(...states.map(({ healthy, words }) => is(healthy, words))),
    ),
    pledge("writes", "writes go on all the while", ({ written }) => none(failures(written), "failed")),
  ),
  phase(
    "asynchronous",
    "without semi-synchronous replication the writer loses its power a moment after its readers lost their network",
    async (stage: Stage) => {
      const { first: writer, second: reader, third: other } = trio(stage);
      await sql(writer, "SET GLOBAL rpl_semi_sync_source_enabled = OFF");
      const written = await whileWritten(stage, async () => {
        await sleep(2);
        for (const machine of [reader, other]) stage.world.network.unplug(machine.wire);
        await sleep(1);
        cut(stage);
        for (const machine of [reader, other]) stage.world.network.plug(machine.wire);
        await sleep(1);
      });
      const promoted = await reader.run("mysql/promote.sh", "--old-writer-is-gone");
      const lost = await lostOn(stage.world, WRITER, written);
      await turn(stage, reader);
      await writer.boot();
      await until("the old writer to answer", 60, () => answers(writer), 0.5);
      const rejoined = await writer.run("mysql/rejoin.sh");
      const extra = await number(
        writer,
        extraOf(await sql(reader, "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '')")),
      );
      return {
        written,
        promoted,
        lost,
        rejoined,
        extra,
        lines: [describeWrites(written), `${lost} acknowledged writes are lost`],
      };
    },
    pledge(
      "shown",
      "what is lost is not lost unseen: the old writer has it, and is refused",
      ({ lost, rejoined, extra }) =>
        all(
          is(rejoined.status !== 0 && rejoined.text.includes("only this server has"), lastLine(rejoined.text)),
          atLeast(extra, lost, " transactions that only it has, for the writes lost"),
        ),
    ),
    pledge("promotes", "the promotion works all the same", ({ promoted }) =>
      is(promoted.status === 0, lastLine(promoted.text)),
    ),
  ),
];

/** How many of a server's transactions are not among others. */
function extraOf(others: string): string {
  return `SELECT COALESCE(SUM(last - first + 1), 0) FROM (SELECT
    SUBSTRING_INDEX(part, '-', 1) + 0 first, SUBSTRING_INDEX(part, '-', -1) + 0 last FROM JSON_TABLE(CONCAT('["',
    REPLACE(SUBSTRING(GTID_SUBTRACT(@@GLOBAL.gtid_executed, '${others}'), 38), ':', '","'), '"]'), '$[*]' COLUMNS (part VARCHAR(60) PATH '$')) j) n`;
}

export const promotion = defineDrill<Stage>({
  name: "promotion",
  title: "another MySQL server becomes the writer",
  needs: ["root", "mysql", "xfs"],
  quick: true,
  company: true,
  tier: "cached",
  settings: { database: JSON.stringify({ readers: READERS }) },
  java: "stand-in",
  stage,
  phases: PHASES,
});
