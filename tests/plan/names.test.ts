import assert from "node:assert/strict";
import fc from "fast-check";
import { identifier } from "../../plan/names";

describe("identifier", () => {
  it("joins its parts with hyphens, in lower case", () => {
    assert.equal(identifier("billybully", "Prod_EU.2", "db", "aurora-1"), "billybully-prod-eu-2-db-aurora-1");
    assert.equal(identifier("7-zip", "x"), "zip-x");
    assert.equal(identifier("a--b", "-c-"), "a-b-c");
  });

  it("is a name that RDS and DNS take, whatever its parts", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (parts) => {
        const name = identifier("p", ...parts);
        assert.match(name, /^[a-z]([a-z0-9-]*[a-z0-9])?$/);
        assert.ok(!name.includes("--") && name.length <= 63, name);
      }),
    );
  });

  it("changes nothing in a name that it made", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const name = identifier("p", one, other);
        assert.equal(identifier(name), name);
      }),
    );
  });
});
