import { atMost, phase, pledge, type Phase, type Pledge } from "../drill";
import { secondsOf, sleep, until } from "../world/process";
import { boundedByDatabase, FOUND_WITHIN, MARGIN, once, reads, readsRecover, ready } from "./pledges";
import { promote, protectedCommits, serves, settle, signal, type Stage } from "./stage";
import { countRows, during, WRITE_RATE, type Traffic } from "./traffic";

const AROUND = 1.5;

/** A writer that was away for so many seconds, until it or the next one took writes. */
interface Outage extends Traffic {
  readonly away: number;
}

const again = (limit: number): Pledge<Outage> =>
  pledge("again", "the app writes again by itself", ({ writes, away }) =>
    atMost(writes.longestGap, away + limit, ` s without a write, ${away.toFixed(1)} of them without a writer`),
  );

/** From the moment at which somebody takes writes; those of the load come at intervals. */
const BACK_WITHIN = FOUND_WITHIN + 1 / WRITE_RATE;

/** A phase in which the reader takes over under load. */
async function promoting(stage: Stage, take: (stage: Stage) => Promise<number>): Promise<Outage> {
  await protectedCommits(stage);
  let away = 0;
  const traffic = await during(stage, async (tag) => {
    await sleep(AROUND);
    away = await take(stage);
    const before = await countRows(stage.writer, tag);
    const writes = async (): Promise<boolean> => (await countRows(stage.writer, tag)) > before;
    // Where it never does, the gap tells.
    await until("the app to write again", BACK_WITHIN + MARGIN, writes, 0.2).catch(() => undefined);
    await sleep(2 * AROUND);
  });
  return { ...traffic, away };
}

export const WRITERS: readonly Phase<Stage>[] = [
  phase(
    "writer-killed",
    "the writer's mysqld is killed; its unit starts it again",
    async (stage: Stage) => {
      let away = 0;
      const traffic = await during(stage, async () => {
        await sleep(AROUND);
        away = await secondsOf(async () => {
          signal(stage.writer, "SIGKILL");
          await sleep(0.5); // long enough for its end to be noticed
          await serves(stage.writer);
        });
        await sleep(2 * AROUND);
      });
      return { ...traffic, away };
    },
    reads,
    again(BACK_WITHIN),
    boundedByDatabase,
    once,
    ready,
  ),
  phase(
    "promoted",
    "the reader is promoted while the writer is there",
    async (stage: Stage) => {
      const outage = await promoting(stage, promote);
      await settle(stage);
      return outage;
    },
    reads,
    again(BACK_WITHIN),
    boundedByDatabase,
    once,
    ready,
  ),
  phase(
    "writer-lost",
    "the writer loses its power for good, and the reader is promoted",
    (stage: Stage) =>
      promoting(stage, (s) =>
        secondsOf(async () => {
          s.writer.cutPower();
          await promote(s, "--old-writer-is-gone");
        }),
      ),
    readsRecover,
    again(BACK_WITHIN),
    boundedByDatabase,
    once,
    ready,
  ),
];
