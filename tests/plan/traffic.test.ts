import assert from "node:assert/strict";
import { DESCRIPTIONS, FLOWS, ROLES } from "../../plan/traffic";

describe("FLOWS", () => {
  it("let the world in to the front on 80 and 443, and nowhere else", () => {
    assert.deepEqual(
      FLOWS.filter(({ from }) => from === "world").map(({ to, port }) => `${to} ${port}`),
      ["front 80", "front 443"],
    );
  });

  it("open no port for logins or remote desktops", () => {
    assert.deepEqual(
      FLOWS.filter(({ port }) => port === 22 || port === 3389),
      [],
    );
  });

  it("open every port only towards the NAT instance and on the way out", () => {
    const wide = FLOWS.filter(({ port }) => port === "all").map(({ from, to }) => `${from} to ${to}`);
    assert.deepEqual(wide, [
      "app to nat",
      "database to nat",
      "front to world",
      "app to world",
      "database to world",
      "nat to world",
    ]);
  });

  it("reach MySQL from servers and from MySQL, Valkey and the servers only from in front of them", () => {
    const into = (role: string) => FLOWS.filter(({ to }) => to === role).map(({ from, port }) => `${from} ${port}`);
    assert.deepEqual(into("database"), ["app 3306", "database 3306"]);
    assert.deepEqual(into("cache"), ["app 6379"]);
    assert.deepEqual(into("app"), ["front 80"]);
  });

  it("give every role a way out but the cache, whose subnets are isolated", () => {
    const out = FLOWS.filter(({ to }) => to === "world").map(({ from }) => from);
    assert.deepEqual(
      ROLES.filter((role) => !out.includes(role)),
      ["cache"],
    );
  });

  it("have names that are unique, because they are names of resources", () => {
    assert.equal(new Set(FLOWS.map(({ name }) => name)).size, FLOWS.length);
  });

  it("start or end at a role of the program", () => {
    for (const { from, to } of FLOWS) {
      assert.notDeepEqual([from, to], ["world", "world"]);
      for (const end of [from, to]) assert.ok(end === "world" || ROLES.includes(end), end);
    }
  });
});

describe("DESCRIPTIONS", () => {
  it("are final, because AWS replaces a group whose description changes", () => {
    assert.deepEqual(DESCRIPTIONS, {
      front: "What clients reach: the load balancer, nginx as load balancer, or a server with its own address",
      app: "App servers",
      database: "MySQL and Aurora",
      cache: "Valkey",
      nat: "The NAT instance",
    });
  });

  it("hold only what AWS takes in a description", () => {
    for (const text of Object.values(DESCRIPTIONS)) assert.match(text, /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/);
  });
});
