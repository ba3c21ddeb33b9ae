import { JVM_NAME_SECONDS, PATIENCE } from "../../plan/environment";
import { all, atMost, none, pledge, type Pledge } from "../drill";
import { failed } from "../load/report";
import type { Traffic } from "./traffic";

/** What a busy machine may add to any time. */
export const MARGIN = 1.5;
/** A connection of the pool, its sign of life, an answer, and another connection after none came. */
export const DATABASE_SECONDS = (PATIENCE.pool + PATIENCE.sign + PATIENCE.answer + PATIENCE.connect) / 1000 + MARGIN;
/** A request asks the cache, and tells it what it got elsewhere. */
const CACHE_SECONDS = (2 * PATIENCE.cache) / 1000 + MARGIN;
/** Time to live of the names of databases (components/db-cluster/names.ts) and of a cache. */
const NAME_SECONDS = 5;
/** From the moment at which a name leads elsewhere. */
export const FOUND_WITHIN = NAME_SECONDS + JVM_NAME_SECONDS + (PATIENCE.pool + PATIENCE.connect) / 1000;

export const once: Pledge<Traffic> = pledge(
  "once",
  "an acknowledged write is in MySQL, once, and one that failed is there once when the client repeats it",
  ({ lost, twice, unmended }) => all(none(lost, "lost"), none(twice, "twice"), none(unmended, "not there")),
);

export const ready: Pledge<Traffic> = pledge("ready", "the server stays ready all the while", ({ unready, probes }) =>
  none(unready, `of ${probes} probes failed`),
);

export const nothing: Pledge<Traffic> = pledge("all", "no request fails", ({ cached, fresh, writes }) =>
  none(failed(cached) + failed(fresh) + failed(writes), "failed"),
);

export const reads: Pledge<Traffic> = pledge("reads", "no read fails", ({ cached, fresh }) =>
  none(failed(cached) + failed(fresh), "failed"),
);

/** While every connection of a pool hangs, those that wait for one fail as well. */
export const readsRecover: Pledge<Traffic> = pledge(
  "reads",
  "reads fail for no longer than one of them may wait",
  ({ cached, fresh }) => {
    const failures = [...cached.failures, ...fresh.failures];
    const first = failures.reduce((least, { at, took }) => Math.min(least, at - took), Infinity);
    const last = failures.reduce((most, { at }) => Math.max(most, at), -Infinity);
    return atMost(Math.max(0, last - first), DATABASE_SECONDS, ` s for ${failures.length} that failed`);
  },
);

export const writesGoOn: Pledge<Traffic> = pledge("writes", "no write fails", ({ writes }) =>
  none(failed(writes), "failed"),
);

export const boundedByDatabase: Pledge<Traffic> = pledge(
  "bounded",
  "nobody waits longer than for the driver and the pool",
  (traffic) => atMost(slowest(traffic), DATABASE_SECONDS, " s"),
);

export const boundedByCache: Pledge<Traffic> = pledge(
  "bounded",
  "nobody waits longer than twice for the cache",
  (traffic) => atMost(slowest(traffic), CACHE_SECONDS, " s"),
);

export const uncommitted: Pledge<Traffic> = pledge(
  "committed",
  "no write is reported as failed, committed or not",
  ({ writes, unawares }) => all(none(failed(writes), "failed"), none(unawares, "of them committed")),
);

function slowest({ cached, fresh, writes }: Traffic): number {
  return Math.max(cached.slowest, fresh.slowest, writes.slowest);
}
