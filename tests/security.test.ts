import assert from "node:assert/strict";
import type { Evaluation, Resource } from "../evaluate";
import { readUserData } from "../plan/user-data";
import program from "../index";
import { all, labelsOf, textsIn } from "./support/graph";
import { requestsOf } from "./support/requests";
import { configOf } from "./support/stacks";
import { variant, VARIANTS } from "./support/variants";
import * as pulumi from "@pulumi/pulumi";

/** A password's value, wherever it is used. */
const PASSWORD = /<random:index\/randomPassword:RandomPassword::[\w-]+\.result>/;

/** The only inputs that may hold a password: where it is kept, and the two services that must be told. */
const HOLDERS = ["Cluster.masterPassword", "ReplicationGroup.authToken", "SecretVersion.secretString"];

/** Types of which every resource holds what cannot be made again. */
const STATEFUL = [
  "aws:ebs/volume:Volume",
  "aws:ec2/subnet:Subnet",
  "aws:ec2/vpc:Vpc",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:kms/key:Key",
  "aws:rds/cluster:Cluster",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "random:index/randomPassword:RandomPassword",
];

/** And those of which one is: the address that clients keep, the zone that somebody delegated to. */
const STATEFUL_BY_NAME = ["Eip app-front", "Zone app"];

for (const name of Object.keys(VARIANTS))
  describe(`security of ${name}`, () => {
    let stack: Evaluation;
    before(async () => {
      stack = await variant(name);
    });

    it("opens nothing to the world but 80 and 443 of the front group", () => {
      const open = all(stack, "SecurityGroupIngressRule").filter(
        ({ inputs }) => !("referencedSecurityGroupId" in inputs),
      );
      assert.deepEqual(
        open.map(({ inputs }) => inputs),
        ["http", "https"].map((scheme) => ({
          securityGroupId: "<aws:ec2/securityGroup:SecurityGroup::network-front.id>",
          cidrIpv4: "0.0.0.0/0",
          ipProtocol: "tcp",
          fromPort: scheme === "http" ? 80 : 443,
          toPort: scheme === "http" ? 80 : 443,
          description: "clients",
          tags: { Name: `network-front-${scheme}` },
        })),
      );
      const inline = [...all(stack, "SecurityGroup"), ...all(stack, "DefaultSecurityGroup")].filter(
        ({ inputs }) => JSON.stringify([inputs["ingress"] ?? [], inputs["egress"] ?? []]) !== "[[],[]]",
      );
      assert.deepEqual(labelsOf(inline), []);
    });

    it("names the world nowhere else but on the way out", () => {
      const elsewhere = stack.resources.filter(
        ({ type, inputs }) =>
          textsIn(inputs).some(({ text }) => /0\.0\.0\.0\/0|::\/0/.test(text)) &&
          !/:(Route|SecurityGroup(In|E)gressRule)$/.test(type),
      );
      assert.deepEqual(labelsOf(elsewhere), []);
      const publicly = stack.resources.filter(({ inputs }) => inputs["publiclyAccessible"] === true);
      assert.deepEqual(labelsOf(publicly), []);
    });

    it("lets machines get public addresses only where clients come in", () => {
      const open = all(stack, "Instance").filter(({ inputs }) => inputs["associatePublicIpAddress"] === true);
      const named = open.map((machine) => machine.name);
      assert.deepEqual(
        named.filter((machine) => !/^app-(public-\d+|balancer)$/.test(machine)),
        [],
      );
      for (const { inputs } of all(stack, "Subnet")) assert.equal(inputs["mapPublicIpOnLaunch"], false);
    });

    it("has no way in by SSH: no key, no port 22", () => {
      const keys = stack.resources.filter(({ type, inputs }) => /keyPair/i.test(type) || "keyName" in inputs);
      assert.deepEqual(labelsOf(keys), []);
      const ports = all(stack, "SecurityGroupIngressRule").filter(
        ({ inputs }) => "fromPort" in inputs && Number(inputs["fromPort"]) <= 22 && Number(inputs["toPort"]) >= 22,
      );
      assert.deepEqual(labelsOf(ports), []);
      for (const { template, text } of userData(stack))
        assert.doesNotMatch(text, /\b(authorized_keys|ssh-rsa|ssh-ed25519|sshd|openssh)\b|\bport\s+22\b/, template);
    });

    it("wants IMDSv2 from every machine, and from the machine alone", () => {
      const templates = all(stack, "LaunchTemplate");
      for (const { name: own, inputs } of templates)
        assert.deepEqual(
          inputs["metadataOptions"],
          { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
          own,
        );
      for (const { name: own, inputs } of [...all(stack, "Instance"), ...all(stack, "Group")])
        assert.ok("launchTemplate" in inputs && !("metadataOptions" in inputs) && !("userData" in inputs), own);
    });

    it("encrypts every disk", () => {
      const disks = all(stack, "LaunchTemplate").flatMap(({ inputs }) => inputs["blockDeviceMappings"] as unknown[]);
      for (const disk of disks as { ebs: { encrypted: string } }[]) assert.equal(disk.ebs.encrypted, "true");
      for (const { inputs } of all(stack, "Volume")) assert.equal(inputs["encrypted"], true);
    });

    it("keeps passwords in Secrets Manager, and tells them only to the services that must know", () => {
      const holders = stack.resources.flatMap((resource) =>
        readable(resource).flatMap(({ path, text }) =>
          PASSWORD.test(text) ? [`${resource.type.split(":").at(-1) ?? ""}${path}`] : [],
        ),
      );
      assert.deepEqual(
        holders.filter((holder) => !HOLDERS.includes(holder)),
        [],
      );
      const kept = all(stack, "SecretVersion").map(({ inputs }) => inputs["secretString"]);
      const passwords = all(stack, "RandomPassword").map((password) => `<${password.type}::${password.name}.result>`);
      assert.deepEqual(kept.sort(), passwords.sort());
      assert.ok(passwords.length > 0);
      assert.doesNotMatch(JSON.stringify(stack.outputs), PASSWORD);
    });

    it("protects what cannot be made again, and nothing else", () => {
      const custom = stack.resources.filter(({ options }) => options.custom);
      const stateful = custom.filter(
        (resource) => STATEFUL.includes(resource.type) || STATEFUL_BY_NAME.includes(labelsOf([resource])[0]!),
      );
      assert.deepEqual(labelsOf(stack.resources.filter(({ protect }) => protect)), labelsOf(stateful));
      assert.ok(stateful.some(({ type }) => type.endsWith(":Eip")));
    });
  });

describe("the provider", () => {
  it("is one for the whole program, in the stack's region, with the stack's tags", async () => {
    const requests = await requestsOf(() => {
      pulumi.runtime.setAllConfig(configOf({ tier: "resilient" }, "eu-west-1"));
      return program();
    });
    const [provider, ...others] = requests.filter(({ type }) => type.startsWith("pulumi:providers:"));
    assert.deepEqual(others, []);
    assert.equal(provider?.inputs["region"], "eu-west-1");
    const tags = { Project: "billybully", Stack: "test", ManagedBy: "Pulumi" };
    assert.deepEqual(JSON.parse(String(provider.inputs["defaultTags"])), { tags });
    const urn = "urn:pulumi:test::billybully::pulumi:providers:aws::aws";
    const strays = requests.filter((request) => request.type.startsWith("aws:") && !request.provider.startsWith(urn));
    assert.deepEqual(
      strays.map(({ type, name }) => `${type} ${name}`),
      [],
    );
    // The engine hands a component's providers on to what is made inside of it, awsx's children among them.
    const components = requests.filter((request) => request.type.startsWith("billybully:"));
    assert.equal(components.length, 5);
    for (const { name, providers } of components) assert.ok(providers["aws"]?.startsWith(urn), name);
  });
});

function readable({ inputs }: Resource): { path: string; text: string }[] {
  return textsIn(inputs).map(({ path, text }) => ({ path, text: path === ".userData" ? readUserData(text) : text }));
}

function userData(stack: Evaluation): { template: string; text: string }[] {
  return all(stack, "LaunchTemplate").map(({ name, inputs }) => ({
    template: name,
    text: readUserData(String(inputs["userData"])),
  }));
}
