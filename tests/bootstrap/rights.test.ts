import assert from "node:assert/strict";
import { actionsFor, RIGHTS, VERBS } from "../../bootstrap/rights";
import { POLICIES_PER_ROLE, POLICY_CHARACTERS } from "../../bootstrap/policies";
import { scopesOf, type Place } from "../../bootstrap/scopes";
import type { Evaluation, Resource } from "../../evaluate";
import { usedTypes, widestEvaluations } from "../support/types";
import { BOTH, bootstrapWith, documentIn, listed, managedPolicies, one, statementsOf } from "./bootstrap";

const ROLES = ["preview", "drift", "deploy-dev", "deploy-prod"].map((name) => `billybully-ci-${name}`);
const DEPLOY = "billybully-ci-deploy-prod";
const PLACE: Place = { region: "ap-northeast-2", project: "billybully", stacks: ["prod"] };

/** Inline policies of a role that AWS takes, together. */
const INLINE_CHARACTERS = 10_240;

/** A trust policy that AWS takes, unless its quota was raised. */
const TRUST_CHARACTERS = 2048;

/**
 * How AWS writes what each type's rights are asked for, where those end at names, and the input that has the name: words, a reference to
 * whose name it is, or nothing where Pulumi makes one.
 */
const NAMED: Readonly<Record<string, readonly [arn: string, input: string]>> = {
  "aws:autoscaling/group:Group": ["autoscaling:R:A:autoScalingGroup:ID:autoScalingGroupName/NAME", "name"],
  "aws:autoscaling/lifecycleHook:LifecycleHook": [
    "autoscaling:R:A:autoScalingGroup:ID:autoScalingGroupName/NAME",
    "autoscalingGroupName",
  ],
  "aws:autoscaling/policy:Policy": [
    "autoscaling:R:A:autoScalingGroup:ID:autoScalingGroupName/NAME",
    "autoscalingGroupName",
  ],
  "aws:cloudwatch/logGroup:LogGroup": ["logs:R:A:log-group:NAME", "name"],
  "aws:elasticache/parameterGroup:ParameterGroup": ["elasticache:R:A:parametergroup:NAME", "name"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["elasticache:R:A:replicationgroup:NAME", "replicationGroupId"],
  "aws:elasticache/subnetGroup:SubnetGroup": ["elasticache:R:A:subnetgroup:NAME", "name"],
  "aws:iam/instanceProfile:InstanceProfile": ["iam::A:instance-profile/NAME", "name"],
  "aws:iam/role:Role": ["iam::A:role/NAME", "name"],
  "aws:iam/rolePolicy:RolePolicy": ["iam::A:role/NAME", "role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["iam::A:role/NAME", "role"],
  "aws:kms/alias:Alias": ["kms:R:A:NAME", "name"],
  "aws:lb/listener:Listener": ["elasticloadbalancing:R:A:loadbalancer/app/NAME/ID", "loadBalancerArn"],
  "aws:lb/loadBalancer:LoadBalancer": ["elasticloadbalancing:R:A:loadbalancer/app/NAME/ID", "name"],
  "aws:lb/targetGroup:TargetGroup": ["elasticloadbalancing:R:A:targetgroup/NAME/ID", "name"],
  "aws:rds/cluster:Cluster": ["rds:R:A:cluster:NAME", "clusterIdentifier"],
  "aws:rds/clusterInstance:ClusterInstance": ["rds:R:A:db:NAME", "identifier"],
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": ["rds:R:A:cluster-pg:NAME", "name"],
  "aws:rds/subnetGroup:SubnetGroup": ["rds:R:A:subgrp:NAME", "name"],
  "aws:s3/bucket:Bucket": ["s3:::NAME", "bucket"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["s3:::NAME", "bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["s3:::NAME", "bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["s3:::NAME", "bucket"],
  "aws:s3/bucketVersioning:BucketVersioning": ["s3:::NAME", "bucket"],
  "aws:secretsmanager/secret:Secret": ["secretsmanager:R:A:secret:NAME-AbCdEf", "name"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretsmanager:R:A:secret:NAME-AbCdEf", "secretId"],
  "aws:ssm/document:Document": ["ssm:R:A:document/NAME", "name"],
  "aws:ssm/parameter:Parameter": ["ssm:R:A:parameterNAME", "name"],
};

/** The ARN of what a resource's rights are asked for; nothing where they end at tags, and any name will do. */
function arnOf({ type, name, inputs }: Resource): string | undefined {
  const [arn, input] = NAMED[type] ?? [];
  if (arn === undefined || input === undefined) return undefined;
  const words = inputs[input];
  const [, owner] = typeof words === "string" ? (/^<.*::(.+)\.\w+>$/.exec(words) ?? []) : [undefined, name];
  const called = owner === undefined ? String(words) : `${owner}-1a2b3c4`;
  return `arn:aws:${arn.replace(":R:", `:${PLACE.region}:`).replace(":A:", ":123456789012:").replace("NAME", called)}`;
}

/** What is asked of the type's own service, and not of one that it uses. */
function ownActions(type: string): string[] {
  const actions = VERBS.flatMap((verb) => RIGHTS[type]?.[verb] ?? []);
  const [service = ""] = actions[0]?.split(":") ?? [];
  return actions.filter((action) => action.startsWith(`${service}:`) && action !== "iam:PassRole");
}

function covers(pattern: string, arn: string | undefined): boolean {
  if (arn === undefined) return /^\*$|[:/](\*|[a-z-]+)\/\*$/.test(pattern);
  return new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(arn);
}

/** What the type needs and may not do with this one. */
function beyond(resource: Resource, reach: ReadonlyMap<string, readonly string[]>): string[] {
  const arn = arnOf(resource);
  return ownActions(resource.type)
    .filter((action) => !(reach.get(action) ?? []).some((pattern) => covers(pattern, arn)))
    .map((action) => `${action} of ${resource.type} ${arn ?? resource.name}`);
}

describe("rights of the CI roles", () => {
  let evaluation: Evaluation;

  before(async () => {
    evaluation = await bootstrapWith(BOTH);
  });

  const actions = (role: string): string[] => statementsOf(evaluation, role).flatMap(({ Action }) => listed(Action));

  it("are known for every AWS type that the program uses at any tier, and for no other", async () => {
    const used = [...(await usedTypes()).keys()].filter((type) => type.startsWith("aws:"));
    assert.deepEqual(Object.keys(RIGHTS).sort(), used.sort());
  });

  it("let a deploy create, read, change and delete each of them", () => {
    const granted = new Set(actions(DEPLOY));
    for (const [type, rights] of Object.entries(RIGHTS)) {
      for (const verb of VERBS) for (const action of rights[verb]) assert.ok(granted.has(action), `${type}: ${action}`);
      assert.ok(rights.read.length > 0, `${type} can be read`);
    }
  });

  it("let it do so with every resource of the program by its name, at every tier and while data moves", async () => {
    const statements = statementsOf(await bootstrapWith({ ...BOTH, stacks: ["test"] }), "billybully-ci-deploy-test");
    const reach = new Map<string, string[]>();
    for (const { Action, Resource } of statements)
      for (const action of listed(Action)) reach.set(action, [...(reach.get(action) ?? []), ...listed(Resource)]);
    const resources = (await widestEvaluations()).flatMap((each) => each.resources);
    assert.deepEqual([...new Set(resources.flatMap((resource) => beyond(resource, reach)))], []);
    const documents = resources.filter(({ type }) => type === "aws:ssm/document:Document").map(arnOf);
    assert.ok(documents.includes("arn:aws:ssm:ap-northeast-2:123456789012:document/db-migration-1a2b3c4"));
  });

  it("are words that AWS could know: a service and an action, and never a pattern", () => {
    for (const role of ROLES)
      for (const action of actions(role)) assert.match(action, /^[a-z0-9]+:[A-Z][A-Za-z0-9]+$/, role);
  });

  it("reach nothing that was not thought about", () => {
    assert.throws(() => scopesOf("ec3:RunInstances", PLACE), RangeError);
    for (const action of actionsFor(VERBS)) assert.ok(scopesOf(action, PLACE).length > 0, action);
  });

  it("change, outside of what may be tagged or named, only what AWS lets nobody narrow", () => {
    const everywhere = statementsOf(evaluation, DEPLOY).filter(
      ({ Resource, Condition }) => listed(Resource).includes("*") && Condition === undefined,
    );
    const changing = everywhere
      .flatMap(({ Action }) => listed(Action))
      .filter((action) => !/:(Describe|Get|List)/.test(action));
    assert.deepEqual(changing.sort(), ["route53:CreateHealthCheck", "route53:CreateHostedZone"]);
  });

  it("end at their own stacks: what a deploy makes has its stack's tag, and what it changes has it too", () => {
    // Beside what is made stands what it is made in: a network of the same stack.
    const made = statementsOf(evaluation, DEPLOY).filter(({ Action }) => listed(Action).includes("ec2:CreateSubnet"));
    assert.deepEqual(
      made.map(({ Condition }) => JSON.stringify(Condition)).sort(),
      ["RequestTag", "ResourceTag"].map((key) =>
        JSON.stringify({ StringEquals: { [`aws:${key}/Project`]: ["billybully"], [`aws:${key}/Stack`]: ["prod"] } }),
      ),
    );
    const ends = statementsOf(evaluation, DEPLOY).filter(({ Action }) =>
      listed(Action).includes("ec2:TerminateInstances"),
    );
    assert.equal(ends.length, 1);
    assert.deepEqual(ends[0]?.Condition?.["StringEquals"]?.["aws:ResourceTag/Stack"], ["prod"]);
    const text = JSON.stringify(statementsOf(evaluation, DEPLOY));
    assert.doesNotMatch(text, /\b(dev)\b/);
  });

  it("never hand a role to anybody but the services that need one, nor a policy but the agent's", () => {
    const statements = statementsOf(evaluation, DEPLOY);
    const of = (action: string): unknown[] => statements.filter(({ Action }) => listed(Action).includes(action));
    const ownRoles = ["app", "db", "network"].map((name) => `arn:aws:iam::*:role/${name}-*`);
    assert.deepEqual(
      of("iam:PassRole").map((each) => ({ ...(each as object), Action: [] })),
      [
        {
          Effect: "Allow",
          Action: [],
          Resource: ownRoles,
          Condition: {
            StringEquals: {
              "iam:PassedToService": ["dlm.amazonaws.com", "ec2.amazonaws.com", "vpc-flow-logs.amazonaws.com"],
            },
          },
        },
      ],
    );
    for (const action of ["iam:AttachRolePolicy", "iam:DetachRolePolicy"]) {
      const [only, ...more] = of(action) as { Condition: unknown; Resource: unknown }[];
      assert.deepEqual([only?.Resource, more], [ownRoles, []]);
      assert.deepEqual(only?.Condition, {
        ArnEquals: { "iam:PolicyARN": ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"] },
      });
    }
    for (const action of ["iam:CreateUser", "iam:CreateAccessKey", "sts:AssumeRole", "iam:CreatePolicyVersion"])
      assert.deepEqual(of(action), [], action);
    // The roles of CI themselves are out of reach of every deploy.
    assert.ok(!statements.some(({ Resource }) => listed(Resource).some((arn) => arn.includes("billybully-ci"))));
  });

  it("of preview are to read the state of all stacks, and nothing in AWS besides", () => {
    assert.deepEqual(managedPolicies(evaluation, "billybully-ci-preview"), []);
    assert.deepEqual([...new Set(actions("billybully-ci-preview"))].sort(), [
      "kms:Decrypt",
      "s3:GetObject",
      "s3:ListBucket",
    ]);
  });

  it("of drift are to read: state, and every type", () => {
    const reads = actions("billybully-ci-drift").filter((action) => !/:(Describe|Get|List)/.test(action));
    assert.deepEqual([...new Set(reads)], ["kms:Decrypt"]);
    for (const [type, { read }] of Object.entries(RIGHTS))
      for (const action of read) assert.ok(actions("billybully-ci-drift").includes(action), `${type}: ${action}`);
  });

  it("write the state of the role's own stack only, and that of preview and drift none", () => {
    const writes = (role: string): string[] =>
      documentIn(one(evaluation, "aws:iam/rolePolicy:RolePolicy", `${role}-state`)["policy"])
        .filter(({ Action }) => listed(Action).some((action) => /^s3:(Put|Delete)/.test(action)))
        .flatMap(({ Resource }) => listed(Resource));
    assert.deepEqual(writes("billybully-ci-preview"), []);
    assert.deepEqual(writes("billybully-ci-drift"), []);
    const bucket = "<aws:s3/bucket:Bucket::billybully-state.arn>/.pulumi";
    assert.deepEqual(writes(DEPLOY), [
      `${bucket}/stacks/billybully/prod.json*`,
      // Pulumi reads a stack's tags with everything that it does, and takes a refusal for a failure.
      `${bucket}/stacks/billybully/prod.pulumi-tags`,
      `${bucket}/history/billybully/prod/*`,
      `${bucket}/backups/billybully/prod/*`,
      `${bucket}/locks/*/billybully/prod/*`,
    ]);
  });

  it("fit into what AWS takes, of one stack and of five with long names", async () => {
    const stacks = ["development", "integration", "acceptance", "staging-europe", "production"];
    const names = {
      gitlab: `${"group-with-a-long-name/".repeat(3)}infrastructure`,
      github: "a-long-organisation/infrastructure-of-it",
    };
    for (const each of [evaluation, await bootstrapWith({ ...names, stacks })])
      for (const { inputs, name: role } of each.resources.filter(({ type }) => type === "aws:iam/role:Role")) {
        const policies = managedPolicies(each, role);
        for (const policy of policies) assert.ok(policy.length <= POLICY_CHARACTERS, `${role}: ${policy.length}`);
        assert.ok(policies.length <= POLICIES_PER_ROLE, `${role}: ${policies.length} policies`);
        const state = one(each, "aws:iam/rolePolicy:RolePolicy", `${role}-state`)["policy"] as string;
        assert.ok(state.length <= INLINE_CHARACTERS, `${role}: ${state.length}`);
        const trust = inputs["assumeRolePolicy"] as string;
        assert.ok(trust.length <= TRUST_CHARACTERS, `${role}: ${trust.length}`);
      }
    assert.deepEqual([POLICY_CHARACTERS, POLICIES_PER_ROLE], [6144, 10]);
  });
});
