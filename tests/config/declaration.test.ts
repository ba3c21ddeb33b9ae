import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { texts, textOf } from "../../config/fields";
import { stackSchema } from "../../config/schema";
import { TIERS } from "../../config/tiers";
import { PLACES, rightValue, withValue } from "../support/bad-files";
import { resolveSettings } from "../../config";
import { configOf, PROJECT } from "../support/stacks";

interface Declaration {
  readonly type?: string;
  readonly description: string;
  readonly default?: unknown;
}

const project = load(readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8")) as {
  readonly name: string;
  readonly config: Readonly<Record<string, Declaration>>;
};
const objects = PLACES.filter(({ schema }) => schema instanceof z.ZodObject);

describe("Pulumi.yaml", () => {
  it("names the project as the program's namespace", () => {
    assert.equal(project.name, PROJECT);
  });

  it("declares the keys of the schema, in its order", () => {
    assert.deepEqual(Object.keys(project.config), Object.keys(stackSchema.shape));
  });

  for (const { path, schema } of objects.filter((place) => place.path[0] !== "model"))
    it(`names the fields of ${path.join(".")} in its description`, () => {
      assert.equal(project.config[path.join(".")]?.description, Object.keys((schema as z.ZodObject).shape).join(", "));
    });

  it("names the tiers in the tier's description", () => {
    assert.equal(project.config["tier"]?.description, `${TIERS.join(" | ")} (required)`);
  });

  it("gives every key an empty default and the tier alone a type, so that none is mandatory to Pulumi", () => {
    for (const [key, { type, default: value }] of Object.entries(project.config)) {
      assert.ok(["", "{}", "[]"].includes(typeof value === "string" ? value : JSON.stringify(value)), key);
      assert.equal(type, key === "tier" ? "string" : undefined, key);
    }
  });
});

describe("the schema", () => {
  it("says of every field what it is about, what it allows, what applies without it and what a change does", () => {
    for (const { path, schema } of PLACES) {
      if (schema instanceof z.ZodObject) continue;
      const text = textOf(schema);
      assert.ok(text !== undefined, path.join("."));
      for (const part of [text.about, text.allowed, text.otherwise, text.change])
        assert.ok(part.length > 0 && !part.endsWith("."), `${path.join(".")}: ${part}`);
    }
  });

  it("takes the example of every field", () => {
    for (const { path, schema } of PLACES) {
      if (schema instanceof z.ZodObject || path[0] === "tier") continue;
      const words = withValue(path, rightValue(schema));
      assert.doesNotThrow(() => resolveSettings(configOf(words), "test"), JSON.stringify(words));
    }
  });

  it("has texts for fields alone", () => {
    assert.deepEqual(
      objects.filter(({ schema }) => texts.has(schema)),
      [],
    );
  });
});
