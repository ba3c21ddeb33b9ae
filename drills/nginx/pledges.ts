import { all, atMost, is, none, pledge, type Pledge } from "../drill";
import { failed } from "../load/report";
import { failures, writesAreWhole, type Loaded } from "./loaded";

/** What is promised of more than one kind of front. */
export const nothing: Pledge<Loaded> = pledge("all", "no request fails, POST included", ({ load }) =>
  failures(load, {}),
);

export const writes: Pledge<Loaded> = pledge(
  "writes",
  "every acknowledged write is done, and done once",
  writesAreWhole,
);

export const goesOn: Pledge<Loaded> = pledge("gap", "somebody answers all the time", ({ load }) =>
  atMost(load.longestGap, 1, " s without an answer"),
);

export const newOnes: Pledge<Loaded> = pledge("new", "no request on a connection of its own fails", ({ load }) =>
  failures(load, { kept: false }),
);

/** A client that keeps connections may send on one that is being closed; it knows that nobody saw that request. */
export const unseen: Pledge<Loaded> = pledge(
  "kept",
  "on kept connections only such fail as meet their closing, before any app saw them",
  ({ load, unawares }) =>
    all(
      none(
        failed(load, { kept: true }) - failed(load, { kept: true, outcome: "disconnected when idle" }),
        "failed otherwise",
      ),
      none(unawares, "writes done without the client's knowledge"),
    ),
);

export const turnsOnce: Pledge<Loaded> = pledge(
  "turn",
  "each connection that was open breaks at most once, and no new one",
  ({ load }) => failures(load, {}, load.connections),
);

export const ownErrors: Pledge<Loaded> = pledge(
  "own",
  "the app's own error reaches the client as it is, and nothing else fails",
  ({ load }) => {
    const own = failed(load, { outcome: "500" });
    return is(failed(load) === own, `${own} answers were 500, ${failed(load) - own} failed otherwise`);
  },
);
