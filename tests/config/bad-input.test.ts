import assert from "node:assert/strict";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import { ConfigError, resolveSettings } from "../../config";
import { evaluate } from "../../evaluate";
import { Recorder } from "../../evaluate/recorder";
import program from "../../index";
import { misspeltChoices, misspeltKeys, numbersOutOfRange, wrongTypes, type BadFile } from "../support/bad-files";
import { wrongValues } from "../support/bad-values";
import { afterMends } from "../support/pulumi-config";
import { RULE_CASES } from "../support/rule-cases";
import { configOf, inTurn, PROJECT } from "../support/stacks";

const GROUPS: Readonly<Record<string, readonly BadFile[]>> = {
  "a value of another type": wrongTypes(),
  "a misspelt key": misspeltKeys(),
  "a misspelt choice": misspeltChoices(),
  "a number out of range": numbersOutOfRange(),
  "a wrong value": wrongValues(),
};
const ALL = Object.values(GROUPS).flat();

type Config = Readonly<Record<string, string>>;

/** The one error of a file; nothing where the file is right. */
function errorOf(config: Config): ConfigError | undefined {
  try {
    resolveSettings(config, "test");
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ConfigError, `not a ConfigError: ${String(error)}`);
    return error;
  }
}

describe("a bad stack file", () => {
  it("is tried in more than three hundred ways, no two of them the same", () => {
    assert.ok(new Set(ALL.map(({ config }) => JSON.stringify(config))).size > 300, String(ALL.length));
    for (const [group, files] of Object.entries(GROUPS)) assert.ok(files.length > 20, `${files.length} of ${group}`);
  });

  for (const [group, files] of Object.entries(GROUPS))
    describe(`with ${group}`, () => {
      it("gives one error with one problem: the key, its value, what is allowed, and commands", () => {
        for (const { what, config, key, value, allowed } of files) {
          const error = errorOf(config);
          assert.ok(error !== undefined, `${what} is not refused`);
          const [head, , name, why, permitted, mend, ...rest] = error.message.split("\n");
          assert.equal(head, "The configuration of stack test has a problem. Nothing was changed.", error.message);
          assert.equal(name, `  ${key}${value === undefined ? "" : ` = ${value}`}`, what);
          assert.match(why!, /^ {4}\S.*\S$/, what);
          assert.ok(
            permitted!.startsWith(`    allowed: ${allowed}`) && permitted!.length > 13,
            `${what}: ${permitted!}`,
          );
          assert.match(mend!, /^ {4}mend: {4}pulumi config (set|set-all|rm) --stack test /, what);
          assert.deepEqual(rest, [], what);
        }
      });

      it("names the neighbour of what is misspelt", () => {
        for (const { what, config, neighbour } of files)
          if (neighbour !== undefined)
            assert.ok(
              errorOf(config)!.message.includes(`did you mean ${neighbour}?`),
              `${what}: ${errorOf(config)!.message}`,
            );
      });

      it("loses its problem by the commands of its error, and any that was behind it in two steps more", () => {
        for (const { what, config } of files) {
          let [now, error] = [config, errorOf(config)];
          const told: string[] = [];
          for (let steps = 0; error !== undefined && steps < 3; steps++) {
            told.push(...error.problems.map(({ key, why }) => `${key}: ${why}`));
            now = afterMends(now, error.problems);
            error = errorOf(now);
            const again = error?.problems.filter(({ key, why }) => told.includes(`${key}: ${why}`)) ?? [];
            assert.deepEqual(again, [], `${what}: ${JSON.stringify(now)}`);
          }
          assert.equal(error?.message, undefined, `${what}: ${told.join("; ")}`);
        }
      });
    });

  it("tells of a misspelt tier and of a broken relation in one error, and of nothing else", () => {
    for (const { key, broken } of RULE_CASES) {
      const tier = String(broken["tier"]);
      const error = errorOf(configOf({ ...broken, tier: `${tier}x` }));
      assert.deepEqual(
        error?.problems.map((problem) => problem.key),
        ["tier", key],
        tier,
      );
    }
  });

  it("tells of a value once, where its shape is wrong and what it should be would break a relation as well", () => {
    const servers = errorOf(configOf({ tier: "elastic", app: { servers: "three" } }));
    assert.deepEqual(
      servers?.problems.map(({ key, why }) => `${key}: ${why}`),
      ["app.servers: not a number"],
    );
    const whole = errorOf(configOf({ tier: "elastic", network: { zones: ["us-east-1a", 5] } }));
    assert.deepEqual(
      whole?.problems.map(({ key }) => key),
      ["network.zones[1]"],
    );
  });

  it("registers nothing but the stack itself, whatever is wrong with it", async () => {
    const sample = ALL.filter((_, index) => index % Math.floor(ALL.length / 50) === 0);
    assert.ok(sample.length >= 40);
    for (const { what, config } of sample) {
      const { failure, registered } = await run(config);
      assert.ok(failure instanceof ConfigError, `${what}: ${String(failure)}`);
      assert.equal(failure.message, errorOf(config)?.message);
      assert.deepEqual(registered, ["urn:pulumi:test::billybully::pulumi:pulumi:Stack::billybully-test"], what);
    }
  });
});

/** The whole program on a file: what it throws, and what it registered before. */
function run(config: Config): Promise<{ failure: unknown; registered: string[] }> {
  let monitor: unknown;
  const watched = (): ReturnType<typeof program> => {
    monitor = getMonitor();
    return program();
  };
  return inTurn(async () => {
    const failure: unknown = await evaluate(watched, { project: PROJECT, stack: "test", config }).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(monitor instanceof Recorder);
    return { failure, registered: monitor.recorded.map(({ urn }) => urn) };
  });
}
