import assert from "node:assert/strict";
import { AppTier, type AppTierArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { readUserData } from "../../plan/user-data";
import { all, inputsOf, labelsOf, namesOf, one, optionsOf, protectedIn, waitsFor } from "../support/graph";
import { SITE } from "../support/site";
import { built, outputsOf } from "../support/stacks";

const ARGS: AppTierArgs = { site: SITE, front: "servers", instanceType: "t4g.small", servers: 3 };
const ipOf = (name: string): string => `<aws:ec2/eip:Eip::${name}.publicIp>`;

describe("AppTier with servers that have addresses of their own", () => {
  let app: Evaluation;
  before(async () => {
    app = await outputsOf(() => {
      const { url, frontAddress, addresses, loadBalancer, nameServers } = new AppTier("app", ARGS);
      return { url, frontAddress, addresses, none: [loadBalancer, nameServers].every((one) => one === undefined) };
    });
  });

  it("answers on the address that is kept, and on one more for each further server", () => {
    assert.deepEqual(app.outputs, {
      url: `http://${ipOf("app-front")}/`,
      frontAddress: ipOf("app-front"),
      addresses: [ipOf("app-front"), ipOf("app-front-2"), ipOf("app-front-3")],
      none: true,
    });
  });

  it("protects the address that clients keep, the bucket, and nothing else", () => {
    assert.deepEqual(protectedIn(app), ["Bucket app-artifacts", "Eip app-front"]);
  });

  it("puts servers into a public subnet, where nginx is reached and the app is not", () => {
    const server = one(app, "Instance", "app-public-2");
    assert.deepEqual(server.inputs, {
      launchTemplate: { id: "<aws:ec2/launchTemplate:LaunchTemplate::app-public-2.id>", version: "$Latest" },
      instanceType: "t4g.small",
      subnetId: "public-a",
      vpcSecurityGroupIds: ["sg-front", "sg-app"],
      associatePublicIpAddress: true,
      tags: { Name: "app-public-2", "billybully:machines": "billybully-test-app" },
    });
  });

  it("replaces a server on purpose only, the new one first", async () => {
    assert.deepEqual(optionsOf(one(app, "Instance", "app-public-1")), {
      ignoreChanges: ["launchTemplate"],
      replacementTrigger: "arm64 ",
    });
    const replaced = await built(() => new AppTier("app", { ...ARGS, replace: { "app-public-2": "2026-12-01" } }));
    assert.deepEqual(
      all(replaced, "Instance").map(({ options }) => options.replacementTrigger),
      ["arm64 ", "arm64 2026-12-01", "arm64 "],
    );
  });

  it("moves an address to a machine in one step, and only when that machine serves", () => {
    const association = one(app, "EipAssociation", "app-front-3");
    assert.deepEqual(association.inputs, {
      allocationId: "<aws:ec2/eip:Eip::app-front-3.allocationId>",
      instanceId: "<aws:ec2/instance:Instance::app-public-3.id>",
      allowReassociation: true,
    });
    assert.ok(waitsFor(app, association).includes("Association app-public-3-apply"));
  });

  it("brings servers up one after the other, each when the one before serves: a change stops one at a time", () => {
    for (const [next, first] of [
      ["app-public-2", "app-public-1"],
      ["app-public-3", "app-public-2"],
    ] as const)
      assert.ok(waitsFor(app, one(app, "Instance", next)).includes(`Association ${first}-apply`), next);
  });

  it("launches from a template without key, with IMDSv2 on the machine alone, and with an encrypted disk", () => {
    const { userData, ...template } = inputsOf(app, "LaunchTemplate", "app-public-1");
    assert.deepEqual(template, {
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      iamInstanceProfile: { arn: "<aws:iam/instanceProfile:InstanceProfile::app.arn>" },
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeSize: 20, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      updateDefaultVersion: true,
    });
    assert.equal(
      machineEnv(userData),
      [
        "ROLE='app'",
        "STACK='test'",
        "REGION='ap-northeast-2'",
        "NETWORK_CIDR='10.0.0.0/16'",
        "LOG_GROUP='<aws:cloudwatch/logGroup:LogGroup::app.name>'",
        "SETTINGS_PARAMETER='/billybully/test/app'",
        "ARTIFACT_BUCKET='<aws:s3/bucket:Bucket::app-artifacts.bucket>'",
        "RELEASE_PARAMETER='/billybully/test/app-release'",
        "FLEET='no'",
        "",
      ].join("\n"),
    );
  });

  it("adds servers at the end, and changes none that are there", async () => {
    const four = await built(() => new AppTier("app", { ...ARGS, servers: 4 }));
    const before = new Map(app.resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
    const others = four.resources.filter(({ urn, inputs }) => before.get(urn) !== JSON.stringify(inputs));
    assert.deepEqual(labelsOf(others), [
      "Association app-public-4-apply",
      "Eip app-front-4",
      "EipAssociation app-front-4",
      "Instance app-public-4",
      "LaunchTemplate app-public-4",
    ]);
  });

  it("has one server where nothing else is said, of the architecture of its type", async () => {
    const one_ = await built(() => new AppTier("app", { site: SITE, front: "servers", instanceType: "c7i.large" }));
    assert.deepEqual(namesOf(all(one_, "Instance")), ["app-public-1"]);
    assert.equal(
      inputsOf(one_, "LaunchTemplate", "app-public-1")["imageId"],
      "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    );
  });
});

describe("AppTier with nginx as load balancer", () => {
  let app: Evaluation;
  before(async () => {
    app = await outputsOf(() => {
      const { url, addresses } = new AppTier("app", { ...ARGS, front: "nginx" });
      return { url, addresses };
    });
  });

  it("answers on the same address as a single server does", () => {
    assert.deepEqual(app.outputs, { url: `http://${ipOf("app-front")}/`, addresses: [ipOf("app-front")] });
    assert.equal(
      inputsOf(app, "EipAssociation", "app-front")["instanceId"],
      "<aws:ec2/instance:Instance::app-balancer.id>",
    );
    assert.deepEqual(namesOf(all(app, "Eip")), ["app-front"]);
  });

  it("puts each server on an interface that outlives it, where only the balancer reaches it", () => {
    assert.deepEqual(inputsOf(app, "NetworkInterface", "app-private-2"), {
      subnetId: "private-a",
      securityGroups: ["sg-app"],
      tags: { Name: "app-private-2" },
    });
    const server = one(app, "Instance", "app-private-2");
    assert.deepEqual(server.inputs, {
      launchTemplate: { id: "<aws:ec2/launchTemplate:LaunchTemplate::app-private-2.id>", version: "$Latest" },
      instanceType: "t4g.small",
      networkInterfaces: [
        { networkInterfaceId: "<aws:ec2/networkInterface:NetworkInterface::app-private-2.id>", deviceIndex: 0 },
      ],
      tags: { Name: "app-private-2", "billybully:machines": "billybully-test-app" },
    });
    assert.deepEqual(optionsOf(server), {
      ignoreChanges: ["launchTemplate"],
      deleteBeforeReplace: true,
      replacementTrigger: "arm64 ",
    });
  });

  it("tells the balancer addresses that no replacement of a server changes", () => {
    const addresses = [1, 2, 3].map((n) => `<aws:ec2/networkInterface:NetworkInterface::app-private-${n}.privateIp>`);
    assert.deepEqual(inputsOf(app, "Parameter", "app-balancer"), {
      name: "/billybully/test/app-balancer",
      type: "String",
      value: `APP_SERVERS=${addresses.join(" ")}\n`,
    });
  });

  it("changes nothing that the balancer relies on when a server is replaced", async () => {
    const replace = { "app-private-1": "now", "app-balancer": "now" };
    const replaced = await built(() => new AppTier("app", { ...ARGS, front: "nginx", replace }));
    const before = new Map(app.resources.map(({ urn, inputs, options }) => [urn, JSON.stringify([inputs, options])]));
    const others = replaced.resources.filter(
      ({ urn, inputs, options }) => before.get(urn) !== JSON.stringify([inputs, options]),
    );
    assert.deepEqual(labelsOf(others), ["Instance app-balancer", "Instance app-private-1"]);
  });

  it("replaces servers one after the other, and the balancer when all of them serve", () => {
    const applies = (name: string) =>
      waitsFor(app, one(app, "Instance", name)).filter((label) => label.includes("-apply"));
    assert.deepEqual(applies("app-private-1"), []);
    assert.deepEqual(applies("app-private-2"), ["Association app-private-1-apply"]);
    assert.deepEqual(applies("app-private-3"), ["Association app-private-2-apply"]);
    assert.deepEqual(applies("app-balancer"), ["Association app-private-3-apply"]);
  });

  it("brings the next balancer up beside the last one, on the way to the same address", () => {
    const balancer = one(app, "Instance", "app-balancer");
    assert.deepEqual(balancer.inputs["vpcSecurityGroupIds"], ["sg-front"]);
    assert.equal(balancer.inputs["subnetId"], "public-a");
    assert.deepEqual(balancer.inputs["tags"], {
      Name: "app-balancer",
      "billybully:machines": "billybully-test-balancer",
    });
    assert.deepEqual(optionsOf(balancer), { ignoreChanges: ["launchTemplate"], replacementTrigger: "arm64 " });
    assert.ok(waitsFor(app, one(app, "EipAssociation", "app-front")).includes("Association app-balancer-apply"));
  });

  it("lets the balancer read its own settings and no secret", () => {
    const policy = String(inputsOf(app, "RolePolicy", "app-balancer")["policy"]);
    assert.doesNotMatch(policy, /secretsmanager|s3:|kms:/);
    assert.match(policy, /"ssm:GetParameter"\],"Resource":\["<aws:ssm\/parameter:Parameter::app-balancer\.arn>"\]/);
  });
});

function machineEnv(userData: unknown): string | undefined {
  const config = JSON.parse(readUserData(String(userData)).replace(/^#cloud-config\n/, "")) as {
    write_files: { path: string; content: string }[];
  };
  return config.write_files.find(({ path }) => path === "/etc/billybully/machine.env")?.content;
}
