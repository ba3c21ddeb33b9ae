import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { DESCRIPTIONS, FLOWS, ROLES, type Flow, type Role } from "../../plan/traffic";

type Groups = Readonly<Record<Role, pulumi.Output<string>>>;

/** One group for each role and one rule for each flow, both at every tier: they are free, and a group that stays can be relied on. */
export function createSecurityGroups(
  name: string,
  vpcId: pulumi.Output<string>,
  child: pulumi.CustomResourceOptions,
): Groups {
  // Whatever is put into the default group by mistake can talk to nobody.
  new aws.ec2.DefaultSecurityGroup(name, { vpcId, ingress: [], egress: [], tags: { Name: `${name}-default` } }, child);
  const groups = Object.fromEntries(
    ROLES.map((role) => {
      const args = { vpcId, description: DESCRIPTIONS[role], tags: { Name: `${name}-${role}` } };
      return [role, new aws.ec2.SecurityGroup(`${name}-${role}`, args, child).id];
    }),
  ) as unknown as Groups;
  for (const flow of FLOWS) createRule(`${name}-${flow.name}`, flow, groups, child);
  return groups;
}

function createRule(
  name: string,
  { from, to, port, why }: Flow,
  groups: Groups,
  child: pulumi.CustomResourceOptions,
): void {
  const ports = port === "all" ? { ipProtocol: "-1" } : { ipProtocol: "tcp", fromPort: port, toPort: port };
  const rule = { ...ports, description: why, tags: { Name: name } };
  const peer = (end: Flow["from"]) =>
    end === "world" ? { cidrIpv4: "0.0.0.0/0" } : { referencedSecurityGroupId: groups[end] };
  if (to !== "world")
    new aws.vpc.SecurityGroupIngressRule(name, { securityGroupId: groups[to], ...peer(from), ...rule }, child);
  else if (from !== "world")
    new aws.vpc.SecurityGroupEgressRule(name, { securityGroupId: groups[from], ...peer(to), ...rule }, child);
}
