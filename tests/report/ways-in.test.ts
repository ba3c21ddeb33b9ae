import assert from "node:assert/strict";
import { judge } from "../../report/gate";
import { previewOf, stackStep, step, urn, type Json } from "../support/previews";

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";

/** Names that close the gate, of a stack that stood so before. */
function stopped(footprint: Json, ...steps: readonly Json[]): string[] {
  const stack = stackStep({});
  Object.assign(stack["oldState"] as Json, { outputs: { footprint: { machines: {}, ...footprint } } });
  return judge(previewOf(stack, ...steps), []).stopped.map((finding) => finding.urn.split("::").at(-1) ?? "");
}

const alb = { front: "alb", domain: null };
const named = { front: "alb", domain: "api.example.com" };
const servers = { front: "servers", domain: null, machines: { app: 3 } };

const replaced = step("replace", LOAD_BALANCER, "app", { replaceReasons: ["internal"] });
const [gone, comes] = [step("delete", LOAD_BALANCER, "app"), step("create", LOAD_BALANCER, "app-alb")];
const association = (op: string, name = "app-front"): Json => step(op, ASSOCIATION, name);

describe("waysInGoing", () => {
  it("keeps the load balancer that clients know by its own name", () => {
    assert.deepEqual(stopped(alb, replaced), ["app"]);
    assert.deepEqual(stopped(alb, gone, comes), ["app"]);
    assert.deepEqual(stopped(alb, gone, step("update", LOAD_BALANCER, "other")), ["app", "app"]);
    assert.deepEqual(stopped(alb, step("update", LOAD_BALANCER, "app"), comes), []);
  });

  it("lets it be another one where clients come by a domain", () => {
    assert.deepEqual(stopped(named, replaced), []);
    assert.deepEqual(stopped(named, gone, comes), []);
  });

  it("takes what nobody left behind for a stack without a domain", () => {
    assert.equal(judge(previewOf(replaced), []).stopped.length, 1);
  });

  it("says what forces it, and what to do", () => {
    const [finding] = judge(previewOf(replaced), []).stopped;
    assert.deepEqual([finding?.urn, finding?.property], [urn(LOAD_BALANCER, "app"), "internal"]);
    assert.match(finding?.todo ?? "", /^put back internal; or set edge\.domain first .*--allow this URN/);
    const [other] = judge(previewOf(gone, comes), []).stopped;
    assert.match(other?.todo ?? "", /^put back its name in the program, or give the new one an alias;/);
  });

  it("lets one kind of front take the place of another", () => {
    assert.deepEqual(stopped(alb, gone, association("create")), []);
    assert.deepEqual(stopped({ front: "nginx", domain: null }, association("delete"), comes), []);
    const fewer = ["app-front-2", "app-front-3"].map((name) => association("delete", name));
    assert.deepEqual(stopped(servers, ...fewer), []);
    assert.deepEqual(stopped(servers, association("replace"), ...fewer), []);
    assert.deepEqual(stopped(servers, association("delete"), ...fewer, comes), []);
  });

  it("lets no front go without another", () => {
    assert.deepEqual(stopped(named, gone), ["app"]);
    assert.deepEqual(stopped(alb, gone), ["app"]);
    assert.deepEqual(stopped({ front: "nginx", domain: null }, association("delete")), ["app-front"]);
    const all = ["app-front", "app-front-2", "app-front-3"].map((name) => association("delete", name));
    assert.deepEqual(stopped(servers, ...all), ["app-front", "app-front-2", "app-front-3"]);
  });

  it("leaves addresses alone that nobody comes to", () => {
    assert.deepEqual(stopped(alb, association("delete", "network-nat")), []);
  });
});
