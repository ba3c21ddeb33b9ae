import type * as pulumi from "@pulumi/pulumi";
import type { SubnetKind } from "../../plan/subnets";
import type { Role } from "../../plan/traffic";

/** What a component needs to know of the network it stands in. `Network` is one; anything with the same ids will do. */
export interface Site {
  readonly region: string;
  readonly vpcId: pulumi.Input<string>;
  /** IPv4 block of the VPC: whose forwarded client addresses nginx believes. */
  readonly cidr: string;
  /** Zone names, in the order of the subnet ids. */
  readonly zones: readonly string[];
  readonly subnetIds: Readonly<Record<SubnetKind, readonly pulumi.Input<string>[]>>;
  readonly securityGroupIds: Readonly<Record<Role, pulumi.Input<string>>>;
  /** Private hosted zone in which databases get their names. */
  readonly privateZone: { readonly id: pulumi.Input<string>; readonly name: string };
}

/** The id at a zone's position, counted from 1. */
export function subnetAt(site: Pick<Site, "subnetIds">, kind: SubnetKind, position: number): pulumi.Input<string> {
  const id = site.subnetIds[kind][position - 1];
  if (id === undefined) throw new RangeError(`the network has no ${kind} subnet in zone number ${position}`);
  return id;
}
