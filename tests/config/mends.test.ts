import assert from "node:assert/strict";
import { ConfigError, resolveSettings } from "../../config";
import { configOf, type Words } from "../support/stacks";

/** What a person is told to run, without what is the same in every command. */
function mendsOf(words: Words): string[] {
  try {
    resolveSettings(configOf({ tier: "elastic", ...words }), "test");
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map(({ mend }) => mend.replaceAll(/pulumi config (\S+) --stack test (--path )?/g, "$1 "));
  }
}

const CASES: readonly (readonly [what: string, words: Words, mends: readonly string[]])[] = [
  ["the most there may be", { app: { min: 1500 } }, ["set app.min 1000"]],
  ["the most there may be", { database: { readers: 20 } }, ["set database.readers 15"]],
  ["the most there may be", { cache: { shards: 100 } }, ["set cache.shards 90"]],
  ["the most there may be, once", { cache: { shards: 1e300 } }, ["set cache.shards 90"]],
  ["the least there may be", { users: -5 }, ["set users 1"]],
  ["the nearest whole number", { app: { min: 2.6 } }, ["set app.min 3"]],
  [
    "the default of a parameter, whose bound nobody means",
    { model: { writeShare: 7 } },
    ["set --type float --path model.writeShare 0.1"],
  ],
  ["a number with separators", { users: "10,000" }, ["set users 10000"]],
  ["a number with separators", { users: "1_000_000" }, ["set users 1000000"]],
  [
    "a number with separators at a path, as near as may be",
    { database: { volumeGiB: "1,000,000" } },
    ["set database.volumeGiB 16384"],
  ],
  ["no number where there are no thousands between separators", { users: "1,5" }, ["set users 100000"]],
  [
    "a list of a text, once",
    { network: { zones: "ap-northeast-2a,ap-northeast-2b" } },
    [
      "rm network.zones && set-all --plaintext 'network.zones[0]=ap-northeast-2a' --plaintext 'network.zones[1]=ap-northeast-2b'",
    ],
  ],
  ["the name in a URL", { edge: { domain: "https://api.example.com/path" } }, ["set edge.domain api.example.com"]],
  ["the name in a URL", { edge: { domain: "HTTP://API.example.com.:8080?a=b" } }, ["set edge.domain api.example.com"]],
  ["nothing of a name that has none", { edge: { domain: "https://localhost/" } }, ["rm edge.domain"]],
];

describe("the command that mends a value sets", () => {
  for (const [what, words, mends] of CASES)
    it(`${what}: ${JSON.stringify(words)}`, () => {
      assert.deepEqual(mendsOf(words), mends);
    });
});
