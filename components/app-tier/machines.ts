import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FRONT_ADDRESS, type FrontPlan, type PlannedMachine } from "../../plan/front";
import { createMachine, machineTag, type Machine, type Place } from "../shared/machine";
import { createProfile, writeLogs } from "../shared/permissions";
import { createSettings } from "../shared/settings";
import { subnetAt } from "../shared/site";
import type { Releases } from "./releases";
import type { AppTierArgs } from ".";

export interface Machines {
  /** The address that outlives every machine in front. */
  readonly front: pulumi.Output<string>;
  /** Addresses that a machine answers on. */
  readonly addresses: readonly pulumi.Output<string>[];
  /** What the name of the service may point to only when it is there. */
  readonly associations: readonly pulumi.Resource[];
}

/** One core of nginx proxies tens of thousands of requests a second; what the balancer needs is to be there. */
const BALANCER_TYPE = "t4g.small";

/** The servers and the balancer that stand alone, and the addresses in front of them. */
export function createMachines(
  name: string,
  plan: FrontPlan,
  args: AppTierArgs,
  releases: Releases,
  child: pulumi.CustomResourceOptions,
): Machines {
  const made = new Map<string, Machine>();
  let previous: readonly pulumi.Resource[] = [];
  for (const server of plan.publicServers) {
    const after = { ...child, dependsOn: [...previous] };
    const machine = createServer(name, server, publicPlace(args, "app", server), args, releases, after);
    made.set(server.name, machine);
    previous = [machine.ready];
  }
  const backends = createBackends(name, plan.privateServers, args, releases, child);
  for (const balancer of plan.balancers)
    made.set(balancer.name, createBalancer(name, balancer, backends, args, releases, child));

  const addresses = plan.addresses.map(({ name: label, machine, kept }) => {
    const id = `${name}-${label}`;
    const address = new aws.ec2.Eip(id, { domain: "vpc", tags: { Name: id } }, { ...child, protect: kept });
    const behind = made.get(machine ?? "");
    return {
      label,
      ip: address.publicIp,
      associations: behind === undefined ? [] : [associate(id, address, behind, child)],
    };
  });
  const front = addresses.find(({ label }) => label === FRONT_ADDRESS);
  if (front === undefined) throw new RangeError("a front without the address that clients keep");
  const answering = addresses.filter(({ associations }) => associations.length > 0);
  return {
    front: front.ip,
    addresses: answering.map(({ ip }) => ip),
    associations: answering.flatMap(({ associations }) => associations),
  };
}

/** An address moves to another machine in one step, and only when that machine serves; the old one goes afterwards. */
function associate(
  id: string,
  address: aws.ec2.Eip,
  { instance, ready }: Machine,
  child: pulumi.CustomResourceOptions,
): aws.ec2.EipAssociation {
  const args = { allocationId: address.allocationId, instanceId: instance.id, allowReassociation: true };
  return new aws.ec2.EipAssociation(id, args, { ...child, dependsOn: [ready] });
}

function publicPlace({ site }: AppTierArgs, role: "app" | "balancer", { zone }: PlannedMachine): Place {
  const groups =
    role === "app" ? [site.securityGroupIds.front, site.securityGroupIds.app] : [site.securityGroupIds.front];
  // The address of its own is for the minutes before the Elastic IP moves here: packages come from the internet.
  return { subnetId: subnetAt(site, "public", zone), securityGroupIds: groups, associatePublicIpAddress: true };
}

function createServer(
  name: string,
  server: PlannedMachine,
  place: Place,
  args: AppTierArgs,
  { template }: Releases,
  child: pulumi.CustomResourceOptions,
): Machine {
  const id = `${name}-${server.name}`;
  const env = { ...template.env, FLEET: "no" };
  return createMachine(id, { ...template, env, place, tag: machineTag("app"), replace: args.replace?.[id] }, child);
}

interface Backends {
  readonly addresses: readonly pulumi.Output<string>[];
  readonly ready: readonly pulumi.Resource[];
}

/** Servers whose addresses the balancer may rely on. Replaced one after the other, the next only when the last one serves. */
function createBackends(
  name: string,
  servers: readonly PlannedMachine[],
  args: AppTierArgs,
  releases: Releases,
  child: pulumi.CustomResourceOptions,
): Backends {
  const addresses: pulumi.Output<string>[] = [];
  let ready: readonly pulumi.Resource[] = [];
  for (const server of servers) {
    const id = `${name}-${server.name}`;
    const subnetId = subnetAt(args.site, "private", server.zone);
    const nic = new aws.ec2.NetworkInterface(
      id,
      { subnetId, securityGroups: [args.site.securityGroupIds.app], tags: { Name: id } },
      child,
    );
    const machine = createServer(name, server, { networkInterfaceId: nic.id }, args, releases, {
      ...child,
      dependsOn: [...ready],
    });
    addresses.push(nic.privateIp);
    ready = [machine.ready];
  }
  return { addresses, ready };
}

function createBalancer(
  name: string,
  balancer: PlannedMachine,
  backends: Backends,
  args: AppTierArgs,
  { logs }: Releases,
  child: pulumi.CustomResourceOptions,
): Machine {
  const id = `${name}-${balancer.name}`;
  const settings = createSettings(
    id,
    { APP_SERVERS: pulumi.all([...backends.addresses]).apply((all) => all.join(" ")) },
    child,
  );
  const profile = createProfile(
    id,
    [writeLogs(logs), { actions: ["ssm:GetParameter"], resources: [settings.arn] }],
    child,
  );
  return createMachine(
    id,
    {
      role: "balancer",
      instanceType: BALANCER_TYPE,
      imageId: args.imageId,
      profile,
      env: {},
      settings,
      logGroup: logs.name,
      site: args.site,
      place: publicPlace(args, "balancer", balancer),
      tag: machineTag("balancer"),
      replace: args.replace?.[id],
    },
    { ...child, dependsOn: [...backends.ready] },
  );
}
