import * as pulumi from "@pulumi/pulumi";
import { planEgress, type Egress } from "../../plan/egress";
import { planSubnets, SUBNET_KINDS } from "../../plan/subnets";
import type { Role } from "../../plan/traffic";
import type { Site } from "../shared/site";
import { createEgress } from "./egress";
import { createFlowLogs, createPrivateZone, createStorageEndpoint } from "./services";
import { createSecurityGroups } from "./security-groups";
import { createVpc, idsByKind, type IdsByKind } from "./vpc";

export interface NetworkArgs {
  /** IPv4 block of the VPC, /16 to /21. Changing it replaces the whole network. */
  readonly cidr: string;
  /** Full zone names in the order in which they were added. Append to grow; another order moves every subnet. */
  readonly zones: readonly string[];
  /** How private subnets reach out. Changing it turns the routes in place; connections that are open break once. */
  readonly egress: Egress;
  /** EC2 type of a NAT instance. @default t4g.nano, 5 Gbit/s for short and 32 Mbit/s for ever */
  readonly natInstanceType?: string;
  /** Days that flow logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** Texts by machine name; another text replaces that machine. @default - no machine is replaced */
  readonly replace?: Readonly<Record<string, string>>;
}

/**
 * A VPC with public, private and isolated subnets in every zone, one way out, and a security group for each role.
 *
 * All of it but the way out is free and there from the first day, so that no later step moves an address. Who may talk to whom
 * is the table in plan/traffic.ts.
 */
export class Network extends pulumi.ComponentResource implements Site {
  readonly region: string;
  readonly cidr: string;
  readonly zones: readonly string[];
  readonly vpcId: pulumi.Output<string>;
  readonly subnetIds: IdsByKind;
  readonly securityGroupIds: Readonly<Record<Role, pulumi.Output<string>>>;
  readonly privateZone: Site["privateZone"];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("billybully:network:Network", name, {}, opts);
    const child = { parent: this };
    const vpc = createVpc(name, args.cidr, planSubnets(args.cidr, args.zones), child);
    const tables = idsByKind(name, vpc.routeTables, args.zones.length);

    this.region = args.zones[0]?.slice(0, -1) ?? "";
    this.cidr = args.cidr;
    this.zones = args.zones;
    this.vpcId = vpc.vpcId;
    this.subnetIds = idsByKind(name, vpc.subnets, args.zones.length);
    this.securityGroupIds = createSecurityGroups(name, vpc.vpcId, child);
    this.privateZone = createPrivateZone(name, vpc.vpcId, child);

    createFlowLogs(name, vpc.vpcId, args.logRetentionDays ?? 30, child);
    createStorageEndpoint(
      name,
      this,
      SUBNET_KINDS.flatMap((kind) => tables[kind]),
      child,
    );
    createEgress(
      name,
      planEgress(args.egress, args.zones.length),
      { ...args, site: this, tables: tables.private },
      child,
    );
    this.registerOutputs({ vpcId: this.vpcId, subnetIds: this.subnetIds, securityGroupIds: this.securityGroupIds });
  }
}
