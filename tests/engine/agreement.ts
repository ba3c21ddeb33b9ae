import type { Evaluation, Resource } from "../../evaluate";
import { REFERENCE } from "../../evaluate/graph";
import { readUserData } from "../../plan/user-data";

/** A resource of `pulumi stack export --show-secrets`, as far as it is compared. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Resources of a state that no program registers, and why. */
const ENGINE_OWN: readonly { readonly is: (resource: StateResource) => boolean; readonly why: string }[] = [
  {
    is: ({ type, urn }) => type.startsWith("pulumi:providers:") && /::default(_|$)/.test(urn),
    why: "default providers are the engine's",
  },
];

/** Inputs that may differ, and why. */
const EXCUSED: readonly { readonly type: RegExp; readonly key: string; readonly why: string }[] = [
  { type: /^pulumi:providers:/, key: "version", why: "the engine notes the plugin's version" },
  { type: /^pulumi:providers:/, key: "__internal", why: "the engine's own notes" },
  { type: /./, key: "__defaults", why: "Pulumi's list of the properties that it filled in itself" },
];

/** A digest of a text that holds ids: it cannot be known before them. */
const DIGEST = /# settings \w+/g;

/** Every way in which a state is not what the evaluation said, one line each. */
export function disagreements(evaluation: Evaluation, state: readonly StateResource[]): string[] {
  const kept = state.filter((resource) => !ENGINE_OWN.some(({ is }) => is(resource)));
  const inState = new Map(kept.map((resource) => [resource.urn, resource]));
  const resolve = resolver(kept);
  const planned = new Set(evaluation.resources.map(({ urn }) => urn));
  return [
    ...kept.filter(({ urn }) => !planned.has(urn)).map(({ urn }) => `only in the state: ${urn}`),
    ...evaluation.resources.flatMap((resource) => {
      const real = inState.get(resource.urn);
      return real === undefined ? [`only in the plan: ${resource.urn}`] : differences(resource, real, resolve);
    }),
  ];
}

type Resolve = (value: unknown) => unknown;

function differences(planned: Resource, real: StateResource, resolve: Resolve): string[] {
  const say = (what: string, plan: unknown, state: unknown): string[] => {
    const [left, right] = [canonical(plan), canonical(state)];
    return left === right ? [] : [`${planned.urn} ${what}: plan ${left}, state ${right}`];
  };
  const inputs = resolve(planned.inputs) as Record<string, unknown>;
  const found = unwrap(real.inputs ?? {}) as Record<string, unknown>;
  const filled = new Set((found["__defaults"] ?? []) as string[]);
  const excused = (key: string): boolean =>
    filled.has(key) || EXCUSED.some((excuse) => excuse.type.test(planned.type) && excuse.key === key);
  const keys = [...new Set([...Object.keys(inputs), ...Object.keys(found)])].filter((key) => !excused(key));
  return [
    ...say("parent", planned.parent ?? "", real.parent ?? ""),
    ...say("protect", planned.protect, real.protect ?? false),
    ...keys.flatMap((key) =>
      say(
        key,
        readable(key, inputs[key], resolve),
        readable(key, found[key], (value) => value),
      ),
    ),
  ];
}

/** User data is compared as the text that the machine reads; references stand inside of it. */
function readable(key: string, value: unknown, resolve: Resolve): unknown {
  if (key === "userData" && typeof value === "string") return resolve(readUserData(value));
  return typeof value === "object" && value !== null
    ? mapText(value, (text) => text.replace(DIGEST, "# settings ..."))
    : value;
}

/** Puts real ids and outputs in place of an evaluation's references. */
function resolver(state: readonly StateResource[]): Resolve {
  const byName = new Map(
    state.map((resource) => [`${resource.type}::${resource.urn.split("::").slice(3).join("::")}`, resource]),
  );
  const replace = (text: string): string =>
    text.replace(REFERENCE, (whole, type: string, name: string, property: string) => {
      const resource = byName.get(`${type}::${name}`);
      if (resource === undefined) return whole;
      const outputs = unwrap(resource.outputs ?? {}) as Record<string, unknown>;
      const [option] = (outputs["domainValidationOptions"] ?? []) as Record<string, unknown>[];
      const value = property === "id" ? resource.id : (outputs[property] ?? option?.[property]);
      return value === undefined ? whole : typeof value === "string" ? value : JSON.stringify(value);
    });
  return (value) => mapText(value, replace);
}

function mapText(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapText(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapText(inner, change)]));
}

/** Secrets of an export with `--show-secrets` as their values. */
function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (typeof record["plaintext"] === "string") return JSON.parse(record["plaintext"]) as unknown;
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, unwrap(inner)]));
}

/** Text that is equal for equal values, whatever the order of keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
