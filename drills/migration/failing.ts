import { all, atMost, is, none, phase, pledge, type Phase, type Pledge } from "../drill";
import { answers } from "../mysql/promotion-stage";
import { connect } from "../mysql/servers";
import { describeWrites, failures, type Written } from "../mysql/writing";
import { sleep, until, type Ran } from "../world/process";
import {
  compared,
  done,
  following,
  isOpen,
  missing,
  refusalOn,
  step,
  TABLES,
  whileUsed,
  WRITER,
  type Stage,
} from "./stage";

const MOST_SECONDS = 10;

interface Undone {
  readonly ran: Ran;
  readonly written: Written;
  readonly open: boolean;
  /** What the machine is by its own record: only a writer is opened again after a restart, and guarded. */
  readonly role: string;
  readonly lost: number;
  readonly target: string | undefined;
}

const refused: Pledge<Undone> = pledge("says", "the step fails, and says what for", ({ ran }) =>
  is(ran.status !== 0 && ran.text.includes("FAILED: "), lastWords(ran)),
);
const open: Pledge<Undone> = pledge(
  "open",
  `the app's side takes writes again within ${MOST_SECONDS} s, with nobody's help`,
  ({ open: isIt, role, written }) =>
    all(
      is(isIt && role === "writer", `${isIt ? "open" : "CLOSED"}, ${role}`),
      atMost(written.longestGap, MOST_SECONDS, " s without an acknowledged write"),
    ),
);
const kept: Pledge<Undone> = pledge("kept", "and has every write that was acknowledged", ({ lost }) =>
  none(lost, "lost"),
);
const closed: Pledge<Undone> = pledge("closed", "the other side is as closed as before", ({ target }) =>
  is(target === "ER_ACCOUNT_HAS_BEEN_LOCKED", target ?? "TAKEN"),
);

/** A cut-over that cannot end well, with what keeps it from that; then everything is as before, and follows again. */
async function undone(
  stage: Stage,
  prevent: () => Promise<void>,
  mend: () => Promise<void>,
): Promise<Undone & { lines: string[] }> {
  await following(stage);
  let ran: Ran = { status: -1, out: "", text: "" };
  const written = await whileUsed(stage, async () => {
    await sleep(1);
    const preventing = prevent();
    ran = await step(stage, "cut-over");
    await preventing;
    await sleep(1);
  });
  const opened = await isOpen(stage.writer);
  const role = roleOf(stage);
  await mend();
  await done(stage, "follow");
  await done(stage, "compare");
  const target = await refusalOn(stage, stage.aurora.machine.args.address);
  return {
    ran,
    written,
    open: opened,
    role,
    lost: await missing(stage.writer, written),
    target,
    lines: [describeWrites(written)],
  };
}

function roleOf({ writer }: Stage): string {
  return writer.read("var/lib/mysql/role").trim();
}

/** From the moment in which the app's side is about to be closed: looked for in its record, because asking the server takes longer than the step. */
async function whenClosed(stage: Stage, work: () => void): Promise<void> {
  await until("the cut-over to close MySQL", 60, () => roleOf(stage) === "moved", 0.005);
  work();
}

export const FAILING: readonly Phase<Stage>[] = [
  phase(
    "behind",
    "the copy is too far behind when somebody cuts over",
    async (stage: Stage) => {
      const holder: { release?: () => void } = {};
      await following(stage);
      const outside = { account: stage.world.account, resolver: { address: () => stage.aurora.machine.args.address } };
      const held = await connect(outside, "aurora", "admin");
      await held.query(`LOCK TABLES ${TABLES[0] ?? ""} READ`);
      holder.release = () => {
        held.destroy();
      };
      return undone(
        stage,
        () => sleep(0),
        async () => {
          holder.release?.();
          await sleep(2);
        },
      );
    },
    refused,
    pledge("unnoticed", "nobody's write fails or waits: nothing was closed", ({ written }) =>
      all(none(failures(written), "failed"), atMost(written.longestGap, 2, " s without an acknowledged write")),
    ),
    open,
    kept,
    closed,
  ),
  phase(
    "held",
    "somebody's session on MySQL holds a table, so that it cannot be closed",
    async (stage: Stage) => {
      await following(stage);
      const holder = await connect(stage.world, WRITER, "admin");
      await holder.query(`LOCK TABLES ${TABLES[3] ?? ""} WRITE`); // to which nobody writes
      return undone(
        stage,
        () => sleep(0),
        () => {
          holder.destroy();
          return sleep(1);
        },
      );
    },
    refused,
    open,
    kept,
    closed,
  ),
  phase(
    "frozen",
    "what stands in for Aurora freezes in the middle of a cut-over, so that nobody knows what it has",
    (stage: Stage) =>
      undone(
        stage,
        () =>
          whenClosed(stage, () => {
            stage.aurora.machine.signal("mysqld", "SIGSTOP");
          }),
        () => {
          stage.aurora.machine.signal("mysqld", "SIGCONT");
          return sleep(3);
        },
      ),
    refused,
    open,
    kept,
    closed,
  ),
  phase(
    "unturned",
    "AWS does not turn the names, after both sides have changed places",
    async (stage: Stage) => {
      await following(stage);
      stage.world.account.break("change-resource-record-sets");
      return undone(
        stage,
        () => sleep(0),
        () => {
          stage.world.account.mend();
          return sleep(0);
        },
      );
    },
    refused,
    open,
    kept,
    closed,
  ),
];

/** Ends with the app on Aurora. */
export const POWERLESS: Phase<Stage> = phase(
  "powerless",
  "the machine that the step runs on loses its power, with MySQL closed, Aurora open and the names not turned",
  async (stage: Stage) => {
    await following(stage);
    const { world, writer, aurora } = stage;
    const written = await whileUsed(stage, async () => {
      await sleep(1);
      world.account.break("change-resource-record-sets");
      const cut = until("the cut-over to open Aurora", 60, async () => !(await isLocked(aurora)), 0.05).then(() => {
        writer.cutPower();
      });
      await Promise.all([step(stage, "cut-over"), cut]);
      world.account.mend();
    });
    await writer.boot();
    await until("MySQL to answer", 60, () => answers(writer), 0.5);
    await writer.run("mysql/guard.sh"); // as it does every 20 s
    const opened = await isOpen(writer);
    const again = await step(stage, "cut-over");
    stage.is = "moved";
    const { differing, rows } = await compared(stage);
    const lost = (await missing(writer, written)) + (await missing(aurora.machine, written));
    return { written, opened, again, differing, rows, lost, lines: [describeWrites(written)] };
  },
  pledge("one", "it comes back closed, so that nobody writes on both sides", ({ opened }) =>
    is(!opened, opened ? "OPEN" : "closed"),
  ),
  pledge("again", "the same step goes through then", ({ again }) => is(again.status === 0, lastWords(again))),
  pledge("kept", "every write that was acknowledged is on both sides", ({ lost, differing, rows }) =>
    all(none(lost, "lost"), none(differing.length, "tables differ"), is(rows > 0, `${rows} rows`)),
  ),
);

async function isLocked(aurora: Stage["aurora"]): Promise<boolean> {
  return (await aurora.sql("SELECT account_locked FROM mysql.user WHERE user = 'billybully'")) === "Y";
}

function lastWords({ status, text }: Ran): string {
  const words = text.split("\n").filter((line) => line.includes("FAILED: "));
  return `status ${status}: ${words.at(-1)?.replace(/^.*FAILED: /, "") ?? "nothing said"}`;
}
