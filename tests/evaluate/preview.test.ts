import assert from "node:assert/strict";
import { parsePreview, parseRefresh, PreviewError } from "../../evaluate/preview";
import { previewText, REAL, step, type Json } from "../support/previews";

const CHANGE = step("update", "aws:ec2/instance:Instance", "app", { diffReasons: ["instanceType"] });

function refuses(text: string, why: RegExp): void {
  assert.throws(
    () => parsePreview(text),
    (error) => error instanceof PreviewError && why.test(error.message),
    text.slice(0, 200),
  );
}

function changed(change: (preview: Json) => void): string {
  const preview = JSON.parse(previewText([CHANGE])) as Json;
  change(preview);
  return JSON.stringify(preview);
}

describe("parsePreview", () => {
  it("reads what a real engine wrote", () => {
    const { steps, changeSummary } = parsePreview(REAL);
    assert.deepEqual([steps.length, changeSummary["delete"]], [48, 13]);
    assert.equal(parsePreview(previewText([CHANGE])).steps[0]?.newState?.protect, false);
  });

  it("takes no preview that was cut short, wherever it was cut", () => {
    for (let at = 0; at < REAL.trimEnd().length; at += 997) refuses(REAL.slice(0, at), /not JSON, or cut short/);
    refuses(REAL.trimEnd().slice(0, -1), /not JSON, or cut short/);
  });

  it("quotes nothing of what it cannot read", () => {
    refuses('{"password": hunter2', /^this is not JSON, or cut short$/);
  });

  it("takes no JSON of another kind", () => {
    for (const text of ["null", "[]", "{}", '"preview"', "0"]) refuses(text, /no preview that the gate understands/);
  });

  for (const [where, change] of Object.entries<(preview: Json) => void>({
    "the whole": (preview) => (preview["isPartial"] = true),
    "a step": (preview) => ((preview["steps"] as Json[])[0]!["forced"] = true),
    "a state": (preview) => (((preview["steps"] as Json[])[0]!["oldState"] as Json)["locked"] = true),
  }))
    it(`takes no field that it does not know in ${where}`, () => {
      refuses(changed(change), /[Uu]nrecognized key/);
    });

  it("takes no operation that it does not know", () => {
    refuses(
      changed((preview) => ((preview["steps"] as Json[])[0]!["op"] = "purge")),
      /steps\.0\.op/,
    );
  });

  it("takes no step that ends something without what was there, and none that changes it without both", () => {
    const volume = "aws:ebs/volume:Volume";
    const without = (op: string, key: string, state: null | undefined): string =>
      previewText([{ ...step(op, volume, "db"), [key]: state }]);
    for (const state of [null, undefined]) {
      for (const op of ["delete", "replace", "create-replacement", "delete-replaced", "discard-replaced", "update"])
        refuses(without(op, "oldState", state), /steps\.0\.oldState: missing/);
      refuses(without("remove-pending-replace", "oldState", state), /steps\.0\.oldState: missing/);
      for (const op of ["update", "same"]) refuses(without(op, "newState", state), /steps\.0\.newState: missing/);
      assert.ok(parsePreview(without("create", "oldState", state)));
      assert.ok(parsePreview(without("delete", "newState", state)));
    }
  });

  it("takes no step without a URN, and no list of changes without its sums", () => {
    refuses(
      changed((preview) => ((preview["steps"] as Json[])[0]!["urn"] = "app")),
      /steps\.0\.urn/,
    );
    refuses(
      changed((preview) => Reflect.deleteProperty(preview, "changeSummary")),
      /changeSummary/,
    );
  });

  it("takes no preview that counts what it does not list, or lists what it does not count", () => {
    refuses(previewText([CHANGE], { changeSummary: { update: 2 } }), /update 2, listed 1/);
    refuses(previewText([CHANGE], { changeSummary: { update: 1, delete: 1 } }), /delete 1, listed 0/);
    refuses(previewText([CHANGE], { changeSummary: { same: 5 } }), /update 0, listed 1/);
  });

  it("takes a read that is not counted: the first preview of a stack has one", () => {
    const read = step("read", "pulumi:pulumi:StackReference", "before");
    assert.equal(parsePreview(previewText([read], { changeSummary: { create: 0 } })).steps.length, 1);
    refuses(previewText([read], { changeSummary: { read: 2 } }), /read 2, listed 1/);
  });

  it("lets nobody count what is unchanged: the engine does not list it", () => {
    assert.equal(parsePreview(previewText([CHANGE], { changeSummary: { update: 1, same: 99 } })).steps.length, 1);
  });

  it("is of no use where the program failed, and says what the program said", () => {
    const diagnostics = [
      { message: "error: tier is missing\n", severity: "error" },
      { message: "a notice", severity: "warning" },
    ];
    refuses(previewText([CHANGE], { diagnostics }), /^the preview failed:\n {2}error: tier is missing$/);
    assert.ok(parsePreview(previewText([CHANGE], { diagnostics: diagnostics.slice(1) })));
  });
});

describe("a preview that may be corrupt", () => {
  it("is believed by nobody", () => {
    refuses(previewText([CHANGE], { maybeCorrupt: true }), /may be corrupt/);
    assert.throws(() => parseRefresh(previewText([CHANGE], { maybeCorrupt: true })), PreviewError);
    assert.ok(parsePreview(previewText([CHANGE], { maybeCorrupt: false })));
  });
});

describe("parseRefresh", () => {
  it("takes sums that its steps do not tell, and is as strict about the rest", () => {
    const text = previewText([step("refresh", "aws:ec2/eip:Eip", "front")], { changeSummary: { update: 1 } });
    assert.equal(parseRefresh(text).changeSummary["update"], 1);
    refuses(text, /that it counts/);
    assert.throws(() => parseRefresh(text.slice(0, -1)), PreviewError);
    assert.throws(() => parseRefresh(text.replace('"refresh"', '"purge"')), PreviewError);
  });
});
