import assert from "node:assert/strict";
import { Keyring } from "../../components";
import { inputsOf, labelsOf, protectedIn } from "../support/graph";
import { outputsOf } from "../support/stacks";

describe("Keyring", () => {
  it("makes one key that turns every year, is hard to lose, and has a name", async () => {
    const graph = await outputsOf(() => ({ keyArn: new Keyring("key").keyArn }));
    assert.deepEqual(inputsOf(graph, "Key", "key"), {
      description: "Data and passwords of billybully test",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    });
    assert.deepEqual(inputsOf(graph, "Alias", "key"), {
      name: "alias/billybully-test",
      targetKeyId: "<aws:kms/key:Key::key.keyId>",
    });
    assert.deepEqual(protectedIn(graph), ["Key key"]);
    assert.deepEqual(graph.outputs, { keyArn: "<aws:kms/key:Key::key.arn>" });
    assert.deepEqual(labelsOf(graph.resources), ["Alias key", "Key key", "Keyring key", "Stack billybully-test"]);
  });
});
