import assert from "node:assert/strict";
import { DRILLS } from "../../drills";
import { FAULTS, patched } from "../../drills/faults";

/** Drills whose promises are those of another one, with other machines. */
const REPEATED = ["replicated"];

describe("seeded faults", () => {
  const promises = new Set(
    DRILLS.flatMap(({ name, phases }) =>
      phases.flatMap((phase) => phase.pledges.map(({ id }) => `${name}/${phase.name}/${id}`)),
    ),
  );

  for (const { says, file, patches, phase, promise } of FAULTS)
    it(`finds its place, and the promise that it breaks: ${says}`, () => {
      assert.ok(patches.length > 0);
      patched(file, patches);
      assert.ok(promises.has(`${phase}/${promise}`), `${phase}/${promise}`);
    });

  it("are of every drill that makes promises of its own", () => {
    const faulty = new Set(FAULTS.map(({ phase }) => phase.split("/")[0]));
    assert.deepEqual(
      DRILLS.map(({ name }) => name).filter((name) => !faulty.has(name)),
      REPEATED,
    );
  });

  it("say where a text is not there, or more than once", () => {
    const file = "templates/mysql/my.cnf";
    assert.throws(
      () => patched(file, [["no such line", ""]]),
      /my\.cnf has 0 times, and has to have once: no such line/,
    );
    assert.throws(() => patched(file, [["\n", ""]]), /my\.cnf has \d+ times/);
  });
});
