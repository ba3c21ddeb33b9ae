import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { valueAt } from "../../config/paths";
import { fieldRows } from "../../config/reference";
import type { Change } from "../../evaluate/compare";
import type { Words } from "../support/stacks";
import { lives, VALUES } from "./files";
import {
  aloneDown,
  assertTold,
  changeFrom,
  downFirst,
  groupOf,
  groupsOf,
  losses,
  unordered,
  type Found,
} from "./transitions";

/** Each is evaluated once and compared many times: with all of its own life, and with any other. The seed is one that reaches all that is asked below. */
const LIVES = lives(2, 8, 6);
const FILES = LIVES.flat();
const WITHIN = LIVES.flatMap((life) =>
  life.flatMap((one) => life.flatMap((other) => (one === other ? [] : [[one, other] as const]))),
);
const BETWEEN = fc.sample(fc.tuple(fc.constantFrom(...FILES), fc.constantFrom(...FILES)), {
  numRuns: 340,
  seed: 6,
});

describe("random changes of stacks with 2 to 4 zones and any mix of overrides", function () {
  this.timeout(240_000);
  const found: { before: Words; after: Words; change: Found }[] = [];

  before(async () => {
    for (const [before, after] of [...WITHIN, ...BETWEEN])
      found.push({ before, after, change: await changeFrom(before, after) });
  });

  const each = (check: (change: Found, before: Words, after: Words) => void): void => {
    for (const { before, after, change } of found) {
      try {
        check(change, before, after);
      } catch (error) {
        throw new Error(`${JSON.stringify(before)}\n-> ${JSON.stringify(after)}`, { cause: error });
      }
    }
  };

  const begun = (): typeof found => found.filter(({ change }) => change.problems.length === 0);

  it("are of every kind: begun and refused, of one stack's life and of any two", () => {
    assert.deepEqual([FILES.length, WITHIN.length], [112, 784]);
    const refused = found.length - begun().length;
    assert.ok(refused > 300 && begun().length > 300, `${refused} of ${found.length} refused`);
  });

  it("are changes of every key of a stack file, but for what sizes are made of", () => {
    const keys = fieldRows().flatMap(({ key }) => (key.startsWith("model.") ? [] : [key]));
    assert.deepEqual(Object.keys(VALUES), keys);
    const untouched = keys.filter((key) => {
      const path = key.split(".");
      return begun().every(({ before, after }) => isDeepStrictEqual(valueAt(before, path), valueAt(after, path)));
    });
    assert.deepEqual(untouched, []);
  });

  it("lose nothing stateful without being refused or agreed to by name", () => {
    each((change, _, { consent = [] }) => {
      if (change.problems.length > 0) return;
      const agreed = losses(change).filter((loss) => !agreedTo(loss, consent as string[]));
      assert.deepEqual(agreed, []);
    });
  });

  it("take away no name that clients use without being refused or agreed to by name", () => {
    each((change, _, { consent = [] }) => {
      if (change.problems.length > 0) return;
      const agreed = ["domain name", "domain zone"].some((name) => (consent as string[]).includes(name));
      assert.ok(agreed || namesLost(change).length === 0, namesLost(change).join(", "));
    });
  });

  it("are refused for a loss only where something would be lost", () => {
    each((change) => {
      const data = change.problems.filter(({ allowed }) => allowed.includes("name it under consent"));
      const lost = [...losses(change), ...namesLost(change)];
      if (data.length > 0) assert.notDeepEqual(lost, [], data.map(({ key }) => key).join(", "));
    });
  });

  it("replace no server before its successor serves, where there is more than one, but on kept interfaces in turn", () => {
    each((change) => {
      const first = downFirst(change).filter(({ operation }) => operation === "replace");
      assert.deepEqual(
        first.filter(({ name }) => !/^(app-private-|db-mysql-|network-nat$)/.test(name)),
        [],
      );
    });
  });

  it("take machines that do the same down one after the other: each waits until the one before serves again", () => {
    each((change) => {
      assert.deepEqual(unordered(change), []);
    });
    const several = found.flatMap(({ change }) => groupsOf(downFirst(change)).filter((group) => group.length > 1));
    assert.deepEqual(namesOf(several.flat()), ["app-private", "app-public", "db-aurora", "db-mysql"]);
  });

  it("tell the seconds of every lone machine that goes down first, and of every address that moves", () => {
    each((change) => {
      assertTold(change);
    });
    const alone = begun().flatMap(({ change }) => aloneDown(change));
    assert.deepEqual(namesOf(alone), ["app-private", "app-public", "db-aurora", "db-mysql", "network-nat"]);
  });

  it("never need more Elastic IPs at once than the account has", () => {
    each((change, before, after) => {
      if (change.problems.length > 0) return;
      const held = (file: Words): number =>
        (file["network"] as { addressQuota?: number } | undefined)?.addressQuota ?? 5;
      const gone = change.changes.filter(
        ({ type, operation }) => type === "aws:ec2/eip:Eip" && operation !== "create",
      ).length;
      const come = change.changes.filter(
        ({ type, operation }) => type === "aws:ec2/eip:Eip" && operation === "create",
      ).length;
      assert.ok(gone + come <= Math.max(held(before), held(after)), `${gone + come} addresses`);
    });
  });
});

/** Of machines, what they do: each once. */
function namesOf(machines: readonly Change[]): string[] {
  return [...new Set(machines.map(groupOf))].sort();
}

/** The record that clients find the service by. */
function namesLost({ changes }: Found): string[] {
  return changes.flatMap(({ type, name, operation }) =>
    type === "aws:route53/record:Record" && name === "app" && /^(delete|replace)$/.test(operation)
      ? [`${operation} ${name}`]
      : [],
  );
}

/** Which resources an agreement covers. */
function agreedTo(loss: string, consent: readonly string[]): boolean {
  const covers: Readonly<Record<string, RegExp>> = {
    cache: /^delete cache(-token)?$/,
    "domain zone": /^(delete|replace) app$/,
  };
  return consent.some((name) => (covers[name] ?? new RegExp(`^delete ${name}$`)).test(loss));
}
