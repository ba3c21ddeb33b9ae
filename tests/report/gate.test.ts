import assert from "node:assert/strict";
import { heldBy, STATEFUL, STATEFUL_WHERE_PROTECTED } from "../../evaluate/stateful";
import { describeVerdict, isOpen, judge, summaryOf, type Verdict } from "../../report/gate";
import { parsePreview } from "../../evaluate/preview";
import { previewOf, REAL, stackStep, step, urn, type Json } from "../support/previews";
import { usedTypes } from "../support/types";

const VOLUME = "aws:ebs/volume:Volume";
const GOES = step("delete", VOLUME, "db-mysql-1", { old: { protect: true } });

function stopped(verdict: Verdict): string[] {
  return verdict.stopped.map((finding) => finding.urn.slice(finding.urn.lastIndexOf("::") + 2));
}

/** Types that can be made again from the program alone. A type on no list has to be thought about. */
const STATELESS = [
  "aws:acm/certificate:Certificate",
  "aws:acm/certificateValidation:CertificateValidation",
  "aws:autoscaling/group:Group",
  "aws:autoscaling/lifecycleHook:LifecycleHook",
  "aws:autoscaling/policy:Policy",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:dlm/lifecyclePolicy:LifecyclePolicy",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
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
  "aws:ec2/volumeAttachment:VolumeAttachment",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:elasticache/parameterGroup:ParameterGroup",
  "aws:elasticache/subnetGroup:SubnetGroup",
  "aws:iam/instanceProfile:InstanceProfile",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kms/alias:Alias",
  "aws:lb/listener:Listener",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:rds/clusterInstance:ClusterInstance",
  "aws:rds/clusterParameterGroup:ClusterParameterGroup",
  "aws:rds/subnetGroup:SubnetGroup",
  "aws:route53/healthCheck:HealthCheck",
  "aws:route53/record:Record",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:ssm/association:Association",
  "aws:ssm/document:Document",
  "aws:ssm/parameter:Parameter",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  "pulumi:providers:aws",
  "pulumi:pulumi:StackReference",
  "random:index/randomId:RandomId",
];

describe("the gate's list of stateful types", () => {
  it("has a word on every type that the program uses at any tier", async () => {
    const listed = [...Object.keys(STATEFUL), ...Object.keys(STATEFUL_WHERE_PROTECTED), ...STATELESS].sort();
    assert.deepEqual([...(await usedTypes()).keys()].sort(), listed);
  });

  it("has every type that the program protects anywhere, and the program protects every type on it", async () => {
    const used = [...(await usedTypes())];
    const always = used.filter(([, protects]) => protects.has(true) && !protects.has(false)).map(([type]) => type);
    const sometimes = used.filter(([, protects]) => protects.has(true) && protects.has(false)).map(([type]) => type);
    assert.deepEqual(always.sort(), Object.keys(STATEFUL).sort());
    assert.deepEqual(sometimes.sort(), Object.keys(STATEFUL_WHERE_PROTECTED).sort());
  });

  it("closes on anything protected, of whatever type", () => {
    const thing = { urn: urn("aws:new/thing:Thing", "it"), type: "aws:new/thing:Thing" };
    assert.match(heldBy({ ...thing, protect: true }) ?? "", /protects/);
    assert.equal(heldBy({ ...thing, protect: false }), undefined);
  });
});

describe("judge", () => {
  it("opens for what a real engine would do from single to elastic", () => {
    assert.deepEqual(judge(parsePreview(REAL), []), { stopped: [], allowed: [], unused: [] });
  });

  for (const [type, held] of Object.entries(STATEFUL))
    it(`closes where a ${type} would be deleted or replaced, protected or not`, () => {
      for (const op of ["delete", "replace", "create-replacement", "delete-replaced", "discard-replaced"]) {
        const [finding, ...more] = judge(previewOf(step(op, type, "it")), []).stopped;
        assert.deepEqual([finding?.urn, more], [urn(type, "it"), []], op);
        assert.ok(finding?.why.includes(held), finding?.why);
      }
    });

  it("opens for a stateful resource that comes, changes in place or stays", () => {
    for (const op of ["create", "update", "same", "read", "refresh", "import"])
      assert.ok(isOpen(judge(previewOf(step(op, VOLUME, "it")), [])), op);
  });

  it("closes for an address or a zone that is protected, and opens for those of machines and of the network", () => {
    const inputs = { vpcs: [{ vpcId: "vpc-1" }] };
    for (const type of Object.keys(STATEFUL_WHERE_PROTECTED)) {
      assert.ok(isOpen(judge(previewOf(step("delete", type, "it", { old: { inputs } })), [])), type);
      const old = { inputs, protect: true };
      assert.ok(!isOpen(judge(previewOf(step("delete", type, "it", { old })), [])), type);
    }
  });

  it("closes for the front address and a public zone when their protection was taken off by hand; only their line lets them go", () => {
    for (const [type, name] of [
      ["aws:ec2/eip:Eip", "app-front"],
      ["aws:route53/zone:Zone", "app"],
    ] as const) {
      const goes = previewOf(step("delete", type, name, { old: { protect: false, inputs: { name: "example.com" } } }));
      assert.deepEqual(stopped(judge(goes, [])), [name]);
      assert.ok(isOpen(judge(goes, [urn(type, name)])), type);
    }
  });

  it("goes by what stands, not by what the change says of it", () => {
    const type = "aws:ec2/eip:Eip";
    const both = { old: { protect: true }, now: { protect: false } };
    const [loss, lifted] = judge(previewOf(step("replace", type, "front", both)), []).stopped;
    assert.match(loss?.why ?? "", /would be replaced, and with it an address that clients come to/);
    assert.equal(lifted?.property, "protect");
  });

  it("names the properties that force a replacement, and says what to put back", () => {
    const replaced = step("replace", VOLUME, "db-mysql-1", { replaceReasons: ["availabilityZone", "size"] });
    const [finding] = judge(previewOf(replaced), []).stopped;
    assert.equal(finding?.property, "availabilityZone, size");
    assert.match(finding.todo, /^put back availabilityZone, size; .*consent.*snapshot.*unprotect.*--allow/);
  });

  it("closes where a protection is lifted, even if nothing else changes", () => {
    for (const op of ["update", "same"]) {
      const [finding] = judge(previewOf(step(op, VOLUME, "it", { old: { protect: true } })), []).stopped;
      assert.deepEqual([finding?.property, finding?.urn], ["protect", urn(VOLUME, "it")], op);
    }
    const kept = { old: { protect: true }, now: { protect: true } };
    assert.ok(isOpen(judge(previewOf(step("update", VOLUME, "it", kept)), [])));
    assert.ok(isOpen(judge(previewOf(step("update", VOLUME, "it", { now: { protect: true } })), [])));
  });

  for (const [property, held, lost] of [
    ["deletionProtection", true, false],
    ["skipFinalSnapshot", false, true],
    ["forceDestroy", false, true],
    ["finalSnapshot", true, false],
  ] as const)
    it(`closes where ${property} goes from ${held} to ${lost} in place, and not the other way`, () => {
      const from = (old: Json, now: Json): Verdict =>
        judge(previewOf(step("update", VOLUME, "it", { old: { inputs: old }, now: { inputs: now } })), []);
      const [finding, ...more] = from({ [property]: held }, { [property]: lost }).stopped;
      assert.deepEqual([finding?.property, more], [property, []]);
      assert.match(finding!.todo, new RegExp(`^put ${property}: ${held} back`));
      assert.ok(isOpen(from({ [property]: lost }, { [property]: held })));
      assert.ok(isOpen(from({ [property]: held }, { [property]: held })));
      // Left out is false.
      const [before, after] = held ? [{ [property]: true }, {}] : [{}, { [property]: true }];
      assert.deepEqual([isOpen(from(before, after)), isOpen(from(after, before))], [false, true]);
    });

  it("lets through what is named, and nothing besides it", () => {
    const both = previewOf(GOES, step("delete", "aws:rds/cluster:Cluster", "db"));
    const verdict = judge(both, [urn(VOLUME, "db-mysql-1")]);
    assert.deepEqual([stopped(verdict), verdict.allowed.length, verdict.unused], [["db"], 1, []]);
    assert.ok(isOpen(judge(previewOf(GOES), [urn(VOLUME, "db-mysql-1")])));
  });

  it("closes where a name lets nothing through: no name is part of another, or a pattern", () => {
    for (const name of [urn(VOLUME, "db-mysql"), urn(VOLUME, "*"), "*", urn(VOLUME, "db-mysql-1", "prod")]) {
      const verdict = judge(previewOf(GOES), [name]);
      assert.deepEqual([stopped(verdict), verdict.unused, isOpen(verdict)], [["db-mysql-1"], [name], false]);
    }
    const unneeded = judge(previewOf(step("update", VOLUME, "it")), [urn(VOLUME, "it")]);
    assert.deepEqual([stopped(unneeded), isOpen(unneeded)], [[], false]);
  });
});

describe("describeVerdict", () => {
  it("says what is lost, why, what to do, and what was let through", () => {
    const cluster = urn("aws:rds/cluster:Cluster", "db");
    const verdict = judge(previewOf(GOES, step("delete", "aws:rds/cluster:Cluster", "db")), [cluster, "urn:x"]);
    const [head, ...rest] = describeVerdict(verdict).split("\n\n");
    assert.equal(head, "gate: closed by 2 findings.");
    assert.match(rest[0] ?? "", /db-mysql-1\n {4}would be deleted, and with it the data on it\n {4}to do: put back/);
    assert.match(rest[1] ?? "", /^ {2}let through by name:\n.*Cluster::db\n/);
    assert.equal(rest[2], "  let through by name, and nothing to let through: urn:x");
  });

  it("says that nothing is lost only where nothing is", () => {
    assert.equal(summaryOf(judge(previewOf(stackStep({})), [])), "open. Nothing that cannot be made again is lost.");
    assert.equal(
      summaryOf(judge(previewOf(GOES), [urn(VOLUME, "db-mysql-1")])),
      "open. 1 finding let through by name.",
    );
    assert.equal(summaryOf(judge(previewOf(GOES), [])), "closed by 1 finding.");
    assert.equal(summaryOf(judge(previewOf(stackStep({})), ["urn:x"])), "closed by 1 finding.");
  });
});
