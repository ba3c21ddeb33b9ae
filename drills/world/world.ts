import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { type Server } from "node:http";
import { join } from "node:path";
import { transform } from "sucrase";
import type { Evaluation } from "../../evaluate/graph";
import { readUserData } from "../../plan/user-data";
import { Account } from "./account";
import { Resolver } from "./dns";
import { Machine, PARTS, type MachineArgs } from "./machine";
import { serveMetadata } from "./metadata";
import { METADATA, Network, RESOLVER } from "./network";
import { removePackages } from "./packages";
import { Policies } from "./policies";
import { must } from "./process";
import { References } from "./references";
import { MYSQL_TREE } from "./trees";
import { Volumes } from "./volumes";

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";
/** Where the machines are kept; gone with the process. */
const FOLDER = "/run/drill";

/** Of a t4g.small, for a JVM that would otherwise take its share of this machine's. */
const MEMORY = "2g";

/** What runs as `java`: the real one, or a small server where a drill is about what lies in front of it. */
export type Java = "real" | "stand-in";

/** One stack as the program describes it, with real machines: its network, names, AWS account, and whatever machines a drill starts. */
export class World {
  readonly machines: Machine[] = [];
  readonly account: Account;
  readonly references: References;
  readonly network: Network;
  readonly resolver: Resolver;
  readonly volumes: Volumes;
  private metadata: Server | undefined;
  private made = 0;

  private constructor(
    evaluation: Evaluation,
    private readonly java: Java,
  ) {
    const region = evaluation.resources.find(({ type }) => type === "pulumi:providers:aws")?.inputs["region"];
    this.references = new References(evaluation.resources, String(region));
    this.account = new Account(this.references);
    const [vpc] = this.references.all("aws:ec2/vpc:Vpc");
    this.network = new Network(String(vpc?.inputs["cidrBlock"]));
    this.resolver = new Resolver(this.account.records);
    this.volumes = new Volumes(FOLDER);
  }

  static async open(evaluation: Evaluation, java: Java): Promise<World> {
    const world = new World(evaluation, java);
    await world.resolver.listen(RESOLVER);
    world.metadata = await serveMetadata(METADATA, (from, path) => world.metadataOf(from, path));
    return world;
  }

  /** An instance of the program's, before it is switched on. A second one of the same name is what takes its place. */
  make(instance: string): Machine {
    const { inputs } = this.references.find(INSTANCE, instance);
    const template = (inputs["launchTemplate"] as { id: string }).id;
    const [nic] = (inputs["networkInterfaces"] as { networkInterfaceId: string }[] | undefined) ?? [];
    const number = this.made++;
    const address =
      nic === undefined
        ? this.references.addressIn(this.references.named(inputs["subnetId"]).name, `${instance} ${number}`)
        : this.references.in(nic.networkInterfaceId.replace(".id>", ".privateIp>"));
    const tags = inputs["tags"] as Record<string, string>;
    return this.add({ name: instance, instanceId: `i-${number}`, tags, address }, this.references.named(template).name);
  }

  /** One more server of the fleet, which waits for its hook to end. */
  launch(group: string): Machine {
    const { inputs } = this.references.find(GROUP, group);
    const template = this.references.named((inputs["launchTemplate"] as { id: string }).id);
    const [{ tags }] = template.inputs["tagSpecifications"] as [{ tags: Record<string, string> }];
    const subnet = this.references.named((inputs["vpcZoneIdentifiers"] as string[])[0]).name;
    const number = this.made++;
    const address = this.references.addressIn(subnet, `${group} ${number}`);
    const machine = this.add({ name: `${group}-${number}`, instanceId: `i-${number}`, tags, address }, template.name);
    const name = this.references.in(`<${GROUP}::${group}.name>`);
    this.account.lifecycles.set(machine.args.instanceId, {
      group: name,
      state: "Pending:Wait",
      target: "InService",
      ended: [],
    });
    return machine;
  }

  /** A node that AWS keeps by itself, in a subnet of the program's: nothing of ours is on it. */
  node(name: string, subnet: string): Machine {
    const number = this.made++;
    const cloudConfig = '{"write_files":[],"runcmd":[]}';
    const address = this.references.addressIn(subnet, `${name} ${number}`);
    const policies = new Policies(this.references, "nobody");
    return this.enroll({ name, instanceId: `i-${number}`, tags: {}, cloudConfig, address, policies, tree: MYSQL_TREE });
  }

  /** The data volume that the program attaches to a machine of this one's name. */
  volumeOf({ name }: Pick<Machine, "name">): { readonly id: string; readonly gib: number } {
    const { inputs } = this.references.find(ATTACHMENT, name);
    const volume = this.references.named(inputs["volumeId"]);
    return { id: this.references.in(String(inputs["volumeId"])), gib: Number(volume.inputs["size"]) };
  }

  /** Attaches it; a machine that takes its predecessor's place gets what that one left on it. */
  attach(machine: Machine, { id, gib } = this.volumeOf(machine)): void {
    this.volumes.attach(id, gib, machine);
  }

  /** Turns an Elastic IP of the program's to a machine. */
  associate(address: string, machine: Machine): string {
    const ip = this.references.in(`<aws:ec2/eip:Eip::${address}.publicIp>`);
    this.network.associate(ip, machine.wire);
    return ip;
  }

  remove(machine: Machine): void {
    machine.remove();
    this.machines.splice(this.machines.indexOf(machine), 1);
  }

  /** Puts a release into the artifact bucket. */
  upload(version: string, content: Uint8Array): void {
    const bucket = this.references.in("<aws:s3/bucket:Bucket::app-artifacts.bucket>");
    this.account.objects.set(`${bucket}/releases/${version}.jar`, content);
  }

  /** Settings of a role as they are in their parameter. */
  settings(parameter: string): string {
    return this.account.parameters.get(this.parameter(parameter)) ?? "";
  }

  parameter(resource: string): string {
    return String(this.references.find("aws:ssm/parameter:Parameter", resource).inputs["name"]);
  }

  close(): void {
    for (const machine of [...this.machines]) this.remove(machine);
    this.resolver.close();
    this.metadata?.closeAllConnections();
    this.metadata?.close();
    this.volumes.close();
    this.network.close();
  }

  private add(own: Pick<MachineArgs, "name" | "instanceId" | "tags" | "address">, template: string): Machine {
    const { inputs } = this.references.find(TEMPLATE, template);
    const cloudConfig = this.references.in(readUserData(String(inputs["userData"])));
    const profile = this.references.named((inputs["iamInstanceProfile"] as { arn: string }).arn);
    const policies = new Policies(this.references, this.references.named(profile.inputs["role"]).name);
    const tree = cloudConfig.includes("ROLE='mysql'") ? MYSQL_TREE : "/";
    const machine = this.enroll({ ...own, cloudConfig, policies, tree, java: this.javaOf() });
    removePackages(machine);
    if (this.java === "stand-in") addBackend(machine);
    return machine;
  }

  private enroll(args: Omit<MachineArgs, "folder">): Machine {
    const folder = join(FOLDER, `${this.made}-${args.name}`);
    const machine = new Machine({ ...args, folder }, this.network, this.account);
    this.machines.push(machine);
    return machine;
  }

  private javaOf(): readonly string[] {
    return this.java === "real"
      ? [realpathSync("/usr/bin/java"), `-XX:MaxRAM=${MEMORY}`]
      : ["/drill/node", "/drill/backend.js"];
  }

  private metadataOf(from: string, path: string): string | undefined {
    const machine = this.machines.find(({ wire }) => `::ffff:${wire.address}` === from || wire.address === from);
    if (machine === undefined) return undefined;
    if (path === "instance-id") return machine.args.instanceId;
    if (path === "autoscaling/target-lifecycle-state")
      return this.account.lifecycles.get(machine.args.instanceId)?.target;
    return undefined;
  }
}

function addBackend(machine: Machine): void {
  const source = readFileSync(join(PARTS, "backend.ts"), "utf8");
  machine.place("/drill/backend.js", transform(source, { transforms: ["typescript", "imports"] }).code);
  machine.place("/drill/node", "");
  must("mount", "--bind", process.execPath, machine.path("/drill/node"));
}

export function prepareFolders(): void {
  mkdirSync("/run/netns", { recursive: true });
  mkdirSync(FOLDER, { recursive: true });
}
