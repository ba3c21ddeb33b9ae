import assert from "node:assert/strict";
import { resolveSettings, type Settings } from "../../config";
import { footprintOf } from "../../config/footprint";
import { transitionOf, type Transition } from "../../config/transition";
import { configOf, type Words } from "../support/stacks";

const NAMED = { domain: "api.example.com", hostedZoneId: "Z0123456789ABC" };

const settingsOf = (words: Words): Settings => resolveSettings(configOf(words), "test");

function change(before: Words, after: Words): Transition {
  return transitionOf(footprintOf(settingsOf(before)), settingsOf(after), "test");
}

const refusals = (before: Words, after: Words): string[] => change(before, after).problems.map(({ key }) => key);

describe("the name under which clients come", () => {
  const named = (edge: Words, more: Words = {}): Words => ({ tier: "balanced", edge, ...more });

  it("is not taken away, changed, or asked for in another zone, without a word", () => {
    assert.deepEqual(refusals(named(NAMED), named({})), ["edge.domain"]);
    assert.deepEqual(refusals(named(NAMED), named({ ...NAMED, domain: "www.example.com" })), ["edge.domain"]);
    assert.deepEqual(refusals(named(NAMED), named({ domain: NAMED.domain })), ["edge.hostedZoneId"]);
    assert.deepEqual(refusals(named(NAMED), named({ ...NAMED, hostedZoneId: "Z0123456789DEF" })), [
      "edge.hostedZoneId",
    ]);
    assert.deepEqual(refusals(named({}), named(NAMED)), []);
    assert.deepEqual(refusals(named(NAMED), named(NAMED, { tier: "elastic" })), []);
  });

  it("goes when that is said by name, and comes back with the commands of the refusal", () => {
    const consent = ["domain name"];
    for (const edge of [{}, { ...NAMED, domain: "www.example.com" }, { domain: NAMED.domain }])
      assert.deepEqual(refusals(named(NAMED), named(edge, { consent })), []);
    const [problem] = change(named(NAMED), named({})).problems;
    assert.match(problem!.mend, /edge\.domain api\.example\.com && .*edge\.hostedZoneId Z0123456789ABC$/);
  });

  it("is judged by the domain alone where the last footprint did not note its zone", () => {
    const { hostedZoneId, ...before } = footprintOf(settingsOf(named(NAMED)));
    assert.equal(hostedZoneId, NAMED.hostedZoneId);
    const after = settingsOf(named({ ...NAMED, hostedZoneId: "Z0123456789DEF" }));
    assert.deepEqual(transitionOf(before, after, "test").problems, []);
  });

  it("has https only at the load balancer, which is said when that begins and ends", () => {
    const told = (before: Words, after: Words): string => change(before, after).notices.join("\n");
    assert.match(told(named(NAMED), named(NAMED, { tier: "elastic" })), /redirected to https:\/\/api\.example\.com/);
    assert.match(told(named(NAMED, { tier: "elastic" }), named(NAMED)), /on https:\/\/api\.example\.com any more/);
    assert.match(told({ tier: "elastic" }, named(NAMED, { tier: "elastic" })), /redirected to https/);
    assert.doesNotMatch(told(named(NAMED, { tier: "elastic" }), named(NAMED, { tier: "multi-az" })), /https/);
    assert.doesNotMatch(told({ tier: "balanced" }, { tier: "elastic" }), /https/);
  });
});

describe("the machine that writes", () => {
  const cached = (database: Words, more: Words = {}): Words => ({ tier: "cached", database, ...more });

  it("keeps its volume whatever is agreed to, until another one was promoted", () => {
    const consent = ["db-mysql-2"];
    assert.deepEqual(refusals(cached({ primary: 2 }), cached({ readers: 0 }, { consent })), ["database.readers"]);
    assert.deepEqual(refusals(cached({ primary: 1 }), cached({ readers: 0 }, { consent })), []);
    const [problem] = change(cached({ primary: 2 }), cached({ readers: 0 }, { consent })).problems;
    assert.match(problem!.why, /^db-mysql-2 is the machine that writes/);
    assert.doesNotMatch(problem!.allowed, /consent/);
  });

  it("changes by a promotion, which is said to whoever changes it in the file", () => {
    const { problems, notices } = change(cached({ primary: 2 }), cached({}));
    assert.deepEqual(problems, []);
    assert.match(notices.join("\n"), /leads to db-mysql-1, which takes writes only after promote\.sh there/);
    assert.deepEqual(change(cached({ primary: 2 }), cached({ primary: 2, volumeGiB: 200 })).notices, []);
  });
});
