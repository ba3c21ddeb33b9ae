import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError, resolveSettings } from "../../config";
import { commandsFor, qualified } from "../../config/problem";
import { afterCommands, type StackFileContent } from "../support/pulumi-config";
import { configOf, REGION } from "../support/stacks";

const { set, remove, removeLiteral } = commandsFor("prod");

describe("commandsFor", () => {
  it("sets a key of the first level", () => {
    assert.equal(set("tier", "multi-az"), "pulumi config set --stack prod tier multi-az");
    assert.equal(set("users", 100_000), "pulumi config set --stack prod users 100000");
    assert.equal(set("aws:region", REGION), "pulumi config set --stack prod aws:region ap-northeast-2");
  });

  it("sets a path, with a type where Pulumi would guess another one", () => {
    assert.equal(set("app.min", 3), "pulumi config set --stack prod --path app.min 3");
    assert.equal(
      set("model.writeShare", 0.2),
      "pulumi config set --stack prod --type float --path model.writeShare 0.2",
    );
    assert.equal(
      set("replace.db-mysql-1", "7"),
      "pulumi config set --stack prod --type string --path replace.db-mysql-1 7",
    );
  });

  it("quotes what a shell or Pulumi would read otherwise", () => {
    assert.equal(
      set("edge.domain", "it's; rm -rf ~"),
      `pulumi config set --stack prod --path edge.domain 'it'\\''s; rm -rf ~'`,
    );
    assert.equal(set("app.min", -3), "pulumi config set --stack prod --path app.min -- -3");
    assert.equal(remove('network["a b"]'), `pulumi config rm --stack prod --path 'network["a b"]'`);
    assert.equal(removeLiteral("network.cidr"), "pulumi config rm --stack prod network.cidr");
  });

  it("writes a list anew, because Pulumi would leave the elements that it is not given", () => {
    assert.equal(
      set("network.zones", ["a", "b"]),
      "pulumi config rm --stack prod --path network.zones && " +
        "pulumi config set-all --stack prod --path --plaintext 'network.zones[0]=a' --plaintext 'network.zones[1]=b'",
    );
    assert.equal(set("network.reserved", []), "pulumi config rm --stack prod --path network.reserved");
    assert.equal(
      set("consent", ["front address"]),
      "pulumi config rm --stack prod consent && pulumi config set-all --stack prod --path --plaintext 'consent[0]=front address'",
    );
  });

  it("sets what it was given, in one line that a shell reads as it is meant", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !/["[\]\n]/.test(value));
    const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { minLength: 1 }),
      fc.dictionary(fc.stringMatching(/^[a-z][\w-]*$/), leaf, { minKeys: 1 }),
    );
    const before = (): StackFileContent => ({ "billybully:app": { min: 1, wanted: ["x", "y", "z"] } });
    fc.assert(
      fc.property(value, (wanted) => {
        const after = afterCommands(set("app.wanted", wanted), before()) as { "billybully:app": object };
        assert.deepEqual(JSON.parse(JSON.stringify(after)), {
          "billybully:app": { min: 1, wanted: JSON.parse(JSON.stringify(wanted)) as unknown },
        });
      }),
      { examples: [["true"], ["7"], ["-7"], ["007"], ["1.5"], [["a", "2", 2, 0.5]], ["$HOME"], ["a'b"]] },
    );
  });

  it("removes what it names and nothing else", () => {
    const before = { "billybully:app": { min: 1, max: 2 }, "billybully:app.min": "3", "billybully:users": "5" };
    assert.deepEqual(afterCommands(remove("app.min"), before), {
      ...before,
      "billybully:app": { max: 2 },
    });
    assert.deepEqual(afterCommands(removeLiteral("app.min"), before), {
      "billybully:app": { min: 1, max: 2 },
      "billybully:users": "5",
    });
  });
});

describe("ConfigError", () => {
  const errorOf = (config: Record<string, string>): ConfigError => {
    try {
      resolveSettings(config, "prod");
    } catch (error) {
      if (error instanceof ConfigError) return error;
    }
    throw new Error("no ConfigError");
  };

  it("lists every problem of a file at once", () => {
    const error = errorOf(
      configOf({ tier: "multiaz", users: "many", cache: { shards: 91, nodetype: "cache.r7g.large" } }, "seoul"),
    );
    assert.equal(error.name, "ConfigError");
    assert.equal(error.stackName, "prod");
    assert.equal(
      error.message,
      `The configuration of stack prod has 5 problems. Nothing was changed.

  aws:region = "seoul"
    not a region's name
    allowed: a region of AWS, for example ap-northeast-2 (Seoul)
    mend:    pulumi config set --stack prod aws:region ap-northeast-2

  billybully:tier = "multiaz"
    not one of the choices; did you mean multi-az?
    allowed: single | cached | replicated | balanced | elastic | resilient | multi-az
    mend:    pulumi config set --stack prod tier multi-az

  billybully:users = "many"
    not a number
    allowed: a whole number from 1 to 1000000000
    mend:    pulumi config set --stack prod users 100000

  billybully:cache.shards = 91
    too large
    allowed: 0 to 90, and with its replicas at most 90 nodes
    mend:    pulumi config set --stack prod --path cache.shards 90

  billybully:cache.nodetype = "cache.r7g.large"
    unknown key; did you mean nodeType?
    allowed: nodeType, shards, replicas, engineVersion
    mend:    pulumi config rm --stack prod --path cache.nodetype && pulumi config set --stack prod --path cache.nodeType cache.r7g.large`,
    );
  });

  it("says that the tier is missing on a stack that has nothing", () => {
    assert.equal(
      errorOf({ "aws:region": REGION, "billybully:tier": "" }).message,
      `The configuration of stack prod has a problem. Nothing was changed.

  billybully:tier
    missing
    allowed: single | cached | replicated | balanced | elastic | resilient | multi-az
    mend:    pulumi config set --stack prod tier single`,
    );
  });

  it("does not call a tier missing whose key is misspelt, and keeps its value", () => {
    const { problems } = errorOf(configOf({ teir: "multi-az" }));
    assert.deepEqual(
      problems.map(({ key, mend }) => [key, mend]),
      [["teir", "pulumi config rm --stack prod teir && pulumi config set --stack prod tier multi-az"]],
    );
  });

  it("never overwrites a key with the value of its misspelt twin", () => {
    const { problems } = errorOf(configOf({ tier: "single", network: { cidr: "10.0.0.0/16", cdir: "10.9.0.0/16" } }));
    assert.deepEqual(
      problems.map(({ mend }) => mend),
      ["pulumi config rm --stack prod --path network.cdir"],
    );
  });

  it("takes the block that was meant, the region of a zone and the lower case of a domain", () => {
    const mendOf = (words: object, region?: string) =>
      errorOf(configOf({ tier: "single", ...words }, region)).problems[0]?.mend;
    assert.match(mendOf({ network: { cidr: "10.7.3.1/18" } })!, /network\.cidr 10\.7\.0\.0\/18$/);
    assert.match(mendOf({}, "us-east-1a")!, /aws:region us-east-1$/);
    assert.match(mendOf({ edge: { domain: " API.example.com" } })!, /edge\.domain api\.example\.com$/);
  });

  it("keeps right zones in their places", () => {
    const zones = ["ap-northeast-1c", "ap-northeast-1b", "us-east-1a"];
    const { problems } = errorOf(configOf({ tier: "single", network: { zones } }, "ap-northeast-1"));
    assert.match(problems[0]!.mend, /\[0\]=ap-northeast-1c' .*\[1\]=ap-northeast-1b' .*\[2\]=ap-northeast-1a'$/);
  });

  it("cuts a value that is longer than a line", () => {
    const { message } = errorOf(configOf({ tier: "x".repeat(500) }));
    assert.match(message, /billybully:tier = "x{79}\.\.\.\n/);
  });
});

describe("qualified", () => {
  it("gives a key the program's namespace unless it has one", () => {
    assert.equal(qualified("app.min"), "billybully:app.min");
    assert.equal(qualified("aws:region"), "aws:region");
  });
});
