import { DATA } from "./data";
import { FRONT } from "./front";
import { MACHINES } from "./machines";
import { NETWORK } from "./network";
import { SHARED } from "./shared";

/** IAM actions that the provider needs for one resource type, by what it does. */
export interface TypeRights {
  readonly create: readonly string[];
  /** Also what it asks while it waits for the other three. */
  readonly read: readonly string[];
  readonly update: readonly string[];
  readonly delete: readonly string[];
}

/** Names of actions with blanks between them; those without a service belong to the type's own. */
export type Words = Readonly<Record<keyof TypeRights, string>>;

export const VERBS = ["create", "read", "update", "delete"] as const;

/** What each AWS type of the program asks of AWS. A type that the program uses and this lacks fails a test. */
export const RIGHTS: Readonly<Record<string, TypeRights>> = Object.fromEntries(
  [NETWORK, MACHINES, FRONT, DATA, SHARED].flatMap((services) =>
    Object.entries(services).flatMap(([service, types]) =>
      Object.entries(types).map(([type, words]) => [type, rightsOf(service, words)]),
    ),
  ),
);

function rightsOf(service: string, words: Words): TypeRights {
  const named = (text: string): string[] =>
    text.split(" ").flatMap((name) => (name === "" ? [] : [name.includes(":") ? name : `${service}:${name}`]));
  return {
    create: named(words.create),
    read: named(words.read),
    update: named(words.update),
    delete: named(words.delete),
  };
}

/** Every action of these verbs, each once. */
export function actionsFor(verbs: readonly (keyof TypeRights)[]): string[] {
  return [...new Set(Object.values(RIGHTS).flatMap((rights) => verbs.flatMap((verb) => rights[verb])))].sort();
}
