import assert from "node:assert/strict";
import { footprintOf, resolveSettings } from "../../config";
import { transitionOf, type Transition } from "../../config/transition";
import { configOf, type Words } from "../support/stacks";

function change(before: Words, after: Words): Transition {
  const settings = (words: Words): ReturnType<typeof resolveSettings> => resolveSettings(configOf(words), "test");
  return transitionOf(footprintOf(settings(before)), settings(after), "test");
}

const keys = ({ problems }: Transition): string[] => problems.map(({ key }) => key);

describe("the version of the cache", () => {
  const at = (tier: string, engineVersion?: string): Words => ({
    tier,
    ...(engineVersion !== undefined && { cache: { engineVersion } }),
  });

  it("never goes down where there is a cache, and may where there is none", () => {
    assert.deepEqual(keys(change(at("cached", "9.0"), at("cached"))), ["cache.engineVersion"]);
    assert.deepEqual(keys(change(at("single", "9.0"), at("single"))), []);
    assert.deepEqual(keys(change(at("single", "9.0"), at("cached", "8.1"))), []);
  });
});

describe("a consent", () => {
  const notice = (name: string): string =>
    `consent ${name}: nothing of that name is lost by this change; remove it, or a later change is let through by it`;
  const cached: Words = { tier: "cached", database: { readers: 1 } };
  const without = (consent: readonly string[]): Words => ({ ...cached, cache: { shards: 0 }, consent });

  it("is told of where the change loses nothing of its name, and refuses nothing", () => {
    const kept = change(cached, { ...cached, consent: ["cache", "db-mysql-7"] });
    assert.deepEqual([keys(kept), kept.notices], [[], [notice("cache"), notice("db-mysql-7")]]);
  });

  it("is not told of by the change that it is for, and by every one after it", () => {
    assert.deepEqual(change(cached, without(["cache"])), { problems: [], notices: [] });
    assert.deepEqual(change(without(["cache"]), without(["cache"])).notices, [notice("cache")]);
    assert.deepEqual(change(cached, without(["cache", "db"])).notices, [notice("db")]);
  });

  it("is not told of where it is only a part of what has to be said", () => {
    const [three, one] = [3, 1].map((readers) => ({ ...cached, database: { readers } }));
    const { problems, notices } = change(three!, { ...one!, consent: ["db-mysql-4"] });
    assert.deepEqual([problems.map(({ key }) => key), notices], [["database.readers"], []]);
  });
});
