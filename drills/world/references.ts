import { createHash } from "node:crypto";
import { REFERENCE, type Resource } from "../../evaluate/graph";
import { publicIp } from "./network";

export const ACCOUNT_ID = "111122223333";
const FIRST_HOST = 10; // AWS keeps the first four addresses of a subnet

/** What AWS would have answered: a value for every reference in an evaluation, the same for the same evaluation. */
export class References {
  private readonly byName = new Map<string, Resource>();
  private readonly addresses = new Map<string, string>();

  constructor(
    readonly resources: readonly Resource[],
    readonly region: string,
  ) {
    for (const resource of resources) this.byName.set(`${resource.type}::${resource.name}`, resource);
  }

  /** A text with its references replaced. */
  in(text: string): string {
    return text.replace(REFERENCE, (_, type: string, name: string, property: string) =>
      this.value(type, name, property),
    );
  }

  /** The inputs of a resource, with their references replaced. */
  inputs(resource: Resource): Record<string, unknown> {
    return JSON.parse(this.in(JSON.stringify(resource.inputs))) as Record<string, unknown>;
  }

  find(type: string, name: string): Resource {
    const found = this.byName.get(`${type}::${name}`);
    if (found === undefined) throw new Error(`this tier has no ${type} ${name}`);
    return found;
  }

  all(type: string): Resource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The resource that a reference among some inputs names. */
  named(text: unknown): Resource {
    const [, type = "", name = ""] = new RegExp(REFERENCE.source).exec(String(text)) ?? [];
    return this.find(type, name);
  }

  /** A free address in the subnet of that name. */
  addressIn(subnet: string, owner: string): string {
    const known = this.addresses.get(owner);
    if (known !== undefined) return known;
    const [base = ""] = String(this.find(SUBNET, subnet).inputs["cidrBlock"]).split("/");
    const [a = "", b = "", c = ""] = base.split(".");
    const taken = new Set(this.addresses.values());
    let host = FIRST_HOST;
    while (taken.has(`${a}.${b}.${c}.${host}`)) host++;
    const address = `${a}.${b}.${c}.${host}`;
    this.addresses.set(owner, address);
    return address;
  }

  private value(type: string, name: string, property: string): string {
    const resource = this.find(type, name);
    const id = digest(`${type} ${name}`);
    const known = VALUES[`${type.split(":").at(-1) ?? ""}.${property}`];
    if (known !== undefined) return known.call(this, resource, id);
    const own = resource.inputs[property];
    return typeof own === "string" ? this.in(own) : `${name}-${property}-${id.slice(0, 7)}`;
  }
}

type Value = (this: References, resource: Resource, id: string) => string;

const hostedZone: Value = (_, id) => `Z${id.slice(0, 12).toUpperCase()}`;
const numbered: Value = ({ name }, id) => `${name}-${id.slice(0, 7)}`;

/** By type and property, what AWS gives a shape of its own; everything else is what the program itself says, or a name and a number. */
const VALUES: Readonly<Record<string, Value>> = {
  "NetworkInterface.privateIp"({ type, name, inputs }) {
    return this.addressIn(this.named(inputs["subnetId"]).name, `${type} ${name}`);
  },
  "Eip.publicIp"({ type, name }) {
    return publicIp(this.all(type).findIndex((eip) => eip.name === name));
  },
  "Volume.id": (_, id) => `vol-0${id.slice(0, 16)}`,
  "Instance.id": (_, id) => `i-0${id.slice(0, 16)}`,
  "RandomPassword.result": ({ inputs }, id) => `${id}${digest(id)}`.slice(0, Number(inputs["length"])),
  "Zone.zoneId": hostedZone,
  "Zone.id": hostedZone,
  "ReplicationGroup.configurationEndpointAddress": ({ name }) => `clustercfg.${name}.drill.internal`,
  "Parameter.arn"({ inputs }) {
    return `arn:aws:ssm:${this.region}:${ACCOUNT_ID}:parameter${String(inputs["name"])}`;
  },
  "Secret.arn"({ name }, id) {
    return `arn:aws:secretsmanager:${this.region}:${ACCOUNT_ID}:secret:${name}-${id.slice(0, 6)}`;
  },
  "Bucket.arn": ({ name }, id) => `arn:aws:s3:::${name}-${id.slice(0, 7)}`,
  "Bucket.bucket": numbered,
  "Group.name": numbered,
};

const SUBNET = "aws:ec2/subnet:Subnet";

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
