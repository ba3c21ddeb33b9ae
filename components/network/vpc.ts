// This half of awsx only: its index loads the other one too, with the SDK of ECS, which is a sixth of the time until a preview begins.
import * as awsx from "@pulumi/awsx/ec2";
import * as pulumi from "@pulumi/pulumi";
import { SUBNET_KINDS, type PlannedSubnet, type SubnetKind } from "../../plan/subnets";

const TYPES = { public: "Public", private: "Private", isolated: "Isolated" } as const;

export function createVpc(
  name: string,
  cidrBlock: string,
  subnets: readonly PlannedSubnet[],
  child: pulumi.ComponentResourceOptions,
): awsx.Vpc {
  const of = (kind: SubnetKind): PlannedSubnet[] => subnets.filter((subnet) => subnet.kind === kind);
  return new awsx.Vpc(
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

/** Ids by kind of subnet, in the order of the zones. */
export type IdsByKind = Readonly<Record<SubnetKind, readonly pulumi.Output<string>[]>>;

/**
 * Ids of what awsx made for each zone: its subnets, or their route tables. Each is found by its name, because awsx promises no order, and is an
 * output of its own: a list of ids would be unknown as a whole while a zone is added, and a preview would replace every machine.
 */
export function idsByKind(
  name: string,
  resources: pulumi.Output<readonly pulumi.CustomResource[]>,
  zones: number,
): IdsByKind {
  const urns = resources.apply((all) => pulumi.all(all.map(({ urn }) => urn)));
  const find = (label: string): pulumi.Output<string> =>
    pulumi
      .all([resources, urns])
      .apply(([all, known]) => all[known.findIndex((urn) => urn.endsWith(`::${label}`))]?.id ?? pulumi.output(""));
  const of = (kind: SubnetKind): pulumi.Output<string>[] =>
    Array.from({ length: zones }, (_, index) => find(`${name}-${kind}-${index + 1}`));
  return { public: of("public"), private: of("private"), isolated: of("isolated") };
}
