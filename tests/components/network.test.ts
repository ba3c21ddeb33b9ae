import assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { all, idOf, inputsOf, labelsOf, one, optionsOf, protectedIn, waitsFor } from "../support/graph";
import { requestsOf } from "../support/requests";
import { built, outputsOf, ZONES } from "../support/stacks";

const ARGS: NetworkArgs = { cidr: "10.0.0.0/16", zones: ZONES, egress: "nat-instance" };
const VPC = "<aws:ec2/vpc:Vpc::net.id>";

describe("Network", () => {
  let net: Evaluation;
  before(async () => {
    net = await built(() => new Network("net", ARGS));
  });

  it("asks awsx for explicit blocks, with the strategy that leaves them alone, and for no NAT", async () => {
    const requests = await requestsOf(() => ({ net: new Network("net", ARGS) }));
    const vpc = requests.find(({ type }) => type === "awsx:ec2:Vpc");
    assert.deepEqual(vpc?.inputs, {
      cidrBlock: "10.0.0.0/16",
      enableDnsHostnames: true,
      enableDnsSupport: true,
      availabilityZoneNames: ZONES,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Public", cidrBlocks: ["10.0.0.0/22", "10.0.64.0/22", "10.0.128.0/22"] },
        { type: "Private", cidrBlocks: ["10.0.16.0/20", "10.0.80.0/20", "10.0.144.0/20"] },
        { type: "Isolated", cidrBlocks: ["10.0.32.0/22", "10.0.96.0/22", "10.0.160.0/22"] },
      ],
      natGateways: { strategy: "None" },
    });
  });

  it("protects the network and its subnets one by one, and nothing below them", () => {
    const subnets = ["isolated", "private", "public"].flatMap((kind) =>
      [1, 2, 3].map((n) => `Subnet net-${kind}-${n}`),
    );
    assert.deepEqual(protectedIn(net), [...subnets, "Vpc net"]);
  });

  it("gives no machine a public address that does not ask for one", () => {
    assert.deepEqual(inputsOf(net, "Subnet", "net-public-2"), {
      vpcId: VPC,
      availabilityZone: "ap-northeast-2b",
      cidrBlock: "10.0.64.0/22",
      mapPublicIpOnLaunch: false,
      assignIpv6AddressOnCreation: false,
      tags: { Name: "net-public-2", SubnetType: "Public" },
    });
    const open = all(net, "Subnet").filter(({ inputs }) => inputs["mapPublicIpOnLaunch"] !== false);
    assert.deepEqual(labelsOf(open), []);
  });

  it("makes nine subnets of three zones and four of two", async () => {
    const two = await built(() => new Network("net", { ...ARGS, cidr: "172.16.0.0/18", zones: ZONES.slice(0, 2) }));
    assert.deepEqual(
      all(two, "Subnet").map(({ name, inputs }) => `${name} ${String(inputs["cidrBlock"])}`),
      [
        "net-isolated-1 172.16.8.0/24",
        "net-isolated-2 172.16.24.0/24",
        "net-private-1 172.16.4.0/22",
        "net-private-2 172.16.20.0/22",
        "net-public-1 172.16.0.0/24",
        "net-public-2 172.16.16.0/24",
      ],
    );
    assert.equal(all(net, "Subnet").length, 9);
  });

  it("lets only the listed flows through", () => {
    const rule = (
      side: string,
      { name, inputs }: { name: string; inputs: Readonly<Record<string, unknown>> },
    ): string => {
      const port = inputs["ipProtocol"] === "-1" ? "all" : `${String(inputs["fromPort"])}-${String(inputs["toPort"])}`;
      const peer = String(inputs["cidrIpv4"] ?? inputs["referencedSecurityGroupId"]);
      return `${name}: ${side} ${short(inputs["securityGroupId"])} ${short(peer)} ${String(inputs["ipProtocol"])} ${port}`;
    };
    const short = (id: unknown): string =>
      String(id).replace(/^<aws:ec2\/securityGroup:SecurityGroup::net-(\w+)\.id>$/, "$1");
    assert.deepEqual(
      [
        ...all(net, "SecurityGroupIngressRule").map((resource) => rule("in", resource)),
        ...all(net, "SecurityGroupEgressRule").map((resource) => rule("out", resource)),
      ],
      [
        "net-app-http: in app front tcp 80-80",
        "net-cache-valkey: in cache app tcp 6379-6379",
        "net-database-mysql: in database app tcp 3306-3306",
        "net-database-replication: in database database tcp 3306-3306",
        "net-front-http: in front 0.0.0.0/0 tcp 80-80",
        "net-front-https: in front 0.0.0.0/0 tcp 443-443",
        "net-nat-app: in nat app -1 all",
        "net-nat-database: in nat database -1 all",
        "net-app-out: out app 0.0.0.0/0 -1 all",
        "net-database-out: out database 0.0.0.0/0 -1 all",
        "net-front-out: out front 0.0.0.0/0 -1 all",
        "net-nat-out: out nat 0.0.0.0/0 -1 all",
      ],
    );
    for (const { name, inputs } of all(net, "SecurityGroup"))
      assert.deepEqual(Object.keys(inputs).sort(), ["description", "tags", "vpcId"], name);
  });

  it("empties the default security group", () => {
    assert.deepEqual(inputsOf(net, "DefaultSecurityGroup", "net"), {
      vpcId: VPC,
      ingress: [],
      egress: [],
      tags: { Name: "net-default" },
    });
  });

  it("keeps traffic to S3 off the way out, from every subnet", () => {
    const tables = ["public", "private", "isolated"].flatMap((kind) =>
      [1, 2, 3].map((n) => `<aws:ec2/routeTable:RouteTable::net-${kind}-${n}.id>`),
    );
    assert.deepEqual(inputsOf(net, "VpcEndpoint", "net-s3"), {
      vpcId: VPC,
      serviceName: "com.amazonaws.ap-northeast-2.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: tables,
      tags: { Name: "net-s3" },
    });
  });

  it("writes down who talked to whom, for as long as it is told", async () => {
    const { trafficType, logDestination } = inputsOf(net, "FlowLog", "net");
    assert.deepEqual([trafficType, logDestination], ["ALL", "<aws:cloudwatch/logGroup:LogGroup::net.arn>"]);
    assert.deepEqual(inputsOf(net, "LogGroup", "net"), { retentionInDays: 30 });
    const short = await built(() => new Network("net", { ...ARGS, logRetentionDays: 3 }));
    assert.deepEqual(inputsOf(short, "LogGroup", "net"), { retentionInDays: 3 });
  });

  it("holds the names of the databases, where only the network sees them", () => {
    assert.deepEqual(inputsOf(net, "Zone", "net"), {
      name: "test.billybully.internal",
      comment: "Names of the databases",
      vpcs: [{ vpcId: VPC }],
    });
  });

  it("tells other components what they need", async () => {
    const { outputs } = await outputsOf(() => {
      const { region, cidr, zones, vpcId, subnetIds, securityGroupIds, privateZone } = new Network("net", ARGS);
      return { region, cidr, zones, vpcId, subnetIds, securityGroupIds, privateZone };
    });
    const subnets = (kind: string) => [1, 2, 3].map((n) => `<aws:ec2/subnet:Subnet::net-${kind}-${n}.id>`);
    const group = (role: string) => `<aws:ec2/securityGroup:SecurityGroup::net-${role}.id>`;
    assert.deepEqual(outputs, {
      region: "ap-northeast-2",
      cidr: "10.0.0.0/16",
      zones: ZONES,
      vpcId: VPC,
      subnetIds: { public: subnets("public"), private: subnets("private"), isolated: subnets("isolated") },
      securityGroupIds: Object.fromEntries(
        ["front", "app", "database", "cache", "nat"].map((role) => [role, group(role)]),
      ),
      privateZone: { id: "<aws:route53/zone:Zone::net.zoneId>", name: "test.billybully.internal" },
    });
  });

  describe("with a NAT instance", () => {
    it("leads all private subnets to an interface that outlives the machine behind it", () => {
      const nic = one(net, "NetworkInterface", "net-nat");
      assert.deepEqual(nic.inputs, {
        subnetId: "<aws:ec2/subnet:Subnet::net-public-1.id>",
        securityGroups: ["<aws:ec2/securityGroup:SecurityGroup::net-nat.id>"],
        sourceDestCheck: false,
        tags: { Name: "net-nat" },
      });
      assert.deepEqual(routes(net), {
        "net-egress-1": ["net-private-1", { networkInterfaceId: idOf(nic) }],
        "net-egress-2": ["net-private-2", { networkInterfaceId: idOf(nic) }],
        "net-egress-3": ["net-private-3", { networkInterfaceId: idOf(nic) }],
      });
    });

    it("puts its address on the interface before the machine comes", () => {
      assert.deepEqual(inputsOf(net, "EipAssociation", "net-nat"), {
        allocationId: "<aws:ec2/eip:Eip::net-nat.allocationId>",
        networkInterfaceId: "<aws:ec2/networkInterface:NetworkInterface::net-nat.id>",
        allowReassociation: true,
      });
      assert.ok(waitsFor(net, one(net, "Instance", "net-nat")).includes("EipAssociation net-nat"));
    });

    it("replaces the machine on purpose only, the old one first", async () => {
      const machine = one(net, "Instance", "net-nat");
      assert.deepEqual(machine.inputs, {
        launchTemplate: { id: "<aws:ec2/launchTemplate:LaunchTemplate::net-nat.id>", version: "$Latest" },
        instanceType: "t4g.nano",
        networkInterfaces: [
          { networkInterfaceId: "<aws:ec2/networkInterface:NetworkInterface::net-nat.id>", deviceIndex: 0 },
        ],
        tags: { Name: "net-nat", "billybully:machines": "billybully-test-nat" },
      });
      assert.deepEqual(optionsOf(machine), {
        ignoreChanges: ["launchTemplate"],
        deleteBeforeReplace: true,
        replacementTrigger: "arm64 ",
      });
      const replaced = await built(
        () => new Network("net", { ...ARGS, natInstanceType: "t3.nano", replace: { "net-nat": "2026-12-01" } }),
      );
      const { inputs, options } = one(replaced, "Instance", "net-nat");
      assert.deepEqual([inputs["instanceType"], options.replacementTrigger], ["t3.nano", "x86_64 2026-12-01"]);
    });
  });

  describe("with NAT gateways", () => {
    const gateway = (name: string) => ({ natGatewayId: `<aws:ec2/natGateway:NatGateway::${name}.id>` });

    it("turns the same routes to one gateway", async () => {
      const single = await built(() => new Network("net", { ...ARGS, egress: "nat-gateway" }));
      assert.deepEqual(routes(single), {
        "net-egress-1": ["net-private-1", gateway("net-nat-1")],
        "net-egress-2": ["net-private-2", gateway("net-nat-1")],
        "net-egress-3": ["net-private-3", gateway("net-nat-1")],
      });
      assert.deepEqual(inputsOf(single, "NatGateway", "net-nat-1"), {
        allocationId: "<aws:ec2/eip:Eip::net-nat-1.allocationId>",
        subnetId: "<aws:ec2/subnet:Subnet::net-public-1.id>",
        tags: { Name: "net-nat-1" },
      });
      assert.deepEqual(labelsOf([...all(single, "Instance"), ...all(single, "Eip")]), ["Eip net-nat-1"]);
    });

    it("turns them to one for each zone", async () => {
      const each = await built(() => new Network("net", { ...ARGS, egress: "nat-gateway-per-zone" }));
      assert.deepEqual(routes(each), {
        "net-egress-1": ["net-private-1", gateway("net-nat-1")],
        "net-egress-2": ["net-private-2", gateway("net-nat-2")],
        "net-egress-3": ["net-private-3", gateway("net-nat-3")],
      });
      assert.deepEqual(
        all(each, "NatGateway").map(({ inputs }) => inputs["subnetId"]),
        [1, 2, 3].map((n) => `<aws:ec2/subnet:Subnet::net-public-${n}.id>`),
      );
    });

    it("turns them to a regional one, which holds addresses of its own", async () => {
      const regional = await built(() => new Network("net", { ...ARGS, egress: "nat-regional" }));
      assert.deepEqual(routes(regional)["net-egress-3"], ["net-private-3", gateway("net-nat-regional")]);
      assert.deepEqual(inputsOf(regional, "NatGateway", "net-nat-regional"), {
        vpcId: VPC,
        availabilityMode: "regional",
        tags: { Name: "net-nat-regional" },
      });
      assert.deepEqual(all(regional, "Eip"), []);
    });
  });

  it("leads nowhere when there is no way out", async () => {
    const none = await built(() => new Network("net", { ...ARGS, egress: "none" }));
    assert.deepEqual(routes(none), {});
    assert.deepEqual(labelsOf(all(none, "Route")), ["Route net-public-1", "Route net-public-2", "Route net-public-3"]);
  });
});

/** For each route of a private subnet its table and what it leads to. */
function routes(graph: Evaluation): Record<string, unknown> {
  const own = all(graph, "Route").filter(({ name }) => name.includes("egress"));
  return Object.fromEntries(
    own.map(({ name, inputs: { routeTableId, destinationCidrBlock, ...target } }) => {
      assert.equal(destinationCidrBlock, "0.0.0.0/0");
      return [name, [/::(.*)\.id>$/.exec(String(routeTableId))?.[1], target]];
    }),
  );
}
