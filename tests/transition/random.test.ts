import assert from "node:assert/strict";
import fc from "fast-check";
import { resolveSettings } from "../../config";
import { TIERS } from "../../config/tiers";
import { EGRESS } from "../../plan/egress";
import { configOf, type Words } from "../support/stacks";
import { changeFrom, losses, type Found } from "./transitions";

const LETTERS = ["a", "b", "c", "d"].map((letter) => `ap-northeast-2${letter}`);

/** A mix of overrides as people make them; not every one of them is a valid file. */
const words = fc.record(
  {
    tier: fc.constantFrom(...TIERS),
    users: fc.constantFrom(10_000, 10_000_000),
    network: fc.record(
      {
        zones: fc
          .integer({ min: 2, max: 4 })
          .chain((count) => fc.constantFrom(LETTERS.slice(0, count), [...LETTERS].reverse().slice(0, count))),
        egress: fc.constantFrom(...EGRESS.filter((kind) => kind !== "nat-regional")),
        addressQuota: fc.constantFrom(5, 20),
      },
      { requiredKeys: ["addressQuota"] },
    ),
    cache: fc.record({ shards: fc.constantFrom(0, 1, 3), replicas: fc.constantFrom(0, 1, 2) }, { requiredKeys: [] }),
    database: fc.record(
      {
        kind: fc.constantFrom("self-managed", "migrating", "aurora"),
        active: fc.constantFrom("self-managed", "aurora"),
        readers: fc.constantFrom(0, 1, 2),
        volumeGiB: fc.constantFrom(20, 50),
      },
      { requiredKeys: [] },
    ),
    app: fc.constantFrom({}, { instanceType: "c7g.large" }, { instanceType: "m7i.large" }),
    edge: fc.oneof(
      { weight: 6, arbitrary: fc.constant({ domain: "api.example.com", hostedZoneId: "Z0123456789ABC" }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom(
          {},
          { domain: "api.example.com" },
          { domain: "www.example.com", hostedZoneId: "Z0123456789ABC" },
          { domain: "api.example.com", hostedZoneId: "Z0123456789DEF" },
        ),
      },
    ),
    consent: fc.constantFrom([], [], [], ["cache"], ["db-mysql-2", "db-mysql-3"], ["domain zone"], ["domain name"]),
  },
  { requiredKeys: ["tier"] },
);

/** Files that the program takes. Drawn once, so that each is evaluated once and compared many times. */
const FILES = fc.sample(words, { numRuns: 4_000, seed: 20261123 }).filter(isValid).slice(0, 120);
const TRANSITIONS = 1_500;

function isValid(file: Words): boolean {
  try {
    resolveSettings(configOf(file), "test");
    return true;
  } catch {
    return false;
  }
}

describe("random changes of stacks with 2 to 4 zones and any mix of overrides", function () {
  this.timeout(240_000);
  const found: { before: Words; after: Words; change: Found }[] = [];

  before(async () => {
    const pairs = fc.sample(fc.tuple(fc.nat(FILES.length - 1), fc.nat(FILES.length - 1)), {
      numRuns: TRANSITIONS,
      seed: 20261124,
    });
    for (const [one, other] of pairs) {
      const [before, after] = [FILES[one]!, FILES[other]!];
      found.push({ before, after, change: await changeFrom(before, after) });
    }
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

  it("are of every kind: begun and refused, with and without a loss", () => {
    assert.ok(FILES.length === 120, `only ${FILES.length} files`);
    const refused = found.filter(({ change }) => change.problems.length > 0).length;
    assert.ok(refused > 300 && found.length - refused > 100, `${refused} of ${found.length} refused`);
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
    each(({ changes }) => {
      const first = changes.filter(({ type, oldFirst }) => type === "aws:ec2/instance:Instance" && oldFirst);
      assert.deepEqual(
        first.filter(({ name }) => !/^(app-private-|db-mysql-|network-nat$)/.test(name)),
        [],
      );
    });
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
    "domain zone": /^delete app$/,
  };
  return consent.some((name) => (covers[name] ?? new RegExp(`^delete ${name}$`)).test(loss));
}
