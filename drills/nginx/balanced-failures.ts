import { atMost, is, phase, pledge, type Phase, type Pledge } from "../drill";
import { underLoad } from "../load/load";
import { failed } from "../load/report";
import { sleep, until } from "../world/process";
import { during, IN_HAND, SERVERS, share, stopped, TIMEOUT, type Stage } from "./balanced-stage";
import { behave, failures, MARGIN, type Loaded } from "./loaded";
import { goesOn, nothing, ownErrors, writes } from "./pledges";

const POSTS = 0.5;

const idempotent: Pledge<Loaded> = pledge("get", "no idempotent request fails", ({ load }) =>
  failures(load, { method: "GET" }),
);
const inHand: Pledge<Loaded> = pledge("post", "only those POSTs fail that the server had in its hands", ({ load }) =>
  failures(load, { method: "POST" }, IN_HAND),
);
/** Another server answers at once what this one did not. */
function bounded(timeout: number): Pledge<Loaded> {
  return pledge("bounded", `nobody waits longer than the ${timeout} s of nginx`, ({ load }) =>
    atMost(load.slowest, timeout + MARGIN, " s"),
  );
}

function frozen(timeout: number): Pledge<Loaded> {
  return pledge("share", `it costs at most its share of the POSTs for the ${timeout} s that nginx waits`, ({ load }) =>
    failures(load, { method: "POST" }, share(load, timeout, POSTS)),
  );
}

/** What may become of a server behind the balancer. */
export const FAILURES: readonly Phase<Stage>[] = [
  phase(
    "killed",
    "the app of one server is killed; its unit starts it again",
    (stage: Stage) =>
      during(stage, async (second) => {
        second.signal("backend.js", "SIGKILL");
        await sleep(9);
      }),
    idempotent,
    inHand,
    writes,
    goesOn,
    pledge("back", "it serves again within its 5 s of rest", ({ load }) =>
      is(
        Object.keys(load.byServer).length === SERVERS.length,
        Object.entries(load.byServer)
          .map(([server, count]) => `${server}: ${count}`)
          .join(", "),
      ),
    ),
  ),
  phase(
    "refusing",
    "the apps of two servers are stopped; their nginx answers that nobody saw the request",
    (stage: Stage) =>
      stopped(stage.servers.slice(0, 2), (start) =>
        during(stage, async () => {
          await sleep(4);
          await start();
          await sleep(2);
        }),
      ),
    nothing,
    writes,
  ),
  phase(
    "slow",
    "one server takes 2 s for each request",
    (stage: Stage) =>
      during(stage, async (second) => {
        await behave(second, "127.0.0.1", { delay: 2000 });
        await sleep(4);
        await behave(second, "127.0.0.1", { delay: 0 });
        await sleep(1);
      }),
    nothing,
    writes,
    pledge("share", "only its own share is slow", ({ load }) =>
      atMost(load.slow, share(load, 5), " answers took more than a second"),
    ),
  ),
  phase(
    "errors",
    "the app of one server answers 500",
    (stage: Stage) =>
      during(stage, async (second) => {
        await behave(second, "127.0.0.1", { status: 500 });
        await sleep(4);
        await behave(second, "127.0.0.1", { status: 200 });
        await sleep(1);
      }),
    ownErrors,
    pledge("share", "only its share of the requests", ({ load }) => atMost(failed(load), share(load, 5), " failed")),
    writes,
  ),
  phase(
    "long",
    "some requests take longer than nginx waits, whichever server they reach",
    async (stage: Stage) => {
      const slow = {
        targets: [`${stage.address}:80`],
        rate: 2,
        mix: [{ method: "GET", kept: false, path: "/long" }],
      };
      let load: Loaded | undefined;
      await underLoad(slow, async () => {
        load = await during(stage, () => sleep(16));
      });
      if (load === undefined) throw new Error("no load");
      return load;
    },
    pledge("others", "all other requests are answered", ({ load }) => failures(load, {})),
  ),
  phase(
    "frozen-app",
    "the app of one server freezes for 15 s",
    (stage: Stage) =>
      during(stage, async (second) => {
        second.signal("backend.js", "SIGSTOP");
        await sleep(15);
        second.signal("backend.js", "SIGCONT");
        await sleep(6);
      }),
    idempotent,
    frozen(TIMEOUT.app),
    bounded(TIMEOUT.app),
    writes,
    goesOn,
  ),
  phase(
    "frozen",
    "a whole server freezes for 15 s",
    (stage: Stage) =>
      during(stage, async (second) => {
        second.signal("", "SIGSTOP");
        await sleep(15);
        second.signal("", "SIGCONT");
        await sleep(6);
      }),
    idempotent,
    frozen(TIMEOUT.server),
    bounded(TIMEOUT.server),
    writes,
    goesOn,
  ),
  phase(
    "power",
    "a server loses its power and boots again",
    (stage: Stage) =>
      during(stage, async (second) => {
        second.cutPower();
        await sleep(3);
        await second.boot();
        await until(
          "the server to answer",
          20,
          async () => (await second.exec(["curl", "-sf", "http://127.0.0.1/actuator/health"])).status === 0,
        );
        await sleep(6);
      }),
    idempotent,
    pledge("share", "it costs at most its share of the POSTs for the second that nginx tries to connect", ({ load }) =>
      failures(load, { method: "POST" }, share(load, TIMEOUT.connect, POSTS)),
    ),
    bounded(TIMEOUT.server),
    goesOn,
  ),
];
