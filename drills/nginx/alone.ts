import {
  all,
  atMost,
  defineDrill,
  is,
  phase,
  pledge,
  type Context,
  type Drill,
  type Phase,
  type Pledge,
} from "../drill";
import { execute, type Execution } from "../world/automation";
import { jar } from "../world/jar";
import { sleep } from "../world/process";
import type { Machine } from "../world/machine";
import type { World } from "../world/world";
import { behave, bootAll, calibrate, failures, load, MARGIN, release, seenBy, type Loaded } from "./loaded";
import { newOnes, nothing, ownErrors, turnsOnce, unseen, writes } from "./pledges";

/** Servers that clients reach without anything in between. */
interface Stage {
  readonly world: World;
  readonly servers: Machine[];
  readonly addresses: readonly string[];
  readonly rate: number;
  readonly gone: string[];
}

/** What befalls the first of them is felt by its own share of the clients. */
interface Shared extends Loaded {
  readonly servers: number;
  /** Seconds for which a server was away, where a phase has measured them. */
  readonly away?: number;
}

/** nginx answers 504 after this many seconds without a word from the app. */
const APP_TIMEOUT = 10;
/** Seconds from the death of the app until it serves again: 5 s of its unit, and its start. */
const BACK_WITHIN = 9;
const REFUSED = 4;
const FROZEN = 15;
/** Requests that are under way at one moment, most of all. */
const IN_HAND = 60;

async function stage(world: World, context: Context, names: readonly string[]): Promise<Stage> {
  release(world, "v1");
  const servers = names.map((name) => world.make(name));
  await bootAll(servers);
  const addresses = servers.map((server, i) => world.associate(i === 0 ? "app-front" : `app-front-${i + 1}`, server));
  return { world, servers, addresses, rate: await calibrate(addresses, context), gone: [] };
}

async function during(stage: Stage, work: (first: Machine) => Promise<void>, rate = stage.rate): Promise<Shared> {
  const [first] = stage.servers;
  if (first === undefined) throw new Error("no server");
  const loaded = await load(
    stage.addresses,
    () => [...stage.gone, ...stage.servers.flatMap(seenBy)],
    rate,
    () => work(first),
  );
  return { ...loaded, servers: stage.servers.length };
}

const atOnce: Pledge<Loaded> = pledge("at-once", "who cannot be served is told at once", ({ load }) =>
  atMost(load.slowest, MARGIN, " s"),
);

function share(seconds: number, until: string): Pledge<Shared> {
  return pledge("share", `only clients of that server notice, until ${until}`, ({ load, servers, away = seconds }) =>
    failures(load, {}, (load.rate / servers) * (away + MARGIN) + IN_HAND),
  );
}

const PHASES: readonly Phase<Stage>[] = [
  phase(
    "killed",
    "the app is killed; its unit starts it again",
    (stage: Stage) =>
      during(stage, async (first) => {
        first.signal("backend.js", "SIGKILL");
        await sleep(BACK_WITHIN + 6); // long enough to see one that does not come back
      }),
    atOnce,
    writes,
    share(BACK_WITHIN, "its unit has started the app again"),
  ),
  phase(
    "refusing",
    "the app is stopped, and started again",
    async (stage: Stage) => {
      let away = 0;
      const loaded = await during(stage, async (first) => {
        const began = performance.now();
        await first.systemd.systemctl(["stop", "billybully-app@blue"]);
        await sleep(REFUSED);
        await first.systemd.systemctl(["start", "billybully-app@blue"]);
        away = (performance.now() - began) / 1000;
        await sleep(MARGIN + 2); // long enough to see one that does not come back
      });
      return { ...loaded, away };
    },
    atOnce,
    writes,
    share(REFUSED, "the app is there again"),
  ),
  phase(
    "frozen",
    `the app freezes for ${FROZEN} s`,
    (stage: Stage) =>
      during(
        stage,
        async (first) => {
          first.signal("backend.js", "SIGSTOP");
          await sleep(FROZEN);
          first.signal("backend.js", "SIGCONT");
          await sleep(3);
        },
        stage.rate / 8, // everything that comes meanwhile waits
      ),
    pledge("bounded", `nobody waits longer than the ${APP_TIMEOUT} s of nginx`, ({ load }) =>
      atMost(load.slowest, APP_TIMEOUT + MARGIN, " s"),
    ),
    pledge("back", "it serves again when it thaws", ({ load }) =>
      atMost(load.longestGap, FROZEN + MARGIN, " s without an answer"),
    ),
    share(FROZEN, "it thaws"),
  ),
  phase(
    "slow",
    "the app takes 2 s for each request",
    (stage: Stage) =>
      during(
        stage,
        async (first) => {
          await behave(first, "127.0.0.1", { delay: 2000 });
          await sleep(3);
          await behave(first, "127.0.0.1", { delay: 0 });
        },
        stage.rate / 2,
      ),
    nothing,
    writes,
  ),
  phase(
    "errors",
    "the app answers 500",
    (stage: Stage) =>
      during(stage, async (first) => {
        await behave(first, "127.0.0.1", { status: 500 });
        await sleep(3);
        await behave(first, "127.0.0.1", { status: 200 });
        await sleep(1);
      }),
    ownErrors,
  ),
  phase(
    "released",
    "a new version of the app is put on every server",
    async (stage: Stage) => {
      const { world } = stage;
      world.upload("v2", jar({ version: "v2", start: 1 }));
      let execution: Execution | undefined;
      const loaded = await during(stage, async () => {
        execution = await execute(world, "app-release", { Version: "v2" });
        await sleep(1);
      });
      return { ...loaded, execution };
    },
    nothing,
    writes,
    pledge("live", "and the new one answers afterwards", ({ load, execution }) =>
      all(
        is(execution?.status === "Success", execution?.words ?? ""),
        is((load.byVersion["v2"] ?? 0) > 0, `${load.byVersion["v2"] ?? 0} answers of v2`),
      ),
    ),
  ),
  phase(
    "bootstrapped",
    "the bootstrap runs again, which reloads nginx",
    (stage: Stage) =>
      during(stage, async (first) => {
        const { status, text } = await first.run("machine/bootstrap.sh");
        if (status !== 0) throw new Error(text);
        await sleep(1);
      }),
    newOnes,
    unseen,
  ),
  phase(
    "replaced",
    "a server is replaced; the next one serves before the address is turned to it",
    (stage: Stage) =>
      during(stage, async (old) => {
        const next = stage.world.make(old.name);
        await bootAll([next]);
        stage.world.associate("app-front", next);
        stage.servers[0] = next;
        await sleep(2);
        await old.shutdown();
        stage.gone.push(...seenBy(old));
        stage.world.remove(old);
      }),
    turnsOnce,
    writes,
  ),
];

function drill(name: string, title: string, names: readonly string[]): Drill {
  return defineDrill<Stage>({
    name,
    title,
    needs: ["root", "nginx"],
    quick: false,
    company: false,
    tier: name,
    java: "stand-in",
    stage: (world, context) => stage(world, context, names),
    phases: PHASES,
  });
}

export const single = drill("single", "one server, its own nginx and address", ["app-public-1"]);
export const replicated = drill(
  "replicated",
  "three servers, each with its own nginx and address; clients know all three",
  ["app-public-1", "app-public-2", "app-public-3"],
);
