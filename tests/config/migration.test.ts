import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError, footprintOf, resolveSettings, type Settings } from "../../config";
import type { Problem } from "../../config/problem";
import { TIERS } from "../../config/tiers";
import { transitionOf, type Transition } from "../../config/transition";
import { afterMends } from "../support/pulumi-config";
import { configOf, type Words } from "../support/stacks";

/** Where a stack can stand: what exists, and which of it the app uses. */
const STATES = ["self-managed", "migrating on self-managed", "migrating on aurora", "aurora"] as const;
type State = (typeof STATES)[number];

/** How each ends in each: begun, begun with the names of what is lost under `consent`, or never. */
const ENDS: Readonly<Record<State, Readonly<Record<State, "goes" | "consent" | "never">>>> = {
  "self-managed": {
    "self-managed": "goes",
    "migrating on self-managed": "goes",
    "migrating on aurora": "never",
    aurora: "never",
  },
  "migrating on self-managed": {
    "self-managed": "consent",
    "migrating on self-managed": "goes",
    "migrating on aurora": "goes",
    aurora: "never",
  },
  "migrating on aurora": {
    "self-managed": "never",
    "migrating on self-managed": "goes",
    "migrating on aurora": "goes",
    aurora: "consent",
  },
  aurora: {
    "self-managed": "never",
    "migrating on self-managed": "never",
    "migrating on aurora": "goes",
    aurora: "goes",
  },
};

function stateOf({ database: { kind, active } }: Settings): State {
  return kind === "migrating" ? `migrating on ${active}` : kind;
}

/** The words of a state, as short as a person may write them: what is usual is left out or said. */
function wordsOf(state: State, isSaid: boolean): Record<string, unknown> {
  const [kind = "", active = kind] = state.split(" on ");
  return { kind, ...((isSaid || active === "aurora") && { active }) };
}

const settingsOf = (config: Readonly<Record<string, string>>): Settings => resolveSettings(config, "test");
const change = (before: Settings, after: Settings): Transition => transitionOf(footprintOf(before), after, "test");
const ofDatabase = ({ problems }: Transition): Problem[] =>
  problems.filter(({ key }) => ["database.kind", "database.active", "database.primary"].includes(key));

/** Everything that may be said of the databases besides, and what may be left to the tier. */
const anyFile = fc.record({
  tier: fc.constantFrom(...TIERS),
  state: fc.constantFrom(...STATES),
  isSaid: fc.boolean(),
  readers: fc.constantFrom(undefined, 0, 1, 2),
  primary: fc.constantFrom(undefined, 1, 2),
});
type AnyFile = typeof anyFile extends fc.Arbitrary<infer T> ? T : never;

/** Valid by itself: a primary that there is, on a kind that has one. */
function fileOf({ tier, state, isSaid, readers, primary }: AnyFile, more: Words = {}): Words {
  const database = {
    ...wordsOf(state, isSaid),
    ...(readers !== undefined && { readers }),
    ...(primary !== undefined && state !== "aurora" && (readers ?? 2) > 0 && tier !== "single" && { primary }),
  };
  return { tier, network: { addressQuota: 20 }, database, ...more };
}

const CONSENT = ["db", "db-mysql-1", "db-mysql-2", "db-mysql-3", "cache"];

describe("a change of what kind of database there is, and which one the app uses", () => {
  it("ends as the table says, from every state to every other, whatever else is in the two files", () => {
    fc.assert(
      fc.property(anyFile, anyFile, fc.boolean(), (one, other, agrees) => {
        const [before, after] = [one, other].map((file) =>
          settingsOf(configOf(fileOf(file, agrees && file === other ? { consent: CONSENT } : {}))),
        ) as [Settings, Settings];
        const problems = ofDatabase(change(before, after)).filter(({ key }) => key !== "database.primary");
        const end = ENDS[stateOf(before)][stateOf(after)];
        assert.equal(problems.length > 0, end === "never" || (end === "consent" && !agrees), JSON.stringify(problems));
      }),
      { numRuns: 3_000 },
    );
  });

  it("is refused with commands that lead to a file which is taken", () => {
    const refusals = { count: 0 };
    fc.assert(
      fc.property(anyFile, anyFile, (one, other) => {
        const before = settingsOf(configOf(fileOf(one)));
        let config: Record<string, string> = configOf(fileOf(other));
        for (let round = 0; round < 3; round++) {
          const problems = problemsOf(before, config);
          if (problems.length === 0) return;
          refusals.count++;
          assert.ok(problems.every(({ mend }) => mend.startsWith("pulumi config ")));
          config = afterMends(config, problems);
        }
        assert.deepEqual(problemsOf(before, config), [], JSON.stringify(config));
      }),
      { numRuns: 3_000 },
    );
    assert.ok(refusals.count > 1_000, String(refusals.count));
  });

  it("leads from either kind to the other only over both, and over the app's going from the one to the other", () => {
    const next = (state: State): State[] => STATES.filter((other) => ENDS[state][other] !== "never" && other !== state);
    assert.deepEqual(next("self-managed"), ["migrating on self-managed"]);
    assert.deepEqual(next("aurora"), ["migrating on aurora"]);
    assert.deepEqual(next("migrating on self-managed"), ["self-managed", "migrating on aurora"]);
    assert.deepEqual(next("migrating on aurora"), ["migrating on self-managed", "aurora"]);
  });

  it("says that a tier alone would do it, and how to go on", () => {
    const before = settingsOf(configOf({ tier: "elastic" }));
    const [problem, ...others] = ofDatabase(change(before, settingsOf(configOf({ tier: "resilient" }))));
    assert.deepEqual(others, []);
    assert.deepEqual(problem, {
      key: "database.kind",
      value: undefined,
      why:
        "tier resilient, unless database.kind says otherwise, would delete MySQL on EC2 and the volumes of db-mysql-1, db-mysql-2, " +
        "and the app would use a new one that nobody has filled",
      allowed: "self-managed; or migrating, which puts aurora beside it, and then docs/migration.md step by step",
      mend:
        "pulumi config set --stack test --path database.kind self-managed && " +
        "pulumi config set --stack test --path database.active self-managed && " +
        "pulumi config set --stack test --path database.readers 1",
    });
  });

  it("takes a tier that would do it when the stack has gone there by hand before", () => {
    const file = (tier: string) => configOf({ tier, database: { kind: "migrating", active: "aurora", readers: 1 } });
    assert.deepEqual(change(settingsOf(file("elastic")), settingsOf(file("resilient"))).problems, []);
  });

  it("warns whoever turns the names, because only the runbook knows whether the other side is open", () => {
    const on = (active: string) => settingsOf(configOf({ tier: "elastic", database: { kind: "migrating", active } }));
    const { problems, notices } = change(on("self-managed"), on("aurora"));
    assert.deepEqual(problems, []);
    assert.deepEqual(notices, [
      "the app's names lead to the aurora database, which takes writes only after the cut-over of docs/migration.md",
    ]);
    assert.match(
      change(on("aurora"), on("self-managed")).notices.join(),
      /only after the cut-over or fall-back of docs/,
    );
    assert.deepEqual(change(on("aurora"), on("aurora")).notices, []);
  });

  it("keeps the machine that follows, as long as the app uses Aurora", () => {
    const file = (active: string, primary: number) =>
      settingsOf(configOf({ tier: "elastic", database: { kind: "migrating", active, primary } }));
    const keys = (before: Settings, after: Settings) => change(before, after).problems.map(({ key }) => key);
    assert.deepEqual(keys(file("aurora", 1), file("aurora", 2)), ["database.primary"]);
    assert.deepEqual(keys(file("aurora", 2), file("self-managed", 1)), ["database.primary"]);
    assert.deepEqual(keys(file("self-managed", 1), file("self-managed", 2)), []);
    const { problems } = change(file("aurora", 2), file("aurora", 1));
    assert.match(problems[0]!.mend, /--path database\.primary 2$/);
  });

  it("begins new MySQL machines with the first one", () => {
    const aurora = settingsOf(configOf({ tier: "resilient" }));
    const beside = { kind: "migrating", active: "aurora", primary: 2 };
    const { problems } = change(aurora, settingsOf(configOf({ tier: "resilient", database: beside })));
    assert.deepEqual(
      problems.map(({ key, why }) => [key, why]),
      [["database.primary", "new MySQL machines fill themselves from the first one, and number 2 is to write"]],
    );
  });

  it("reads a footprint from before the primary was noted", () => {
    const file = { tier: "elastic", database: { kind: "migrating", active: "aurora" } };
    const { primary, ...before } = footprintOf(settingsOf(configOf(file)));
    assert.equal(primary, 1);
    assert.deepEqual(transitionOf(before, settingsOf(configOf(file)), "test").problems, []);
  });
});

/** Everything that is said of a file on a stack: by itself, or else as a change. */
function problemsOf(before: Settings, config: Readonly<Record<string, string>>): readonly Problem[] {
  try {
    return change(before, settingsOf(config)).problems;
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
}
