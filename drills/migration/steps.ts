import type { MigrationStep } from "../../plan/migration-document";
import type { Machine } from "../world/machine";
import type { Ran } from "../world/process";
import type { World } from "../world/world";

interface Parameter {
  readonly default: string;
  readonly allowedValues?: readonly string[];
  readonly allowedPattern?: string;
}

interface Content {
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly mainSteps: readonly { readonly inputs: { readonly runCommand: readonly string[] } }[];
}

/** The program's own document, as Systems Manager would run it on a machine. */
export class Steps {
  private readonly content: Content;

  constructor(world: World) {
    const { references } = world;
    const document = references.find("aws:ssm/document:Document", "db-migration");
    this.content = JSON.parse(String(references.inputs(document)["content"])) as Content;
  }

  /** @throws Error for a parameter that Systems Manager would not take */
  async run(machine: Machine, Step: MigrationStep, more: Readonly<Record<string, string>> = {}): Promise<Ran> {
    const { parameters, mainSteps } = this.content;
    const given: Readonly<Record<string, string>> = { Step, ...more };
    const unknown = Object.keys(given).find((name) => parameters[name] === undefined);
    if (unknown !== undefined) throw new Error(`InvalidParameters: ${unknown}`);
    const values = Object.entries(parameters).map(([name, { default: usual, allowedValues, allowedPattern }]) => {
      const value = given[name] ?? usual;
      const fits = allowedValues?.includes(value) ?? new RegExp(allowedPattern ?? "").test(value);
      if (!fits) throw new Error(`InvalidParameters: ${name} ${value}`);
      return [name, value] as const;
    });
    const lines = mainSteps.flatMap(({ inputs }) => inputs.runCommand).join("\n");
    const script = values.reduce((text, [name, value]) => text.replaceAll(`{{ ${name} }}`, value), lines);
    machine.place("/tmp/step.sh", script, 0o700);
    const ran = await machine.exec(["sh", "/tmp/step.sh"]);
    machine.note(`${Step}: status ${ran.status}`);
    return ran;
  }
}
