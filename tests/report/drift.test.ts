import assert from "node:assert/strict";
import { parseRefresh, type Preview } from "../../evaluate/preview";
import { driftFor, driftMarker, hasDrift } from "../../report/drift";
import { markerFor } from "../../report/comment";
import { reasonFor } from "../../report/failure";
import { previewText, step, type Json } from "../support/previews";

const INSTANCE = "aws:ec2/instance:Instance";
const CLEAN = step("refresh", INSTANCE, "app-1");
const GONE = step("delete", INSTANCE, "app-2");
const CHANGED = step("update", INSTANCE, "app-3", {
  detailedDiff: { instanceType: { kind: "update" }, 'tags["a"]': { kind: "add" } },
  old: { inputs: { secret: "hunter2" } },
});

function refresh(steps: readonly Json[], changeSummary: Record<string, number>): { refresh: Preview } {
  return { refresh: parseRefresh(previewText(steps, { changeSummary })) };
}

describe("driftFor", () => {
  it("is nothing but its marker where AWS is as the state says", () => {
    const refreshed = refresh([CLEAN], { same: 1 });
    assert.deepEqual([driftFor("dev", refreshed), hasDrift(refreshed)], ["<!-- billybully drift: dev -->\n", false]);
    assert.notEqual(driftMarker("dev"), markerFor("dev"));
  });

  it("says what is gone and which properties have changed, and no value", () => {
    const refreshed = refresh([CLEAN, GONE, CHANGED], { same: 1, update: 1, delete: 1 });
    const text = driftFor("dev", refreshed);
    assert.ok(hasDrift(refreshed));
    assert.match(text, /^### dev: AWS is not as the state says$/m);
    assert.match(text, /^- `app-2` \(ec2 Instance\): gone$/m);
    assert.match(text, /^- `app-3` \(ec2 Instance\): changed: `instanceType`, `tags\["a"\]`$/m);
    assert.ok(!text.includes("app-1") && !text.includes("hunter2"), text);
  });

  it("believes the sum where the steps say nothing", () => {
    const refreshed = refresh([CLEAN, GONE], { same: 1, update: 13, delete: 1 });
    assert.ok(hasDrift(refreshed));
    assert.match(driftFor("dev", refreshed), /^- 13 of which the provider does not say what has changed/m);
  });

  it("takes no answer for drift: nobody knows", () => {
    const refreshed = { failure: "AWS refused\n" };
    assert.ok(hasDrift(refreshed));
    assert.match(
      driftFor("dev", refreshed),
      /^### dev: nobody knows whether AWS is as the state says\n\n```text\nAWS refused\n```\n$/m,
    );
  });
});

describe("reasonFor", () => {
  const cases: readonly (readonly [printed: string, reason: RegExp])[] = [
    ["error: no stack named 'prod' found", /has no state yet.*pulumi stack init/],
    ["error: the stack is currently locked by 1 lock(s). Either wait for", /holds the stack's lock.*pulumi cancel/],
    ["error: read .pulumi/meta.yaml: blob (code=Unknown): api error AccessDenied: Access Denied", /refused the role/],
    ["is not authorized to perform: kms:Decrypt on resource: arn:aws:kms", /refused the role/],
    [
      "operation error STS: AssumeRoleWithWebIdentity, StatusCode: 400, InvalidIdentityToken",
      /did not accept the job's token/,
    ],
    ['error: constructing secrets manager of type "awskms": could not decrypt', /cannot be decrypted/],
    ["", /log has what it said/],
    ["panic: out of luck", /log has what it said/],
  ];
  for (const [printed, reason] of cases)
    it(`knows what to do about «${printed.slice(0, 50)}»`, () => {
      assert.match(reasonFor(printed), reason);
    });

  it("quotes nothing", () => {
    for (const [printed] of cases) assert.ok(!reasonFor(`${printed} hunter2`).includes("hunter2"));
  });
});
