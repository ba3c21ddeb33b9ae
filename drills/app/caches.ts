import { all, atLeast, atMost, phase, pledge, type Phase, type Pledge } from "../drill";
import { secondsOf, sleep, until } from "../world/process";
import { boundedByCache, FOUND_WITHIN, nothing, once, ready, uncommitted } from "./pledges";
import type { Stage } from "./stage";
import { counting, during, PLAYERS, type Traffic } from "./traffic";

const AWAY_SECONDS = 5;
/** Long enough for players to be asked for again. */
const COLD_SECONDS = 8;
const AROUND = 1.5;
const VALKEY = "valkey-server";

/** A cache that was away, and how long after its return it was used again; Infinity where it was not. */
interface Returned extends Traffic {
  readonly seconds: number;
}

const returns: Pledge<Returned> = pledge("returns", "it is used again by itself", ({ seconds }) =>
  atMost(seconds, FOUND_WITHIN, " s after it is back"),
);

/** A phase in which the cache is taken away and given back empty. */
function away(
  name: string,
  title: string,
  take: (stage: Stage) => void,
  giveBack: (stage: Stage) => Promise<void>,
): Phase<Stage> {
  const measure = async (stage: Stage): Promise<Returned> => {
    let seconds = Infinity;
    const traffic = await during(stage, async () => {
      await sleep(AROUND);
      take(stage);
      await sleep(AWAY_SECONDS);
      await giveBack(stage);
      seconds = await usedAgain(stage);
      await sleep(AROUND);
    });
    return { ...traffic, seconds };
  };
  return phase(name, title, measure, nothing, uncommitted, boundedByCache, returns, once, ready);
}

/** @returns seconds until an app has put something into an empty cache */
async function usedAgain({ cache }: Stage): Promise<number> {
  const filled = async (): Promise<boolean> => Number(await cache.command("DBSIZE")) > 0;
  return secondsOf(() => until("the cache to be used", FOUND_WITHIN + AROUND, filled)).catch(() => Infinity);
}

export const CACHES: readonly Phase<Stage>[] = [
  away(
    "cache-killed",
    "Valkey is killed, and started again",
    ({ cache }) => {
      cache.node.signal(VALKEY, "SIGKILL");
    },
    ({ cache }) => cache.run(),
  ),
  away(
    "cache-frozen",
    `Valkey answers nobody for ${AWAY_SECONDS} s`,
    ({ cache }) => {
      cache.node.signal(VALKEY, "SIGSTOP");
    },
    async ({ cache }) => {
      cache.node.signal(VALKEY, "SIGCONT");
      await cache.command("FLUSHALL");
    },
  ),
  away(
    "cache-replaced",
    "Valkey's machine dies, and another one takes its names",
    ({ cache }) => {
      cache.node.cutPower();
    },
    ({ cache }) => cache.replace(),
  ),
  phase(
    "cache-cold",
    "the cache is emptied under load",
    (stage: Stage) =>
      counting(stage, () =>
        during(stage, async () => {
          await stage.cache.command("FLUSHALL");
          await sleep(COLD_SECONDS);
        }),
      ),
    nothing,
    boundedByCache,
    pledge("fills", "each player's assets are read from MySQL once more, and then cached", (facts) => {
      const { cached, fresh, onReader } = facts;
      return all(
        atLeast(cached.sent, PLAYERS + 1, " cached reads"),
        atMost(onReader.reads - fresh.sent, PLAYERS, " of them in MySQL"),
      );
    }),
    once,
    ready,
  ),
];
