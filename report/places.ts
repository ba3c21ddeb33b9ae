import type { Resource } from "../evaluate";
import { reference } from "../evaluate/graph";
import { SUBNET_KINDS, type SubnetKind } from "../plan/subnets";
import { plainText } from "./table";

/** Something that stands in a subnet of a zone. */
export interface Placed {
  readonly kind: SubnetKind;
  readonly zone: string;
  readonly text: string;
}

/** A subnet and what stands in it. */
export interface Cell {
  readonly kind: SubnetKind;
  readonly zone: string;
  readonly cidr: string;
  readonly things: readonly string[];
}

const SUBNET = "aws:ec2/subnet:Subnet";

/** Every subnet of a graph with what stands in it, machines by their names and sizes. */
export function placesOf(resources: readonly Resource[]): Cell[] {
  const placed = locate(resources);
  return subnetsOf(resources).map(({ kind, zone, cidr }) => ({
    kind,
    zone,
    cidr,
    things: placed.filter((thing) => thing.kind === kind && thing.zone === zone).map(({ text }) => text),
  }));
}

interface Subnet {
  readonly id: string;
  readonly kind: SubnetKind;
  readonly zone: string;
  readonly cidr: string;
}

function subnetsOf(resources: readonly Resource[]): Subnet[] {
  return ofType(resources, SUBNET).flatMap(({ name, inputs }) => {
    const kind = SUBNET_KINDS.find((candidate) => name.includes(`-${candidate}-`));
    const { availabilityZone: zone, cidrBlock: cidr } = inputs as { availabilityZone: string; cidrBlock: string };
    return kind === undefined ? [] : [{ id: reference(SUBNET, name, "id"), kind, zone, cidr }];
  });
}

function locate(resources: readonly Resource[]): Placed[] {
  const subnets = subnetsOf(resources);
  const at = (id: unknown, text: string): Placed[] =>
    subnets.filter((subnet) => subnet.id === id).map(({ kind, zone }) => ({ kind, zone, text }));
  const interfaces = new Map(
    ofType(resources, "aws:ec2/networkInterface:NetworkInterface").map((nic) => [idOf(nic), nic.inputs["subnetId"]]),
  );
  const volumes = ofType(resources, "aws:ebs/volume:Volume");
  const zones = [...new Set(subnets.map(({ zone }) => zone))];
  const isolated = (zone: unknown, text: string): Placed[] =>
    zones.filter((name) => name === zone).map((name) => ({ kind: "isolated", zone: name, text }));
  return [
    ...ofType(resources, "aws:lb/loadBalancer:LoadBalancer").flatMap(({ name, inputs }) =>
      list(inputs["subnets"]).flatMap((id) => at(id, `${name}  load balancer`)),
    ),
    ...ofType(resources, "aws:ec2/natGateway:NatGateway").flatMap(({ name, inputs }) =>
      at(inputs["subnetId"], `${name}  NAT gateway`),
    ),
    ...ofType(resources, "aws:ec2/instance:Instance").flatMap(({ name, inputs }) => {
      const [nic] = list(inputs["networkInterfaces"]) as { networkInterfaceId: string }[];
      const volume = volumes.find((candidate) => candidate.name === name);
      const size = `${name}  ${plainText(inputs["instanceType"])}${volume === undefined ? "" : ` + ${plainText(volume.inputs["size"])} GiB`}`;
      return at(inputs["subnetId"] ?? interfaces.get(nic?.networkInterfaceId ?? ""), size);
    }),
    ...ofType(resources, "aws:autoscaling/group:Group").flatMap((group) =>
      fleetIn(group, resources).flatMap(({ id, text }) => at(id, text)),
    ),
    ...ofType(resources, "aws:rds/clusterInstance:ClusterInstance").flatMap(({ name, inputs }) =>
      isolated(inputs["availabilityZone"], `${name}  ${plainText(inputs["instanceClass"])}`),
    ),
    ...ofType(resources, "aws:elasticache/replicationGroup:ReplicationGroup").flatMap((group) =>
      cacheNodes(group, zones).flatMap(({ zone, text }) => isolated(zone, text)),
    ),
  ];
}

function fleetIn({ name, inputs }: Resource, resources: readonly Resource[]): { id: unknown; text: string }[] {
  const subnets = list(inputs["vpcZoneIdentifiers"]);
  const template = ofType(resources, "aws:ec2/launchTemplate:LaunchTemplate").find(
    (candidate) => candidate.name === name,
  );
  const [least, most] = [inputs["minSize"], inputs["maxSize"]].map((size) => Math.ceil(Number(size) / subnets.length));
  const text = `${name}  fleet, ${least} to ${most} x ${plainText(template?.inputs["instanceType"])}`;
  return subnets.map((id) => ({ id, text }));
}

/** AWS spreads a shard's nodes over the zones of its subnet group; which one comes first is its own choice. */
function cacheNodes({ name, inputs }: Resource, zones: readonly string[]): { zone: string; text: string }[] {
  const nodes = Number(inputs["replicasPerNodeGroup"]) + 1;
  const shards = Number(inputs["numNodeGroups"]);
  return zones.slice(0, nodes).map((zone) => ({ zone, text: `${name}  ${shards} x ${plainText(inputs["nodeType"])}` }));
}

function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

function idOf({ type, name }: Resource): string {
  return reference(type, name, "id");
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
