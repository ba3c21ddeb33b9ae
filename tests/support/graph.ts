import assert from "node:assert/strict";
import type { Evaluation, Resource } from "../../evaluate";
import { reference } from "../../evaluate/graph";

type Graph = Pick<Evaluation, "resources">;

/** Resources of a type by its last part (`Instance`), in the order of their names. */
export function all({ resources }: Graph, type: string): Resource[] {
  return resources.filter((resource) => resource.type.endsWith(`:${type}`)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The one resource of a type that has this name. */
export function one(graph: Graph, type: string, name: string): Resource {
  const found = all(graph, type).filter((resource) => resource.name === name);
  assert.equal(
    found.length,
    1,
    `${found.length} resources ${type} ${name}, of ${namesOf(all(graph, type)).join(", ")}`,
  );
  return found[0]!;
}

export function inputsOf(graph: Graph, type: string, name: string): Readonly<Record<string, unknown>> {
  return one(graph, type, name).inputs;
}

export function namesOf(resources: readonly Resource[]): string[] {
  return resources.map(({ name }) => name);
}

/** `Type name` of each, for lists that are compared as a whole. */
export function labelsOf(resources: readonly Resource[]): string[] {
  return resources.map(({ type, name }) => `${type.split(":").at(-1) ?? type} ${name}`).sort();
}

/** How the id of a resource is written in the inputs of another one. */
export function idOf({ type, name }: Resource): string {
  return reference(type, name, "id");
}

/** Every text in a value, with the path to it. */
export function textsIn(value: unknown, path = ""): { path: string; text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${path}.${key}`));
}

/** Names of the resources, as `Type name`, that one waits for. */
export function waitsFor({ resources }: Graph, { options }: Resource): string[] {
  return labelsOf(resources.filter(({ urn }) => options.dependencies.includes(urn)));
}

/** Options that are not those of most resources. */
export function optionsOf({ protect, options }: Resource): Record<string, unknown> {
  const { ignoreChanges, replaceOnChanges, deleteBeforeReplace, replacementTrigger } = options;
  return {
    ...(protect && { protect }),
    ...(ignoreChanges.length > 0 && { ignoreChanges }),
    ...(replaceOnChanges.length > 0 && { replaceOnChanges }),
    ...(deleteBeforeReplace && { deleteBeforeReplace }),
    ...(replacementTrigger !== null && { replacementTrigger }),
  };
}

/** `Type name` of everything that is protected. */
export function protectedIn({ resources }: Graph): string[] {
  return labelsOf(resources.filter(({ protect }) => protect));
}
