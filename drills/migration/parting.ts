import { all, is, none, phase, pledge, type Phase } from "../drill";
import { bootServer, health, number } from "../mysql/servers";
import { describeWrites } from "../mysql/writing";
import { sleep, type Ran } from "../world/process";
import { compared, done, missing, moved, ROWS, step, TABLES, whileUsed, WRITER, type Stage } from "./stage";

/** A snapshot that AWS has, of a volume, as it tells of it. */
function snapshot({ world }: Stage, id: string, of: string, state: string, made: Date): void {
  const time = made.toISOString().replace("Z", "000+00:00");
  world.account.snapshots.set(id, [of, state, time].join("\t"));
}

const HOUR = 3600_000;

export const PARTING: readonly Phase<Stage>[] = [
  phase(
    "retired",
    "MySQL is given up after the app has left it",
    async (stage: Stage) => {
      await moved(stage);
      const volume = stage.world.volumeOf(stage.writer).id;
      snapshot(stage, "snap-00000001", volume, "completed", new Date(Date.now() - HOUR));
      snapshot(stage, "snap-00000002", "vol-00000000", "completed", new Date());
      snapshot(stage, "snap-00000003", volume, "pending", new Date());
      snapshot(stage, "snap-00000004", volume, "completed", new Date());
      const refusals: Ran[] = [];
      for (const named of ["none", "snap-00000001", "snap-00000002", "snap-00000003", "snap-99999999"])
        refusals.push(await step(stage, "retire", { Snapshot: named }));
      const retired = await step(stage, "retire", { Snapshot: "snap-00000004" });
      const back = await step(stage, "fall-back");
      const status = (await step(stage, "status")).text;
      stage.is = "apart";
      return { refusals, retired, back, status, state: await health(stage.writer) };
    },
    pledge(
      "snapshot",
      "not without a snapshot: of this volume, finished, and made since the app left",
      ({ refusals }) =>
        all(...refusals.map(({ status, text }) => is(status !== 0 && /snapshot/.test(text), `status ${status}`))),
    ),
    pledge("parted", "then the two sides know nothing of each other", ({ retired, status }) =>
      all(
        is(retired.status === 0, `status ${retired.status}`),
        is((status.match(/follows nobody/g) ?? []).length === 2, "both alone"),
      ),
    ),
    pledge("closed", "MySQL stays closed, and nothing leads back", ({ state, back }) =>
      all(is(state.words.includes("closed"), state.words), is(back.status !== 0, `fall-back: status ${back.status}`)),
    ),
  ),
  phase(
    "down",
    "new MySQL machines come up beside Aurora, and the app goes to them with the same steps",
    async (stage: Stage) => {
      const { world, aurora } = stage;
      if (world.resolver.address(WRITER) !== aurora.machine.args.address) await moved(stage);
      for (const machine of [stage.reader, stage.writer]) {
        machine.cutPower();
        world.remove(machine);
        world.volumes.delete(world.volumeOf(machine).id);
      }
      stage.writer = await bootServer(world, "db-mysql-1");
      stage.reader = await bootServer(world, "db-mysql-2");
      const written = await whileUsed(stage, async () => {
        for (const name of ["preflight", "copy", "follow", "compare", "cut-over"] as const) await done(stage, name);
        await sleep(3);
      });
      const { differing, rows } = await compared(stage);
      const on = world.resolver.address(WRITER);
      return {
        written,
        differing,
        rows,
        leads: on === stage.writer.args.address,
        lost: (await missing(stage.writer, written)) + (await missing(aurora.machine, written)),
        states: [await health(stage.writer), await health(stage.reader)],
        readerRows: await number(stage.reader, `SELECT COUNT(*) FROM ${TABLES[1] ?? ""}`),
        lines: [describeWrites(written)],
      };
    },
    pledge("kept", "no acknowledged write is lost, and both sides have the same rows", ({ lost, differing, rows }) =>
      all(
        none(lost, "lost"),
        none(differing.length, `tables differ ${differing.join(", ")}`.trim()),
        is(rows > ROWS, `${rows} rows`),
      ),
    ),
    pledge("pause", "nobody waits longer than 10 s to write", ({ written }) =>
      is(written.longestGap <= 10, `${written.longestGap.toFixed(1)} s`),
    ),
    pledge("serves", "the app uses MySQL, which serves with its reader", ({ leads, states, readerRows }) =>
      all(
        is(leads, "the name leads there"),
        ...states.map(({ healthy, words }) => is(healthy, words)),
        is(readerRows === ROWS, `${readerRows} rows on the reader`),
      ),
    ),
  ),
];
