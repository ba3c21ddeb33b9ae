import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import {
  MockMonitor,
  type MockCallArgs,
  type MockResourceArgs,
  type MockResourceResult,
  type Mocks,
} from "@pulumi/pulumi/runtime/mocks";
import { reference, type Resource } from "./graph";
import { outputsOf } from "./outputs";
import { expandVpc, SUBNET, TABLE, VPC, type VpcChild } from "./vpc";

const STACK_TYPE = "pulumi:pulumi:Stack";
const VPC_COMPONENT = "awsx:ec2:Vpc";
const STACK_REFERENCE = "pulumi:pulumi:StackReference";

/** Marks by which the SDK tells secrets and resources from plain objects (sdk/nodejs/runtime/rpc.ts). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

type Respond = (error: unknown, response: unknown) => void;

/** The SDK's monitor for tests, with the parts that its types keep private. */
interface OpenMonitor {
  readonly resources: Map<string, { urn: string; id: string | null; state: unknown }>;
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: RegisterResourceRequest, respond: Respond): Promise<void>;
  readResource(request: ReadResourceRequest, respond: Respond): Promise<void>;
}
const Monitor = MockMonitor as unknown as new (mocks: Mocks) => OpenMonitor;

/**
 * Stands where the engine would and writes down what is registered, options included. Answers at once, with references in place of what
 * only AWS could tell.
 */
export class Recorder extends Monitor {
  readonly recorded: Resource[] = [];
  private readonly vpcs: Map<string, readonly RecordedChild[]>;

  constructor(
    private readonly project: string,
    private readonly stack: string,
    before: unknown,
  ) {
    const vpcs = new Map<string, readonly RecordedChild[]>();
    const outputs = before === undefined ? {} : { footprint: before };
    super({ newResource: (args) => answer(args, vpcs, outputs), call: refuse });
    this.vpcs = vpcs;
  }

  /** The engine's own form: all parents' types but the stack's. The base class knows only the nearest. */
  override newUrn(parent: string, type: string, name: string): string {
    const above = parent.split("::")[2] ?? "";
    const types = above === "" || above === STACK_TYPE ? type : `${above}$${type}`;
    return `urn:pulumi:${this.stack}::${this.project}::${types}::${name}`;
  }

  override async registerResource(request: RegisterResourceRequest, respond: Respond): Promise<void> {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const urn = this.newUrn(parent, type, name);
    const inputs = plain(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>;
    this.recorded.push({
      urn,
      type,
      name,
      parent: parent === "" ? null : parent,
      // The engine keeps no inputs of components.
      inputs: request.getCustom() ? inputs : {},
      protect: request.getProtect() ?? false,
      options: {
        custom: request.getCustom(),
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        replacementTrigger: request.getReplacementTrigger()?.toJavaScript() ?? null,
        dependencies: request.getDependenciesList(),
      },
    });
    if (type === VPC_COMPONENT) this.recordVpc(urn, name, inputs as unknown as VpcInputs);
    await super.registerResource(request, respond);
  }

  override async readResource(request: ReadResourceRequest, respond: Respond): Promise<void> {
    const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
    const inputs = plain(request.getProperties()?.toJavaScript() ?? {}) as Record<string, unknown>;
    const urn = this.newUrn(parent, type, name);
    this.recorded.push({
      urn,
      type,
      name,
      parent: parent === "" ? null : parent,
      inputs,
      protect: false,
      options: { ...NO_OPTIONS, dependencies: [] },
    });
    await super.readResource(request, respond);
  }

  private recordVpc(component: string, name: string, inputs: VpcInputs): void {
    const children = expandVpc(name, inputs).map((child) => ({ ...child, urn: childUrn(component, child) }));
    this.vpcs.set(name, children);
    for (const { urn, type, name: label, inputs: own, protect, parent } of children) {
      const parentUrn =
        children.find((other) => other.type === parent?.type && other.name === parent.name)?.urn ?? component;
      const options = { ...NO_OPTIONS, dependencies: [parentUrn] };
      this.recorded.push({ urn, type, name: label, parent: parentUrn, inputs: own, protect, options });
      this.resources.set(urn, { urn, id: reference(type, label, "id"), state: {} });
    }
  }
}

type VpcInputs = Parameters<typeof expandVpc>[1];
type RecordedChild = VpcChild & { readonly urn: string };

const NO_OPTIONS = {
  custom: true,
  ignoreChanges: [],
  replaceOnChanges: [],
  deleteBeforeReplace: false,
  replacementTrigger: null,
};

function childUrn(component: string, { types, name }: VpcChild): string {
  const [head = "", project = "", above = ""] = component.split("::");
  return [head, project, [above, ...types].join("$"), name].join("::");
}

/** The SDK shows only the `details` of what a monitor answers. */
function refuse({ token }: MockCallArgs): never {
  const details = `${token}: this program looks nothing up`;
  throw Object.assign(new Error(details), { details });
}

function answer(
  { type, name, inputs }: MockResourceArgs,
  vpcs: ReadonlyMap<string, readonly RecordedChild[]>,
  lastOutputs: object,
): MockResourceResult {
  if (type === STACK_REFERENCE)
    return { id: reference(type, name, "id"), state: { ...(inputs as object), outputs: lastOutputs } };
  if (type === VPC_COMPONENT) return { id: undefined, state: vpcOutputs(name, vpcs.get(name) ?? []) };
  const told = Object.entries(outputsOf(type, name)).filter(([key]) => !(key in (inputs as object)));
  return { id: reference(type, name, "id"), state: Object.fromEntries(told) }; // the SDK adds the inputs itself
}

function vpcOutputs(name: string, children: readonly RecordedChild[]): Record<string, unknown> {
  const all = (wanted: string): object[] =>
    children
      .filter(({ type }) => type === wanted)
      .map(({ urn, name: label }) => ({ [SIGNATURE]: RESOURCE, urn, id: reference(wanted, label, "id") }));
  return { vpcId: reference(VPC, name, "id"), subnets: all(SUBNET), routeTables: all(TABLE) };
}

/** Secrets as their values, everything else as it is. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  if (record[SIGNATURE] === SECRET) return plain(record["value"]);
  return Object.fromEntries(Object.entries(record).map(([key, inner]) => [key, plain(inner)]));
}
