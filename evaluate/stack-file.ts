import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, load, YAMLException } from "js-yaml";
import type { StackConfig } from ".";

/** A stack file that cannot be read at all. */
export class StackFileError extends Error {}

/** What a person may say instead of, or on top of, a stack file. */
export interface Overlay {
  readonly tier?: string | undefined;
  readonly users?: string | undefined;
}

const REGION_WITHOUT_FILE = "ap-northeast-2";

/**
 * The configuration of a stack as Pulumi would hand it to the program: `Pulumi.STACK.yaml` over the defaults of `Pulumi.yaml`, scalars as text
 * and objects as JSON. Without a stack's name a tier is enough.
 *
 * @throws StackFileError where the file is missing or not YAML
 */
export function readStack(root: string, stack: string | undefined, overlay: Overlay): StackConfig {
  const { name: project, config: declared = {} } = readYaml(join(root, "Pulumi.yaml")) as ProjectFile;
  const defaults = Object.entries(declared).map(([key, { default: value }]) => [key, value] as const);
  const own = stack === undefined ? { "aws:region": REGION_WITHOUT_FILE } : configOf(root, stack);
  const said = Object.entries(overlay).filter(([, value]) => value !== undefined);
  const config = Object.fromEntries(
    [...defaults, ...Object.entries(own), ...said].map(([key, value]) => [qualified(key, project), text(value)]),
  );
  return { project, stack: stack ?? overlay.tier ?? "plan", config };
}

interface ProjectFile {
  readonly name: string;
  readonly config?: Readonly<Record<string, { readonly default?: unknown }>>;
}

function configOf(root: string, stack: string): Record<string, unknown> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file))
    throw new StackFileError(
      `There is no Pulumi.${stack}.yaml here. Make it with \`pulumi stack init ${stack}\`, or name a tier: --tier single`,
    );
  const content = readYaml(file) as { config?: Record<string, unknown> } | undefined | null;
  return content?.config ?? {};
}

function readYaml(file: string): unknown {
  try {
    return load(readFileSync(file, "utf8"), { schema: CORE_SCHEMA });
  } catch (error) {
    if (error instanceof YAMLException) throw new StackFileError(`${file} is not YAML: ${error.message}`);
    throw error;
  }
}

function qualified(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}

/** Pulumi keeps every value as text. */
function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
