/** A resource as the engine would show it, from whichever source: an evaluation, `pulumi preview --json`, `pulumi stack export`. */
export interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of its parent; none for the stack itself. */
  readonly parent: string | null;
  /** What another resource will only tell once it exists is a reference: `<aws:ec2/vpc:Vpc::network.id>`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
  readonly options: ResourceOptions;
}

/** What decides how a change of inputs turns out. */
export interface ResourceOptions {
  readonly custom: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly replacementTrigger: unknown;
  /** URNs that it waits for. */
  readonly dependencies: readonly string[];
}

/** What the program as a whole came to. */
export interface Evaluation {
  readonly stack: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How an output that nobody knows yet is written in the inputs of another resource. */
export function reference(type: string, name: string, property: string): string {
  return `<${type}::${name}.${property}>`;
}

/** Every reference in a text, as `[whole, type, name, property]`. */
export const REFERENCE = /<([\w:/-]+)::([\w.-]+?)\.(\w+)>/g;
