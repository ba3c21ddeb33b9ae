import assert from "node:assert/strict";
import bootstrap from "../../bootstrap";
import { evaluate } from "../../evaluate";
import { disagreements } from "./agreement";
import { onEngine } from "./hooks";
import { evaluations, stacks } from "./queue";
import { EngineStack } from "./stack";

const SETTINGS = {
  "aws:region": "ap-northeast-1",
  gitlab: "billybully/infrastructure",
  github: "billybully/infrastructure",
};

let outcome: Promise<string[]> | undefined;

onEngine("the bootstrap", start, () => {
  it("comes up as its own program says, and stays as it is", async () => {
    assert.deepEqual(await outcome, []);
  });
});

function start(): void {
  const stack = new EngineStack("bootstrap", "bootstrap");
  outcome = stacks.add(async () => {
    try {
      await stack.create(SETTINGS);
      await stack.up();
      await stack.expectNoChanges();
      const [config, state] = [await stack.configuration(), await stack.state()];
      const own = { project: "billybully-bootstrap", stack: stack.name, config };
      return disagreements(await evaluations.add(() => evaluate(bootstrap, own)), state);
    } finally {
      await stack.forget();
    }
  });
}
