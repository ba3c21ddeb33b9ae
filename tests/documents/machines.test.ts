import assert from "node:assert/strict";
import type { Evaluation } from "../../evaluate";
import { allOf, documentOf } from "../support/markdown";
import { inputsOf } from "../support/graph";
import { stackWith } from "../support/stacks";

/** What the table of roles names as the settings of one. */
function namedFor(role: string): string[] {
  const section = documentOf("docs/machines.md").find(({ title }) => title === "Roles");
  const rows = allOf("table", section?.tokens ?? [])[0]?.rows ?? [];
  const [, , settings] = rows.find(([name]) => name?.text === `\`${role}\``) ?? [];
  return allOf("codespan", settings?.tokens ?? []).map(({ text }) => text);
}

function settingsOf(stack: Evaluation, parameter: string): string[] {
  const { value } = inputsOf(stack, "Parameter", parameter);
  return String(value)
    .trim()
    .split("\n")
    .map((line) => line.slice(0, line.indexOf("=")));
}

describe("docs/machines.md", () => {
  let stack: Evaluation;
  before(async () => {
    stack = await stackWith({ tier: "balanced" });
  });

  for (const [role, parameter] of [
    ["balancer", "app-balancer"],
    ["mysql", "db-mysql-2"],
  ] as const)
    it(`names every setting of the role ${role}`, () => {
      const named = namedFor(role);
      const settings = settingsOf(stack, parameter);
      assert.ok(settings.length > 0);
      assert.deepEqual(
        settings.filter((setting) => !named.includes(setting)),
        [],
      );
    });

  it("names everything that the app is told, and nothing else", () => {
    const section = documentOf("docs/machines.md").find(({ title }) => title === "What the app is told");
    const rows = allOf("table", section?.tokens ?? [])[0]?.rows ?? [];
    const named = rows.flatMap(([names]) => allOf("codespan", names?.tokens ?? []).map(({ text }) => text));
    const told = settingsOf(stack, "app").filter((setting) => /^(SPRING|SERVER|MANAGEMENT|JAVA)_/.test(setting));
    const isNamed = (setting: string): boolean =>
      named.some((name) => (name.endsWith("*") ? setting.startsWith(name.slice(0, -1)) : setting === name));
    assert.ok(told.length > 10, told.join());
    assert.deepEqual(
      told.filter((setting) => !isNamed(setting)),
      [],
    );
    assert.deepEqual(
      named.filter((name) => ![...told, "SERVER_ADDRESS"].some((setting) => setting.startsWith(name.replace("*", "")))),
      [],
    );
  });
});
