import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parsePreview } from "../../evaluate/preview";
import { COMMENT_CHARACTERS, commentFor, markerFor } from "../../report/comment";
import { GOLDEN, previewOf, previewText, REAL, stackStep, step, urn, type Json } from "../support/previews";

const VOLUME = "aws:ebs/volume:Volume";

function comment(steps: readonly Json[], allow: readonly string[] = [], more: Json = {}): string {
  return commentFor("test", { preview: parsePreview(previewText(steps, more)), allow });
}

describe("commentFor", () => {
  it("is, for what a real engine said, the text that was read and found good", () => {
    const text = commentFor("dev", { preview: parsePreview(REAL), allow: [] }, "0123456789abcdef0123");
    assert.equal(text, readFileSync(join(GOLDEN, "comment.md"), "utf8"));
  });

  it("begins with the marker of its stack, whatever it says", () => {
    for (const judged of [{ preview: previewOf(stackStep({})), allow: [] }, { failure: "no" }])
      assert.ok(commentFor("prod", judged).startsWith("<!-- billybully preview: prod -->\n\n### prod: "));
    assert.notEqual(markerFor("dev"), markerFor("dev-2"));
  });

  it("says that the gate is closed, what is lost and what to do", () => {
    const text = comment([step("replace", VOLUME, "db-mysql-1", { replaceReasons: ["availabilityZone"] })]);
    assert.match(text, /^\*\*Gate: closed by 1 finding\.\*\* docs\/ci\.md says what to do\.$/m);
    const line = `- \`${urn(VOLUME, "db-mysql-1")}\`: \`availabilityZone\`: would be replaced, and with it the data on it. To do: put back availabilityZone`;
    assert.ok(text.includes(line), text);
    assert.match(text, /^\| replaced \| `db-mysql-1` \| `ebs Volume` \| `availabilityZone` \|$/m);
  });

  it("tells what was let through, and what need not be", () => {
    const gone = step("delete", VOLUME, "db-mysql-1");
    const open = comment([gone], [urn(VOLUME, "db-mysql-1")]);
    assert.match(
      open,
      /^\*\*Gate: open\. 1 finding let through by name\.\*\*\n\nLet through by gate-allow\.txt:\n\n- `urn/m,
    );
    const closed = comment([], ["urn:left:over"]);
    assert.match(closed, /^\*\*Gate: closed by 1 finding\.\*\*/m);
    assert.match(
      closed,
      /Named in gate-allow\.txt, and nothing to let through: take these lines out\.\n\n- `urn:left:over`/,
    );
  });

  it("counts what changes, and says so where nothing does", () => {
    const text = comment([step("create", VOLUME, "a"), step("update", VOLUME, "b"), step("read", "x:y:Z", "c")], [], {
      changeSummary: { create: 1, update: 1, read: 1, same: 7 },
    });
    assert.match(text, /<summary>0 replaced, 0 deleted, 1 changed, 1 created, 7 unchanged<\/summary>/);
    assert.match(comment([stackStep({})]), /\n\n0 replaced, 0 deleted, 0 changed, 0 created, 1 unchanged\.\n$/);
  });

  it("has the tier of before and after, as far as the preview tells", () => {
    const config = { "aws:region": "ap-northeast-2", "billybully:tier": "cached" };
    const was = stackStep({});
    ((was["oldState"] as Json)["outputs"] as Json)["footprint"] = { tier: "single", machines: {} };
    assert.match(comment([step("create", VOLUME, "a")], [], { config }), /^### test: a new stack, tier cached$/m);
    assert.match(comment([step("create", VOLUME, "a")]), /^### test: tier unknown$/m);
    assert.match(comment([was]), /^### test: tier single -> unknown$/m);
  });

  it("says one interruption once, with everything that has it", () => {
    const routes = ["a", "b"].map((name) => step("update", "aws:ec2/route:Route", name));
    assert.match(comment(routes), /^- `a`, `b`: up to 1 s: connections of private machines/m);
  });

  it("says how long the only machine of its group is away, as the stack has told how many there were", () => {
    const resized = step("update", "aws:rds/clusterInstance:ClusterInstance", "db-aurora-1", {
      diffReasons: ["instanceClass"],
    });
    for (const [machines, seconds] of [
      [{ aurora: 2 }, 60],
      [{ aurora: 1 }, 600],
      [{}, 600],
    ] as const)
      assert.match(comment([stackStep(machines), resized]), new RegExp(`^- .db-aurora-1.: up to ${seconds} s: `, "m"));
  });

  it("gives the reason where there is no preview, as text that nothing can end", () => {
    const text = commentFor("dev", { failure: "error: no\n```\n# Merge me @everyone\n/approve" });
    assert.match(text, /^### dev: no verdict\n\n\*\*Gate: closed\.\*\* Nothing was changed\.$/m);
    assert.equal(text.match(/```/g)?.length, 2);
    assert.ok(text.indexOf("/approve") < text.lastIndexOf("```"));
  });
});

describe("a comment's safety", () => {
  const SECRET = "correct-horse-battery-staple";

  it("shows no value: neither of settings, nor of what a resource was given, became or changed to", () => {
    const values = { inputs: { password: SECRET, tags: { note: SECRET } }, outputs: { password: SECRET }, id: SECRET };
    const diff = { password: { kind: "update", old: SECRET, new: SECRET } };
    const steps = ["create", "update", "replace", "delete"].map((op) =>
      step(op, VOLUME, op, { old: values, now: values, detailedDiff: diff, diffReasons: ["password"] }),
    );
    const config = { "aws:region": "ap-northeast-2", "billybully:tier": "single", "billybully:token": SECRET };
    const text = comment(steps, [], { config });
    assert.ok(text.includes("| changed | `update` | `ebs Volume` | `password` |"), text);
    assert.ok(!text.includes(SECRET), text);
  });

  it("takes no markup from names, types or properties", () => {
    const nasty = "x`</details>| [a](javascript:1)\n\n# @all\n/merge";
    const steps = [
      step("delete", `aws:${nasty}/v:Volume`, nasty, { old: { protect: true } }),
      step("update", VOLUME, nasty, { diffReasons: [nasty] }),
    ];
    const text = comment(steps, [nasty]);
    // Outside of code spans, only the comment's own words are left.
    const bare = text.replaceAll(/`[^`\n]*`/g, "`");
    for (const part of ["javascript", "@all", "/merge"]) assert.ok(!bare.includes(part), bare);
    assert.equal(bare.match(/<\/?(details|summary)>/g)?.length, 4);
    for (const row of text.split("\n").filter((line) => line.startsWith("| ") && line.includes("`")))
      assert.equal(row.match(/\|/g)?.length, 5, row);
  });

  it("fits into a comment of GitHub, whatever happens, and says what was left out", () => {
    const long = "n".repeat(150);
    const steps = Array.from({ length: 1500 }, (_, i) =>
      step(i % 3 === 0 ? "delete" : "replace", VOLUME, `${long}${i}`, { replaceReasons: ["zone"] }),
    );
    const names = steps.slice(0, 500).map(({ urn: each }) => each as string);
    const unused = names.map((name) => `${name}-typo`);
    for (const text of [
      comment(steps, [...names, ...unused]),
      commentFor("test", { failure: `${long}\n`.repeat(9000) }),
    ]) {
      assert.ok(text.length <= COMMENT_CHARACTERS + 2_000 && text.length < 65_536, `${text.length} characters`);
      assert.match(text, /\.\.\. and \d+ more; the job's log has all of them/);
    }
  });
});
