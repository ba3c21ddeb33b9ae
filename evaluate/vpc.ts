import { adjustVpcChild } from "../components/network/vpc";
import { reference } from "./graph";

/** The arguments of `awsx.ec2.Vpc` that the program uses, resolved. */
interface VpcInputs {
  readonly cidrBlock: string;
  readonly enableDnsHostnames: boolean;
  readonly enableDnsSupport: boolean;
  readonly availabilityZoneNames: readonly string[];
  readonly subnetSpecs: readonly {
    readonly type: "Public" | "Private" | "Isolated";
    readonly cidrBlocks: readonly string[];
  }[];
}

export interface VpcChild {
  readonly type: string;
  readonly name: string;
  /** Types below the component down to its own, as they stand in its URN. */
  readonly types: readonly string[];
  /** None for what stands right below the component. */
  readonly parent: { readonly type: string; readonly name: string } | null;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly protect: boolean;
}

export const VPC = "aws:ec2/vpc:Vpc";
export const SUBNET = "aws:ec2/subnet:Subnet";
export const TABLE = "aws:ec2/routeTable:RouteTable";

/**
 * What the remote component makes out of its arguments. It runs in a process of its own, so an evaluation cannot ask it; the engine tests
 * hold this against the real thing, resource by resource.
 */
export function expandVpc(name: string, inputs: VpcInputs): VpcChild[] {
  const id = (type: string, label: string): string => reference(type, label, "id");
  const vpcId = id(VPC, name);
  const { cidrBlock, enableDnsHostnames, enableDnsSupport } = inputs;
  const tags = { Name: name };
  const gateway = "aws:ec2/internetGateway:InternetGateway";
  return [
    child([VPC], name, null, { cidrBlock, enableDnsHostnames, enableDnsSupport, tags }),
    child([VPC, gateway], name, name, { vpcId, tags }),
    ...inputs.availabilityZoneNames.flatMap((availabilityZone, index) =>
      inputs.subnetSpecs.flatMap((spec) => {
        const label = `${name}-${spec.type.toLowerCase()}-${index + 1}`;
        const labels = { Name: label, SubnetType: spec.type };
        const subnet = {
          vpcId,
          availabilityZone,
          cidrBlock: spec.cidrBlocks[index],
          mapPublicIpOnLaunch: spec.type === "Public",
        };
        const routeTableId = id(TABLE, label);
        const route = { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId: id(gateway, name) };
        const below = [VPC, SUBNET, TABLE];
        return [
          child([VPC, SUBNET], label, name, { ...subnet, assignIpv6AddressOnCreation: false, tags: labels }),
          child(below, label, label, { vpcId, tags: labels }),
          child([...below, "aws:ec2/routeTableAssociation:RouteTableAssociation"], label, label, {
            routeTableId,
            subnetId: id(SUBNET, label),
          }),
          ...(spec.type === "Public" ? [child([...below, "aws:ec2/route:Route"], label, label, route)] : []),
        ];
      }),
    ),
  ];
}

function child(
  types: readonly string[],
  name: string,
  parentName: string | null,
  inputs: Record<string, unknown>,
): VpcChild {
  const [parentType, type = ""] = [types.at(-2), types.at(-1)];
  const parent = parentName === null || parentType === undefined ? null : { type: parentType, name: parentName };
  const adjusted = adjustVpcChild(type, inputs, {});
  return { type, name, types, parent, inputs: adjusted?.props ?? inputs, protect: adjusted?.opts.protect ?? false };
}
