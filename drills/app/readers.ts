import { all, is, none, phase, pledge, type Phase } from "../drill";
import { sleep } from "../world/process";
import { boundedByDatabase, DATABASE_SECONDS, nothing, once, readsRecover, ready, writesGoOn } from "./pledges";
import { serves, signal, WARM_SECONDS, type Stage } from "./stage";
import { counting, during, type Traffic } from "./traffic";

const STEADY_SECONDS = WARM_SECONDS - 2;
/** Long enough to see somebody wait longer than he may. */
const AWAY_SECONDS = Math.ceil(DATABASE_SECONDS) + 1;
/** Its unit starts it again by itself. */
const KILLED_SECONDS = 3;
/** From before it goes until after it is back. */
const AROUND = 1.5;

/** A phase in which the reader is taken away and given back. */
function away(
  name: string,
  title: string,
  take: (stage: Stage) => void,
  giveBack: (stage: Stage) => Promise<void>,
): Phase<Stage> {
  const measure = (stage: Stage): Promise<Traffic> =>
    during(stage, async () => {
      await sleep(AROUND);
      take(stage);
      await giveBack(stage);
      await serves(stage.reader);
      await sleep(AROUND);
    });
  return phase(name, title, measure, readsRecover, writesGoOn, boundedByDatabase, once, ready);
}

export const READERS: readonly Phase<Stage>[] = [
  phase(
    "apart",
    "requests of every kind come",
    (stage: Stage) => counting(stage, () => during(stage, () => sleep(STEADY_SECONDS))),
    nothing,
    pledge("reads", "reads land on the reader, and none on the writer", ({ onReader, onWriter }) =>
      all(is(onReader.reads > 0, `${onReader.reads} on the reader`), none(onWriter.reads, "on the writer")),
    ),
    pledge("writes", "writes land on the writer, and none on the reader", ({ onReader, onWriter, writes }) =>
      all(
        is(onWriter.writes === writes.sent, `${onWriter.writes} of ${writes.sent} on the writer`),
        none(onReader.writes, "on the reader"),
      ),
    ),
    pledge("hits", "what the cache has never reaches MySQL", ({ cached, fresh, onReader, onWriter }) =>
      none(onReader.reads + onWriter.reads - fresh.sent, `of ${cached.sent} cached reads in MySQL`),
    ),
    once,
    ready,
  ),
  away(
    "reader-killed",
    "the reader's mysqld is killed; its unit starts it again",
    ({ reader }) => {
      signal(reader, "SIGKILL");
    },
    () => sleep(KILLED_SECONDS),
  ),
  away(
    "reader-frozen",
    `the reader freezes for ${AWAY_SECONDS} s`,
    ({ reader }) => {
      signal(reader, "SIGSTOP");
    },
    async ({ reader }) => {
      await sleep(AWAY_SECONDS);
      signal(reader, "SIGCONT");
    },
  ),
  away(
    "reader-power",
    "the reader loses its power",
    ({ reader }) => {
      reader.cutPower();
    },
    async ({ reader }) => {
      await sleep(AWAY_SECONDS);
      await reader.boot();
    },
  ),
];
