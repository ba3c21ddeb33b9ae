/** When a right counts: see `scopes.ts` for what each comes to. */
export type When =
  | "made"
  | "ours"
  | "not others'"
  | "tagged while made"
  | "machine made"
  | "through a service"
  | "passed to a service"
  | "the agent's policy"
  | "a service's own role";

/**
 * How far the rights of a service reach. Resources are the ends of ARNs of the service in the region, or whole ARNs; REGION, PROJECT and STACK
 * stand for the role's own.
 */
export interface Reach {
  /** Names of actions with blanks between them, `*` at the end of one for all that begin so. @default - those that no line above names */
  readonly actions?: string;
  readonly on: string;
  readonly when?: When;
}

const MADE_BY_EC2 =
  "vpc/* subnet/* route-table/* internet-gateway/* security-group/* security-group-rule/* vpc-endpoint/* vpc-flow-log/* " +
  "elastic-ip/* natgateway/* network-interface/* volume/* snapshot/* launch-template/*";

const CREATES_IN_EC2 =
  "CreateVpc CreateSubnet CreateRouteTable CreateInternetGateway CreateSecurityGroup AuthorizeSecurityGroupIngress " +
  "AuthorizeSecurityGroupEgress CreateVpcEndpoint CreateFlowLogs AllocateAddress CreateNatGateway CreateNetworkInterface " +
  "CreateVolume CreateSnapshot CreateLaunchTemplate";

/** What tags may be given by, as part of the same call. */
export const TAGGED_BY = [...CREATES_IN_EC2.split(" "), "RunInstances"];

const OWN_ROLES = "arn:aws:iam::*:role/app-* arn:aws:iam::*:role/db-* arn:aws:iam::*:role/network-*";
const OWN_PROFILES =
  "arn:aws:iam::*:instance-profile/app-* arn:aws:iam::*:instance-profile/db-* arn:aws:iam::*:instance-profile/network-*";
const PARAMETERS = "parameter/PROJECT/STACK/*";
const DOCUMENTS = "document/app-release-* document/db-migration-*";

/** Pulumi names what it makes after the resource and adds seven letters: `app-1a2b3c4`. So names narrow where tags cannot. */
export const REACH: Readonly<Record<string, readonly Reach[]>> = {
  ec2: [
    { actions: "Describe*", on: "*" },
    { actions: CREATES_IN_EC2, on: MADE_BY_EC2, when: "made" },
    { actions: `${CREATES_IN_EC2} RunInstances`, on: "*/*", when: "ours" },
    { on: "*/*", when: "ours" },
    // The machines of a fleet have no tag of the stack, only this one, which the launch template gives them.
    { actions: "RunInstances", on: "instance/*", when: "machine made" },
    {
      actions: "RunInstances",
      on: "network-interface/* volume/* image/* arn:aws:ec2:REGION::image/*",
    },
    // AWS makes a network's default group and a machine's first interface without tags.
    {
      actions:
        "AssociateAddress CreateTags DisassociateAddress ModifyNetworkInterfaceAttribute RevokeSecurityGroupEgress " +
        "RevokeSecurityGroupIngress",
      on: "network-interface/* security-group/*",
      when: "not others'",
    },
    { actions: "CreateTags", on: "*/*", when: "tagged while made" },
  ],
  autoscaling: [
    { actions: "Describe*", on: "*" },
    { on: "autoScalingGroup:*:autoScalingGroupName/app-*", when: "not others'" },
  ],
  cloudwatch: [{ on: "alarm:TargetTracking-app-*" }],
  elasticloadbalancing: [
    { actions: "Describe*", on: "*" },
    { on: "loadbalancer/app/app-*/* targetgroup/app-*/* listener/app/app-*/*/*", when: "not others'" },
  ],
  rds: [
    { actions: "Describe* ListTagsForResource", on: "*" },
    {
      on:
        "cluster:PROJECT-STACK-db db:PROJECT-STACK-db-* cluster-snapshot:PROJECT-STACK-db-last-* cluster-pg:db-* subgrp:db-* " +
        "og:default* pg:default*",
      when: "not others'",
    },
  ],
  elasticache: [
    { actions: "Describe* ListTagsForResource", on: "*" },
    {
      on: "replicationgroup:cache-* cluster:cache-* snapshot:cache-* parametergroup:cache-* subnetgroup:cache-*",
      when: "not others'",
    },
  ],
  ssm: [
    { actions: "DescribeParameters", on: "*" },
    { actions: "PutParameter DeleteParameter GetParameter GetParameters", on: PARAMETERS },
    { actions: "GetParameters", on: "arn:aws:ssm:REGION::parameter/aws/service/ami-amazon-linux-latest/*" },
    {
      actions: "CreateAssociation DescribeAssociation UpdateAssociation DeleteAssociation",
      on: "association/* arn:aws:ec2:REGION:*:instance/* arn:aws:ssm:REGION::document/AWS-RunShellScript",
      when: "not others'",
    },
    { on: `${PARAMETERS} ${DOCUMENTS} association/*`, when: "not others'" },
  ],
  dlm: [
    { actions: "CreateLifecyclePolicy", on: "*", when: "made" },
    { on: "policy/*", when: "not others'" },
  ],
  route53: [
    { actions: "CreateHostedZone CreateHealthCheck", on: "*" },
    { on: "arn:aws:route53:::hostedzone/* arn:aws:route53:::healthcheck/* arn:aws:route53:::change/*" },
  ],
  acm: [
    { actions: "RequestCertificate", on: "*", when: "made" },
    { on: "certificate/*", when: "not others'" },
  ],
  s3: [{ on: "arn:aws:s3:::app-artifacts-*" }],
  secretsmanager: [{ on: "secret:db-* secret:cache-*", when: "not others'" }],
  logs: [
    { actions: "DescribeLogGroups ListTagsForResource", on: "*" },
    {
      on: "log-group:app-* log-group:db-mysql-* log-group:network-* log-group:/aws/rds/cluster/PROJECT-STACK-db/*",
      when: "not others'",
    },
  ],
  kms: [
    { actions: "ListAliases", on: "*" },
    { actions: "CreateKey", on: "*", when: "made" },
    // Tags of a key may take minutes to count, and EBS, Aurora and the rest want it at once.
    {
      actions: "Decrypt GenerateDataKey GenerateDataKeyWithoutPlaintext CreateGrant",
      on: "key/*",
      when: "through a service",
    },
    { actions: "CreateAlias UpdateAlias DeleteAlias", on: "alias/PROJECT-STACK key/*" },
    { actions: "PutKeyPolicy ScheduleKeyDeletion", on: "key/*", when: "ours" },
    { on: "key/*", when: "not others'" },
  ],
  iam: [
    { actions: "CreateRole CreateInstanceProfile", on: `${OWN_ROLES} ${OWN_PROFILES}`, when: "made" },
    { actions: "PassRole", on: OWN_ROLES, when: "passed to a service" },
    { actions: "AttachRolePolicy DetachRolePolicy", on: OWN_ROLES, when: "the agent's policy" },
    {
      actions: "CreateServiceLinkedRole",
      on: "arn:aws:iam::*:role/aws-service-role/*",
      when: "a service's own role",
    },
    { on: `${OWN_ROLES} ${OWN_PROFILES}`, when: "not others'" },
  ],
};
