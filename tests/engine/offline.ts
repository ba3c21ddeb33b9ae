import type { Footprint } from "../../config";
import { evaluate, type Evaluation } from "../../evaluate";
import program from "../../index";
import type { EngineStack } from "./stack";
import { evaluations } from "./queue";

/** What the offline evaluation says of a stack's configuration as it is now. */
export async function offline(stack: EngineStack, before?: Footprint): Promise<Evaluation> {
  const config = await stack.configuration();
  return evaluations.add(() => evaluate(program, { project: "billybully", stack: stack.name, config, before }));
}
