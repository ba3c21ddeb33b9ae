import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { SUBNET_KINDS, type PlannedSubnet, type SubnetKind } from "../../plan/subnets";

const TYPES = { public: "Public", private: "Private", isolated: "Isolated" } as const;

export function createVpc(
  name: string,
  cidrBlock: string,
  subnets: readonly PlannedSubnet[],
  child: pulumi.ComponentResourceOptions,
): awsx.ec2.Vpc {
  const of = (kind: SubnetKind): PlannedSubnet[] => subnets.filter((subnet) => subnet.kind === kind);
  return new awsx.ec2.Vpc(
    name,
    {
      cidrBlock,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      availabilityZoneNames: of("public").map((subnet) => subnet.zone),
      // With any other strategy awsx moves the blocks of live subnets when a zone is added.
      subnetStrategy: "Auto",
      subnetSpecs: SUBNET_KINDS.map((kind) => ({
        type: TYPES[kind],
        cidrBlocks: of(kind).map((subnet) => subnet.cidr),
      })),
      natGateways: { strategy: "None" },
    },
    { ...child, transforms: [({ type, props, opts }) => adjustVpcChild(type, props as Record<string, unknown>, opts)] },
  );
}

interface Adjusted<O> {
  readonly props: Record<string, unknown>;
  readonly opts: O & { readonly protect: boolean };
}

/**
 * What awsx has no argument for: a machine gets a public address only where this program says so, and what everything else stands in is
 * protected one by one (`protect` on the component would reach its routes as well).
 */
export function adjustVpcChild<O extends object>(
  type: string,
  props: Record<string, unknown>,
  opts: O,
): Adjusted<O> | undefined {
  switch (type) {
    case "aws:ec2/subnet:Subnet":
      return { props: { ...props, mapPublicIpOnLaunch: false }, opts: { ...opts, protect: true } };
    case "aws:ec2/vpc:Vpc":
      return { props, opts: { ...opts, protect: true } };
    default:
      return undefined;
  }
}

/** Ids of the route tables that awsx made, by kind of subnet, in the order of the zones. Found by name: awsx promises no order. */
export function routeTableIds(
  name: string,
  vpc: awsx.ec2.Vpc,
  zones: number,
): Record<SubnetKind, pulumi.Output<string>[]> {
  const named = vpc.routeTables.apply((tables) => pulumi.all(tables.map((table) => pulumi.all([table.urn, table.id]))));
  const find = (kind: SubnetKind, index: number): pulumi.Output<string> =>
    named.apply((all) => all.find(([urn]) => urn.endsWith(`::${name}-${kind}-${index + 1}`))?.[1] ?? "");
  const positions = Array.from({ length: zones }, (_, index) => index);
  return {
    public: positions.map((index) => find("public", index)),
    private: positions.map((index) => find("private", index)),
    isolated: positions.map((index) => find("isolated", index)),
  };
}
