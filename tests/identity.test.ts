import assert from "node:assert/strict";
import { TIERS, type Tier } from "../config/tiers";
import type { Evaluation, Resource } from "../evaluate";
import { all, labelsOf } from "./support/graph";
import { allTiers } from "./support/stacks";
import { variant, VARIANTS } from "./support/variants";

/** Every type that the program may make. A new one is added here by somebody who has thought of its replacement and its state. */
const TYPES = [
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:autoscaling/group:Group",
  "aws:autoscaling/lifecycleHook:LifecycleHook",
  "aws:autoscaling/policy:Policy",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:dlm/lifecyclePolicy:LifecyclePolicy",
  "aws:ebs/volume:Volume",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  "aws:ec2/eip:Eip",
  "aws:ec2/eipAssociation:EipAssociation",
  "aws:ec2/flowLog:FlowLog",
  "aws:ec2/instance:Instance",
  "aws:ec2/internetGateway:InternetGateway",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/networkInterface:NetworkInterface",
  "aws:ec2/route:Route",
  "aws:ec2/routeTable:RouteTable",
  "aws:ec2/routeTableAssociation:RouteTableAssociation",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/volumeAttachment:VolumeAttachment",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:elasticache/parameterGroup:ParameterGroup",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/subnetGroup:SubnetGroup",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:kms/key:Key",
  "aws:lb/listener:Listener",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:rds/cluster:Cluster",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:route53/healthCheck:HealthCheck",
  "aws:route53/record:Record",
  "aws:route53/zone:Zone",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:ssm/association:Association",
  "aws:ssm/document:Document",
  "aws:ssm/parameter:Parameter",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "awsx:ec2:Vpc",
  "billybully:app:AppTier",
  "billybully:cache:CacheTier",
  "billybully:database:DbCluster",
  "billybully:keyring:Keyring",
  "billybully:network:Network",
  "pulumi:providers:aws",
  "pulumi:pulumi:Stack",
  "pulumi:pulumi:StackReference",
  "random:index/randomId:RandomId",
  "random:index/randomPassword:RandomPassword",
];

/** Inputs of stateful resources that may differ between tiers, because AWS changes them in place. */
const IN_PLACE: Readonly<Record<string, readonly string[]>> = {
  "aws:ebs/volume:Volume": ["size"],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    "nodeType",
    "numNodeGroups",
    "replicasPerNodeGroup",
    "multiAzEnabled",
  ],
  "aws:rds/clusterInstance:ClusterInstance": ["instanceClass"],
};

/** What people and data rely on. */
const KEPT =
  /:(Vpc|Subnet|RouteTable|SecurityGroup|Volume|ReplicationGroup|Cluster|ClusterInstance|Key|Secret|SecretVersion|RandomPassword|RandomId|Bucket|SubnetGroup|ParameterGroup|ClusterParameterGroup)$/;

const isKept = (resource: Resource): boolean => KEPT.test(resource.type) || labelsOf([resource])[0] === "Eip app-front";

describe("identity over the tiers", () => {
  let stacks: Map<Tier, Evaluation>;
  before(async () => {
    stacks = await allTiers();
  });

  const kept = (tier: Tier): Resource[] => stacks.get(tier)!.resources.filter(isKept);

  it("keeps every such resource that two tiers share as it is, but for its size", () => {
    for (const [index, tier] of TIERS.entries())
      for (const other of TIERS.slice(index + 1)) {
        const there = new Map(kept(other).map((resource) => [resource.urn, resource]));
        const shared = kept(tier).filter(({ urn }) => there.has(urn));
        assert.ok(shared.length > 30, `${tier} and ${other} share ${shared.length}`);
        for (const resource of shared)
          assert.deepEqual(
            fixed(resource),
            fixed(there.get(resource.urn)!),
            `${resource.name} in ${tier} and ${other}`,
          );
      }
  });

  it("has the network, the front address, the key, the app's password and the bucket at every tier", () => {
    const subnets = ["isolated", "private", "public"].flatMap((kind) =>
      [1, 2, 3].map((n) => `Subnet network-${kind}-${n}`),
    );
    const always = ["Vpc network", "Eip app-front", "Key key", "Secret db-app", "Bucket app-artifacts", ...subnets];
    for (const [tier, { resources }] of stacks) {
      const labels = new Set(labelsOf(resources));
      assert.deepEqual(
        always.filter((label) => !labels.has(label)),
        [],
        tier,
      );
    }
  });

  it("only adds to what is kept, from the first tier to elastic", () => {
    const climb = TIERS.slice(0, TIERS.indexOf("elastic") + 1);
    for (const [index, tier] of climb.slice(1).entries()) {
      const now = new Set(kept(tier).map(({ urn }) => urn));
      assert.deepEqual(labelsOf(kept(climb[index]!).filter(({ urn }) => !now.has(urn))), [], tier);
    }
  });

  it("gives up only MySQL's volumes where Aurora takes its place", () => {
    const now = new Set(kept("resilient").map(({ urn }) => urn));
    const gone = kept("elastic").filter(({ urn }) => !now.has(urn));
    assert.deepEqual(labelsOf(gone), ["Volume db-mysql-1", "Volume db-mysql-2"]);
  });

  it("gives every tier the same routes under the same names", () => {
    for (const [tier, stack] of stacks)
      assert.deepEqual(
        all(stack, "Route").map(({ name }) => name),
        [1, 2, 3].flatMap((n) => `network-egress-${n}`).concat([1, 2, 3].map((n) => `network-public-${n}`)),
        tier,
      );
  });

  it("keeps every subnet where it is when a zone is appended, and when others are left out", async () => {
    const [two, three, four] = await Promise.all(
      ["multi-az in two zones", "multi-az", "multi-az in four zones"].map(async (name) =>
        all(await variant(name), "Subnet"),
      ),
    );
    const later = (subnets: Resource[]) => new Map(subnets.map(({ urn, inputs }) => [urn, inputs]));
    for (const { urn, inputs } of two!) assert.deepEqual(later(three!).get(urn), inputs);
    for (const { urn, inputs } of three!) assert.deepEqual(later(four!).get(urn), inputs);
    assert.deepEqual([two!.length, three!.length, four!.length], [6, 9, 12]);
  });

  it("leaves what is kept as it is when data moves", async () => {
    const moving = await variant("elastic while data moves");
    const now = new Map(moving.resources.map((resource) => [resource.urn, resource]));
    for (const tier of ["elastic", "resilient"] as const)
      for (const resource of kept(tier)) {
        // Three instances are the tier's; the stack that moves has as many as its one reader asks for.
        if (resource.name === "db-aurora-3") continue;
        assert.deepEqual(fixed(now.get(resource.urn)!), fixed(resource), `${resource.name} of ${tier}`);
      }
  });
});

describe("types of resources", () => {
  it("are those of the list, and every one of them is used", async () => {
    const stacks = await Promise.all(Object.keys(VARIANTS).map(variant));
    const used = new Set(stacks.flatMap(({ resources }) => resources.map(({ type }) => type)));
    assert.deepEqual([...used].sort(), TYPES);
  });
});

/** A resource's inputs without those that AWS changes in place. */
function fixed({ type, inputs, options, protect }: Resource): unknown {
  const sized = IN_PLACE[type] ?? [];
  const { ignoreChanges, replaceOnChanges, deleteBeforeReplace, replacementTrigger } = options;
  return {
    inputs: Object.fromEntries(Object.entries(inputs).filter(([key]) => !sized.includes(key))),
    options: { ignoreChanges, replaceOnChanges, deleteBeforeReplace, replacementTrigger, protect },
  };
}
