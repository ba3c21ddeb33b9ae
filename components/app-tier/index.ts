import * as pulumi from "@pulumi/pulumi";
import { planFront, type Front } from "../../plan/front";
import { SERVER_ENVIRONMENT } from "../../plan/environment";
import type { Site } from "../shared/site";
import { createDomains, createFrontRecord, type Domain } from "./domain";
import { createFleet, type Fleet } from "./fleet";
import { createMachines, type Machines } from "./machines";
import { createReleases } from "./releases";

export interface AppTierArgs {
  readonly site: Site;
  /** What clients meet first. Another front is built beside the old one, takes over, and only then the old one goes. */
  readonly front: Front;
  /** EC2 type of the app servers. A lone server restarts (about a minute); a fleet is replaced server by server. */
  readonly instanceType: string;
  /** App servers that stand alone. @default 1 */
  readonly servers?: number;
  /** Fewest servers of a fleet. @default 2 */
  readonly min?: number;
  /** Most servers of a fleet. @default twice `min` */
  readonly max?: number;
  /** Zones that take instances, counted from the first. @default 1 */
  readonly zonesInUse?: number;
  /** CPU in percent at which a fleet settles. @default 60 */
  readonly targetCpuPercent?: number;
  /** Environment of Spring Boot beside what every server gets. A change restarts the app, server by server, without a lost request. */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secrets that `environment` refers to. */
  readonly secretArns?: readonly pulumi.Input<string>[];
  /** Name under which clients reach the service. @default - its address, or the load balancer's own name */
  readonly domain?: string | undefined;
  /** Public hosted zone that holds `domain`. @default - one is made for it */
  readonly hostedZoneId?: string | undefined;
  /** AMI of the servers. @default - the newest Amazon Linux 2023 at each launch */
  readonly imageId?: string | undefined;
  /** Key that the secrets are encrypted with. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Days that logs are kept. @default 30 */
  readonly logRetentionDays?: number;
  /** Texts by machine name; another text replaces that machine. @default - no machine is replaced */
  readonly replace?: Readonly<Record<string, string>>;
}

/**
 * Servers with nginx in front of one Spring Boot process each, and what clients reach them through.
 *
 * A release is a JAR in `artifactBucket`, put on every server by `releaseDocument`. Servers that nothing has been released to
 * answer with a placeholder, so that a new stack is healthy.
 */
export class AppTier extends pulumi.ComponentResource {
  /** What to open. */
  readonly url: pulumi.Output<string>;
  /** Elastic IP of the one machine in front. It outlives every such machine, and is kept while there is none. */
  readonly frontAddress: pulumi.Output<string>;
  /** All addresses that answer, where there is no load balancer. */
  readonly addresses: readonly pulumi.Output<string>[];
  /** DNS name of the load balancer, where there is one. */
  readonly loadBalancer: pulumi.Output<string> | undefined;
  readonly artifactBucket: pulumi.Output<string>;
  readonly releaseDocument: pulumi.Output<string>;
  /** Name servers to delegate the domain to, where its zone was made here. */
  readonly nameServers: pulumi.Output<string[]> | undefined;

  constructor(name: string, args: AppTierArgs, opts?: pulumi.ComponentResourceOptions) {
    super("billybully:app:AppTier", name, {}, opts);
    const child = { parent: this };
    const plan = planFront(args.front, args.servers ?? 1, args.zonesInUse ?? 1);
    const environment = { ...SERVER_ENVIRONMENT, ...args.environment };

    const releases = createReleases(name, { ...args, environment }, child);
    const machines = createMachines(name, plan, args, releases, child);
    const domains = createDomains(name, args, child);
    const fleets = plan.fleets.map((fleet) => createFleet(name, fleet, args, releases, domains, child));
    for (const domain of domains) createFrontRecord(name, domain, machines, fleets, child);

    this.url = urlOf(domains, fleets, machines);
    this.frontAddress = machines.front;
    this.addresses = machines.addresses;
    this.loadBalancer = fleets[0]?.dnsName;
    this.artifactBucket = releases.bucket.bucket;
    this.releaseDocument = releases.document.name;
    this.nameServers = domains[0]?.nameServers;
    this.registerOutputs({ url: this.url, artifactBucket: this.artifactBucket, releaseDocument: this.releaseDocument });
  }
}

/** HTTPS where a certificate can be had: at a load balancer with a domain. */
function urlOf([domain]: readonly Domain[], [fleet]: readonly Fleet[], { front }: Machines): pulumi.Output<string> {
  const scheme = domain !== undefined && fleet !== undefined ? "https" : "http";
  return pulumi.interpolate`${scheme}://${domain?.name ?? fleet?.dnsName ?? front}/`;
}
