import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EgressPlan } from "../../plan/egress";
import { createMachine, machineTag } from "../shared/machine";
import { createProfile } from "../shared/permissions";
import { subnetAt, type Site } from "../shared/site";

interface EgressArgs {
  readonly site: Site;
  /** Private route tables, in the order of the zones. */
  readonly tables: readonly pulumi.Output<string>[];
  readonly natInstanceType?: string;
  readonly replace?: Readonly<Record<string, string>>;
}

type RouteTarget =
  { readonly networkInterfaceId: pulumi.Output<string> } | { readonly natGatewayId: pulumi.Output<string> };

/** The NAT devices of the plan, and for each zone one route whose name never changes: another device is another target, in place. */
export function createEgress(
  name: string,
  plan: EgressPlan,
  args: EgressArgs,
  child: pulumi.CustomResourceOptions,
): void {
  const targets = new Map<string, RouteTarget>();
  for (const device of plan.instances)
    targets.set(device.name, createNatInstance(`${name}-${device.name}`, args, child));
  for (const device of plan.gateways) {
    const subnetId = subnetAt(args.site, "public", device.position ?? 1);
    targets.set(device.name, createNatGateway(`${name}-${device.name}`, subnetId, child));
  }
  for (const device of plan.regional) {
    const id = `${name}-${device.name}`;
    const gateway = new aws.ec2.NatGateway(
      id,
      { vpcId: args.site.vpcId, availabilityMode: "regional", tags: { Name: id } },
      child,
    );
    targets.set(device.name, { natGatewayId: gateway.id });
  }
  for (const { position, via } of plan.routes) {
    const routeTableId = args.tables[position - 1];
    const target = targets.get(via);
    if (routeTableId === undefined || target === undefined)
      throw new RangeError(`no route table or device for zone number ${position}`);
    new aws.ec2.Route(
      `${name}-egress-${position}`,
      { routeTableId, destinationCidrBlock: "0.0.0.0/0", ...target },
      child,
    );
  }
}

/** The routes point to a network interface that outlives the machine behind it. */
function createNatInstance(
  name: string,
  { site, natInstanceType, replace }: EgressArgs,
  child: pulumi.CustomResourceOptions,
): RouteTarget {
  const tags = { Name: name };
  const subnetId = subnetAt(site, "public", 1);
  const nic = new aws.ec2.NetworkInterface(
    name,
    { subnetId, securityGroups: [site.securityGroupIds.nat], sourceDestCheck: false, tags },
    child,
  );
  const address = new aws.ec2.Eip(name, { domain: "vpc", tags }, child);
  const association = new aws.ec2.EipAssociation(
    name,
    { allocationId: address.allocationId, networkInterfaceId: nic.id, allowReassociation: true },
    child,
  );
  const machine = {
    role: "nat",
    instanceType: natInstanceType ?? "t4g.nano",
    profile: createProfile(name, [], child),
    env: {},
    site,
    place: { networkInterfaceId: nic.id },
    tag: machineTag("nat"),
    replace: replace?.[name],
  } as const;
  createMachine(name, machine, { ...child, dependsOn: [association] });
  return { networkInterfaceId: nic.id };
}

function createNatGateway(
  name: string,
  subnetId: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): RouteTarget {
  const tags = { Name: name };
  const address = new aws.ec2.Eip(name, { domain: "vpc", tags }, child);
  const gateway = new aws.ec2.NatGateway(name, { allocationId: address.allocationId, subnetId, tags }, child);
  return { natGatewayId: gateway.id };
}
