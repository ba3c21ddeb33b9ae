import { all, is, none, phase, pledge, type Phase } from "../drill";
import { hostOf, numberOf } from "../mysql/promotion-stage";
import { apply, health, sql } from "../mysql/servers";
import { describeWrites } from "../mysql/writing";
import type { Machine } from "../world/machine";
import { lastLine, type Ran } from "../world/process";
import { DATABASE, following, missing, moved, step, TIER, whileUsed, type Stage } from "./stage";

/** Promotes the reader as docs/operations.md says: both machines change places, and the program is told. */
async function promote(stage: Stage): Promise<Ran[]> {
  const { world, context, writer, reader } = stage;
  const ran = [await reader.run("mysql/promote.sh"), await writer.run("mysql/rejoin.sh", hostOf(reader))];
  const primary = numberOf(reader);
  const { resources } = await context.evaluate(TIER, { database: JSON.stringify({ ...DATABASE, primary }) });
  world.account.adopt(resources);
  for (const machine of [reader, writer]) await apply(machine);
  [stage.writer, stage.reader] = [reader, writer];
  return ran;
}

/** Whom a server follows. */
function followed(machine: Machine): Promise<string> {
  return sql(
    machine,
    "SELECT COALESCE(GROUP_CONCAT(HOST), 'nobody') FROM performance_schema.replication_connection_configuration",
  );
}

/** What else may happen to the MySQL machines in the days that a migration takes. */
export const MEANWHILE: readonly Phase<Stage>[] = [
  phase(
    "reseeded",
    "an `up` comes by and a reader is seeded anew, while both sides follow each other",
    async (stage: Stage) => {
      await following(stage);
      await apply(stage.writer);
      const { status, text } = await stage.reader.run("mysql/reseed.sh");
      return {
        status,
        text,
        state: await health(stage.reader),
        follows: await followed(stage.reader),
        ring: (await step(stage, "status")).text,
      };
    },
    pledge("follows", "it follows its writer, and not what that one follows", ({ status, text, state, follows }) =>
      all(is(status === 0, lastLine(text)), is(state.healthy, state.words), is(only(follows), follows)),
    ),
    pledge("ring", "`apply.sh` stops nobody on the other side with accounts that Aurora does not take", ({ ring }) =>
      is(
        (ring.match(/follows the other side/g) ?? []).length === 2,
        /^.*NOT FOLLOW.*$/m.exec(ring)?.[0] ?? "both follow",
      ),
    ),
  ),
  phase(
    "promoted",
    "a reader is promoted between the copy and the cut-over",
    async (stage: Stage) => {
      await following(stage);
      const [first, second] = [stage.writer, stage.reader];
      const ran: Ran[] = [];
      const written = await whileUsed(stage, async () => {
        ran.push(...(await promote(stage)));
      });
      stage.is = "apart";
      const cutOver = await step(stage, "cut-over");
      const rejoined = await followed(first);
      await following(stage);
      const lost = (await missing(stage.writer, written)) + (await missing(stage.aurora.machine, written));
      const states = [await health(first), await health(second)];
      ran.push(...(await promote(stage)));
      stage.is = "apart";
      return { ran, cutOver, rejoined, lost, states, lines: [describeWrites(written)] };
    },
    pledge("leaves", "that goes as ever, and the old writer no longer follows Aurora", ({ ran, rejoined }) =>
      all(...ran.map(({ status, text }) => is(status === 0, lastLine(text))), is(only(rejoined), rejoined)),
    ),
    pledge("refuses", "nobody cuts over to a copy of the old writer", ({ cutOver }) =>
      is(cutOver.status !== 0, lastLine(cutOver.text)),
    ),
    pledge("anew", "the copy is made anew from the new one, and nothing acknowledged is lost", ({ lost, states }) =>
      all(none(lost, "lost"), ...states.map(({ healthy, words }) => is(healthy, words))),
    ),
  ),
];

export const LEFT: Phase<Stage> = phase(
  "left",
  "somebody promotes a reader after the app has gone to Aurora",
  async (stage: Stage) => {
    await moved(stage);
    const alive = await stage.reader.run("mysql/promote.sh");
    const dead = await stage.reader.run("mysql/promote.sh", "--old-writer-is-gone");
    return { refusals: [alive, dead], states: [await health(stage.writer), await health(stage.reader)] };
  },
  pledge("refuses", "it refuses, whatever is said of the old writer, and all is as before", ({ refusals, states }) =>
    all(
      ...refusals.map(({ status, text }) =>
        is(status !== 0 && text.includes("leads to another database"), lastLine(text)),
      ),
      ...states.map(({ healthy, words }) => is(healthy, words)),
    ),
  ),
);

function only(hosts: string): boolean {
  return /^mysql-\d\.[^,]+$/.test(hosts);
}
