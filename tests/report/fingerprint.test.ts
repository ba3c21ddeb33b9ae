import assert from "node:assert/strict";
import { parsePreview } from "../../evaluate/preview";
import { fingerprintOf } from "../../report/fingerprint";
import { previewOf, REAL, step, type Json } from "../support/previews";

const INSTANCE = "aws:ec2/instance:Instance";
const CHANGE = step("update", INSTANCE, "app", { diffReasons: ["instanceType", "tags"] });
const OTHER = step("create", INSTANCE, "app-2");
const print = (...steps: Json[]): string => fingerprintOf(previewOf(...steps));

describe("fingerprintOf", () => {
  it("is the same for the same changes, in whatever order the engine lists them", () => {
    assert.match(print(CHANGE, OTHER), /^[0-9a-f]{64}$/);
    assert.equal(print(CHANGE, OTHER), print(OTHER, { ...CHANGE, diffReasons: ["tags", "instanceType"] }));
    assert.equal(fingerprintOf(parsePreview(REAL)), fingerprintOf(parsePreview(REAL)));
  });

  it("is the same whatever name Pulumi makes up, and whatever it only reads", () => {
    const named = (name: string): Json => step("create", "aws:kms/alias:Alias", "key", { now: { inputs: { name } } });
    assert.equal(print(named("key-1a2b3c4")), print(named("key-9c754fc")));
    assert.equal(print(CHANGE), print(CHANGE, step("same", INSTANCE, "db"), step("read", INSTANCE, "nat")));
  });

  it("is another one for another operation, resource or property, more of them or fewer", () => {
    const different = [
      print(),
      print(CHANGE),
      print(CHANGE, OTHER),
      print({ ...CHANGE, op: "replace" }),
      print(step("update", INSTANCE, "app-3", { diffReasons: ["instanceType", "tags"] })),
      print({ ...CHANGE, diffReasons: ["instanceType"] }),
      print({ ...CHANGE, op: "replace", replaceReasons: ["instanceType"] }),
    ];
    assert.equal(new Set(different).size, different.length);
  });
});
