import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { subnetAt } from "../shared/site";
import { createCertificate, type Domain } from "./domain";
import type { AppTierArgs } from ".";

export interface Balancer {
  readonly dnsName: pulumi.Output<string>;
  readonly hostedZoneId: pulumi.Output<string>;
  readonly targetGroup: aws.lb.TargetGroup;
  readonly listeners: readonly aws.lb.Listener[];
}

/** The server is asked whether it can serve, and not whether the database can: a database that is away must not take the fleet with it. */
export const HEALTH_PATH = "/actuator/health/readiness";

export function createLoadBalancer(
  name: string,
  zones: readonly number[],
  args: AppTierArgs,
  domains: readonly Domain[],
  child: pulumi.CustomResourceOptions,
): Balancer {
  const { site } = args;
  const loadBalancer = new aws.lb.LoadBalancer(
    name,
    {
      loadBalancerType: "application",
      securityGroups: [site.securityGroupIds.front],
      subnets: zones.map((position) => subnetAt(site, "public", position)),
      dropInvalidHeaderFields: true,
      idleTimeout: 60,
      tags: { Name: name },
    },
    child,
  );
  const targetGroup = new aws.lb.TargetGroup(
    name,
    {
      vpcId: site.vpcId,
      targetType: "instance",
      protocol: "HTTP",
      port: 80,
      deregistrationDelay: 30,
      slowStart: 30, // a JVM that has just started is slow
      healthCheck: {
        path: HEALTH_PATH,
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        matcher: "200",
      },
      tags: { Name: name },
    },
    child,
  );
  const listeners = createListeners(name, loadBalancer, targetGroup, domains, child);
  return { dnsName: loadBalancer.dnsName, hostedZoneId: loadBalancer.zoneId, targetGroup, listeners };
}

/** Plain HTTP without a domain; with one, HTTPS, and HTTP that only points there. */
function createListeners(
  name: string,
  loadBalancer: aws.lb.LoadBalancer,
  targetGroup: aws.lb.TargetGroup,
  domains: readonly Domain[],
  child: pulumi.CustomResourceOptions,
): aws.lb.Listener[] {
  const forward = { type: "forward", targetGroupArn: targetGroup.arn };
  const redirect = { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } };
  const http = {
    loadBalancerArn: loadBalancer.arn,
    port: 80,
    protocol: "HTTP",
    defaultActions: [domains.length > 0 ? redirect : forward],
  };
  const secure = domains.map((domain) => ({
    loadBalancerArn: loadBalancer.arn,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
    certificateArn: createCertificate(name, domain, child),
    defaultActions: [forward],
  }));
  return [
    new aws.lb.Listener(`${name}-http`, http, child),
    ...secure.map((https) => new aws.lb.Listener(`${name}-https`, https, child)),
  ];
}
