import { all, atLeast, atMost, is, none, phase, pledge } from "../drill";
import { underLoad } from "../load/load";
import { failed, type Report } from "../load/report";
import { secondsOf, sleep } from "../world/process";
import { MARGIN, nothing, once, ready } from "./pledges";
import { upload, type Stage } from "./stage";
import { during, holdWrites, nextTag, rowsOf, tell, writeOf } from "./traffic";

/** Spring's, of plan/environment.ts. */
const SHUTDOWN_SECONDS = 20;
/** Less than the driver waits for an answer. */
const HELD_SECONDS = 2.5;
/** In hand when the server has to go: fewer than the pool has connections. */
const HELD_RATE = 8;

export const RELEASED = phase(
  "released",
  "a new version of the app takes over on its server",
  async (stage: Stage) => {
    const { world, server } = stage;
    upload(world, "v2");
    let status = "";
    const traffic = await during(stage, async () => {
      const { text } = await server.run("app/release.sh", "install", "v2");
      status = (await server.run("app/release.sh", "status")).out.trim() || text;
    });
    return { ...traffic, status, killed: killed(stage) };
  },
  nothing,
  pledge("live", "it is live, and the old one has stopped by itself", (facts) =>
    all(is(facts.status.endsWith(" v2"), facts.status), none(facts.killed, "killed")),
  ),
  once,
  ready,
);

export const LEAVES = phase(
  "leaves",
  `a server has to go while its app has requests of ${HELD_SECONDS} s in its hands`,
  async (stage: Stage) => {
    const { server, writer } = stage;
    const tag = nextTag();
    let seconds = 0;
    const mix = [writeOf(tag, true), writeOf(tag, false)];
    const load = await underLoad({ targets: [`${stage.address}:80`], rate: HELD_RATE, mix }, async () => {
      const held = holdWrites(writer, HELD_SECONDS);
      await sleep(1);
      // What fleet.sh does when the load balancer has turned away, and the unit `billybully-leave` at a shutdown.
      seconds = await secondsOf(async () => {
        await server.exec(["touch", "/run/billybully/leaving"]);
        await server.systemd.systemctl(["stop", "billybully-app@blue", "billybully-app@green"]);
      });
      await held;
      await sleep(1);
    });
    const rows = await rowsOf(writer, tag, load);
    return { writes: load, ...rows, seconds, killed: killed(stage), lines: [tell("writes", load)] };
  },
  pledge("in-hand", "every request is answered that the app has in its hands", ({ writes }) =>
    all(
      none(failed(writes) - failed(writes, { outcome: "503" }), "broken off"),
      atLeast(writes.slowest, HELD_SECONDS / 2, " s for the slowest"),
    ),
  ),
  pledge("refused", "who comes later is told at once, before any app sees it", ({ writes, unawares }) =>
    all(atMost(slowestRefusal(writes), MARGIN, " s"), none(unawares, "of them written")),
  ),
  pledge("stops", "the app ends by itself, within Spring's time", (facts) =>
    all(atMost(facts.seconds, SHUTDOWN_SECONDS, " s"), none(facts.killed, "killed")),
  ),
  pledge("once", "an acknowledged write is in MySQL, once", ({ lost, twice }) =>
    all(none(lost, "lost"), none(twice, "twice")),
  ),
);

function slowestRefusal({ failures }: Report): number {
  return failures.filter(({ outcome }) => outcome === "503").reduce((most, { took }) => Math.max(most, took), 0);
}

/** How often an app has not stopped by itself. */
function killed({ server }: Stage): number {
  return server.journal.filter((line) => line.includes("did not stop within")).length;
}
