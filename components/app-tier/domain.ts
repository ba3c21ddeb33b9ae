import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Fleet } from "./fleet";
import { HEALTH_PATH } from "./load-balancer";
import type { Machines } from "./machines";
import type { AppTierArgs } from ".";

/** The name under which clients reach the service, and the zone that holds it. */
export interface Domain {
  readonly name: string;
  readonly zoneId: pulumi.Input<string>;
  readonly nameServers: pulumi.Output<string[]> | undefined;
}

/** Seconds for which a resolver keeps an address: how long clients still come to one that is gone. */
const TTL_SECONDS = 30;

/** None, or the one that the stack file names. A zone that is made here keeps its name servers for ever: somebody delegated to them. */
export function createDomains(
  name: string,
  { domain, hostedZoneId }: AppTierArgs,
  child: pulumi.CustomResourceOptions,
): Domain[] {
  if (domain === undefined) return [];
  if (hostedZoneId !== undefined) return [{ name: domain, zoneId: hostedZoneId, nameServers: undefined }];
  const zone = new aws.route53.Zone(
    name,
    { name: domain, comment: "Where clients reach the service" },
    { ...child, protect: true },
  );
  return [{ name: domain, zoneId: zone.zoneId, nameServers: zone.nameServers }];
}

/** ARN of a certificate that AWS has issued: it waits until the domain's zone is delegated and answers. */
export function createCertificate(
  name: string,
  domain: Domain,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const certificate = new aws.acm.Certificate(name, { domainName: domain.name, validationMethod: "DNS" }, child);
  const option = certificate.domainValidationOptions.apply(([first]) => first ?? NO_OPTION);
  const record = new aws.route53.Record(
    `${name}-certificate`,
    {
      zoneId: domain.zoneId,
      name: option.resourceRecordName,
      type: option.resourceRecordType,
      records: [option.resourceRecordValue],
      ttl: 300,
      allowOverwrite: true,
    },
    child,
  );
  const args = { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] };
  return new aws.acm.CertificateValidation(name, args, child).certificateArn;
}

const NO_OPTION = { resourceRecordName: "", resourceRecordType: "", resourceRecordValue: "" };

/**
 * One record with one name at every tier: the address, the healthy ones of several addresses, or the load balancer. It changes in place, and
 * only when what it will point to serves.
 */
export function createFrontRecord(
  name: string,
  domain: Domain,
  machines: Machines,
  fleets: readonly Fleet[],
  child: pulumi.CustomResourceOptions,
): void {
  const record = { zoneId: domain.zoneId, name: domain.name, type: "A" };
  const dependsOn = [...machines.associations, ...fleets.map(({ group }) => group)];
  new aws.route53.Record(
    name,
    { ...record, ...frontOf(name, domain, machines, fleets, child) },
    { ...child, dependsOn },
  );
}

type Answer = Pick<aws.route53.RecordArgs, "ttl" | "records" | "aliases">;

function frontOf(
  name: string,
  domain: Domain,
  machines: Machines,
  fleets: readonly Fleet[],
  child: pulumi.CustomResourceOptions,
): Answer {
  const [fleet] = fleets;
  if (fleet !== undefined) return alias(fleet.dnsName, fleet.hostedZoneId);
  if (machines.addresses.length === 1) return { ttl: TTL_SECONDS, records: [...machines.addresses] };
  return alias(createServerRecords(name, domain, machines.addresses, child), domain.zoneId);
}

function alias(name: pulumi.Input<string>, zoneId: pulumi.Input<string>): Answer {
  return { aliases: [{ name, zoneId, evaluateTargetHealth: true }] };
}

/** A record for each server under a name of their own; Route 53 answers with all that pass their health check. 0.50 USD a check and month. */
function createServerRecords(
  name: string,
  domain: Domain,
  addresses: readonly pulumi.Output<string>[],
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const records = addresses.map((ipAddress, index) => {
    const id = `${name}-server-${index + 1}`;
    const check = {
      type: "HTTP",
      ipAddress,
      port: 80,
      resourcePath: HEALTH_PATH,
      requestInterval: 10,
      failureThreshold: 2,
      tags: { Name: id },
    };
    const healthCheckId = new aws.route53.HealthCheck(id, check, child).id;
    const record = {
      zoneId: domain.zoneId,
      name: `servers.${domain.name}`,
      type: "A",
      ttl: TTL_SECONDS,
      records: [ipAddress],
    };
    const policy = { multivalueAnswerRoutingPolicy: true, setIdentifier: String(index + 1), healthCheckId };
    return new aws.route53.Record(id, { ...record, ...policy }, child).fqdn;
  });
  return pulumi.all(records).apply(([first]) => first ?? "");
}
