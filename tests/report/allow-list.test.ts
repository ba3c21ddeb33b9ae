import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AllowListError, allowListFor } from "../../report/allow-list";

const DB = "urn:pulumi:prod::billybully::billybully:db:DbCluster$aws:ebs/volume:Volume::db-mysql-1";
const CACHE = "urn:pulumi:dev::billybully::aws:elasticache/replicationGroup:ReplicationGroup::cache";

describe("allowListFor", () => {
  it("takes one URN a line, and leaves comments, blanks and the other stacks' lines", () => {
    const text = `# why: the loss was agreed on\n\n  ${DB}  \r\n${CACHE}\n#${DB}-2\n`;
    assert.deepEqual(allowListFor("prod", text), [DB]);
    assert.deepEqual(allowListFor("dev", text), [CACHE]);
    assert.deepEqual(allowListFor("pro", text), []);
    assert.deepEqual(allowListFor("prod", ""), []);
  });

  it("keeps names with blanks and signs whole", () => {
    const odd = `${DB} of old, #2`;
    assert.deepEqual(allowListFor("prod", odd), [odd]);
  });

  it("refuses a file with any line that is neither, and says which", () => {
    for (const wrong of [
      "*",
      "db-mysql-1",
      "urn:pulumi:prod",
      "urn:pulumi:::a::b::c",
      `- ${DB}`,
      "urn:pulumi:prod::billybully::t",
    ])
      assert.throws(
        () => allowListFor("dev", `${CACHE}\n${wrong}\n`),
        (error) => error instanceof AllowListError && error.message.endsWith(`\n  line 2: ${wrong}`),
        wrong,
      );
  });

  it("can read the file of this project", () => {
    const text = readFileSync(join(__dirname, "../../gate-allow.txt"), "utf8");
    for (const stack of ["dev", "prod"]) assert.deepEqual(allowListFor(stack, text), []);
  });
});
