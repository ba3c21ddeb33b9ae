import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** One statement of a policy, allowing what it lists. */
export interface Allow {
  readonly actions: readonly string[];
  readonly resources: readonly pulumi.Input<string>[];
  /** Only where every one of these keys has this value; `all` is for keys that have several values at once, each of them one of these. */
  readonly when?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly all?: Readonly<Record<string, pulumi.Input<string> | readonly string[]>>;
}

/** A role that a service takes on, with the statements it needs and no more. */
export function createRole(
  name: string,
  service: string,
  allow: readonly Allow[],
  child: pulumi.CustomResourceOptions,
): aws.iam.Role {
  const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
  const role = new aws.iam.Role(name, { assumeRolePolicy: policy([trust]) }, child);
  const statements = allow.map(({ actions, resources, when, all }) => ({
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    ...(when && { Condition: { StringEquals: when } }),
    ...(all && { Condition: { "ForAllValues:StringEquals": all } }),
  }));
  if (allow.length > 0) new aws.iam.RolePolicy(name, { role: role.id, policy: policy(statements) }, child);
  return role;
}

/** The instance profile of one kind of machine. Systems Manager is the only way in: no machine has a key, none listens on 22. */
export function createProfile(
  name: string,
  allow: readonly Allow[],
  child: pulumi.CustomResourceOptions,
): aws.iam.InstanceProfile {
  const role = createRole(name, "ec2.amazonaws.com", allow, child);
  const policyArn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
  new aws.iam.RolePolicyAttachment(name, { role: role.name, policyArn }, child);
  return new aws.iam.InstanceProfile(name, { role: role.name }, child);
}

/** What a writer to a log group needs, the machines' agent and VPC flow logs alike. */
export function writeLogs(group: aws.cloudwatch.LogGroup): Allow {
  const actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"];
  return { actions, resources: [pulumi.interpolate`${group.arn}:*`] };
}

export function policy(statements: readonly unknown[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}
