import assert from "node:assert/strict";
import { AppTier, type AppTierArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { all, inputsOf, labelsOf, one, optionsOf, protectedIn, waitsFor } from "../support/graph";
import { SITE } from "../support/site";
import { outputsOf } from "../support/stacks";

const ZONE = "<aws:route53/zone:Zone::app.zoneId>";
const ipOf = (name: string): string => `<aws:ec2/eip:Eip::${name}.publicIp>`;

function withDomain(given: Partial<AppTierArgs>): Promise<Evaluation> {
  const args = {
    site: SITE,
    front: "servers",
    instanceType: "t4g.small",
    domain: "api.example.com",
    ...given,
  } as const;
  return outputsOf(() => {
    const { url, nameServers } = new AppTier("app", args);
    return { url, nameServers: nameServers ?? "none" };
  });
}

const front = (graph: Evaluation) => inputsOf(graph, "Record", "app");

describe("AppTier with a domain", () => {
  it("makes a zone that is protected, and says whom to delegate to", async () => {
    const app = await withDomain({});
    const zone = one(app, "Zone", "app");
    assert.deepEqual(zone.inputs, { name: "api.example.com", comment: "Where clients reach the service" });
    assert.deepEqual(optionsOf(zone), { protect: true });
    assert.deepEqual(app.outputs, {
      url: "http://api.example.com/",
      nameServers: ["<aws:route53/zone:Zone::app.nameServers>"],
    });
  });

  it("writes into a zone that is there already, and makes none", async () => {
    const app = await withDomain({ hostedZoneId: "Z0123456789ABC" });
    assert.deepEqual(all(app, "Zone"), []);
    assert.equal(front(app)["zoneId"], "Z0123456789ABC");
    assert.deepEqual(app.outputs, { url: "http://api.example.com/", nameServers: "none" });
    assert.deepEqual(protectedIn(app), ["Bucket app-artifacts", "Eip app-front"]);
  });

  it("leads to the address of a single server, and to that of nginx", async () => {
    const record = { zoneId: ZONE, name: "api.example.com", type: "A", ttl: 30, records: [ipOf("app-front")] };
    assert.deepEqual(front(await withDomain({})), record);
    assert.deepEqual(front(await withDomain({ front: "nginx", servers: 3 })), record);
  });

  it("leads there only when what answers there serves", async () => {
    const app = await withDomain({});
    assert.ok(waitsFor(app, one(app, "Record", "app")).includes("EipAssociation app-front"));
    const fleet = await withDomain({ front: "alb" });
    assert.ok(waitsFor(fleet, one(fleet, "Record", "app")).includes("Group app"));
  });

  it("answers with every server that passes its health check", async () => {
    const app = await withDomain({ servers: 3 });
    const alias = { name: "<aws:route53/record:Record::app-server-1.fqdn>", zoneId: ZONE, evaluateTargetHealth: true };
    assert.deepEqual(front(app), { zoneId: ZONE, name: "api.example.com", type: "A", aliases: [alias] });
    assert.deepEqual(inputsOf(app, "Record", "app-server-2"), {
      zoneId: ZONE,
      name: "servers.api.example.com",
      type: "A",
      ttl: 30,
      records: [ipOf("app-front-2")],
      multivalueAnswerRoutingPolicy: true,
      setIdentifier: "2",
      healthCheckId: "<aws:route53/healthCheck:HealthCheck::app-server-2.id>",
    });
    assert.deepEqual(inputsOf(app, "HealthCheck", "app-server-2"), {
      type: "HTTP",
      ipAddress: ipOf("app-front-2"),
      port: 80,
      resourcePath: "/actuator/health/readiness",
      requestInterval: 10,
      failureThreshold: 2,
      tags: { Name: "app-server-2" },
    });
    assert.deepEqual(
      labelsOf(all(app, "HealthCheck")),
      [1, 2, 3].map((n) => `HealthCheck app-server-${n}`),
    );
  });

  it("leads to the load balancer, over HTTPS, with a certificate that AWS has issued", async () => {
    const app = await withDomain({ front: "alb" });
    const alias = {
      name: "<aws:lb/loadBalancer:LoadBalancer::app.dnsName>",
      zoneId: "<aws:lb/loadBalancer:LoadBalancer::app.zoneId>",
      evaluateTargetHealth: true,
    };
    assert.deepEqual(front(app), { zoneId: ZONE, name: "api.example.com", type: "A", aliases: [alias] });
    assert.equal(app.outputs["url"], "https://api.example.com/");
    assert.deepEqual(inputsOf(app, "Listener", "app-http")["defaultActions"], [
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
    ]);
    assert.deepEqual(inputsOf(app, "Listener", "app-https"), {
      loadBalancerArn: "<aws:lb/loadBalancer:LoadBalancer::app.arn>",
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn: "<aws:acm/certificate:Certificate::app.arn>",
      defaultActions: [{ type: "forward", targetGroupArn: "<aws:lb/targetGroup:TargetGroup::app.arn>" }],
    });
  });

  it("proves to AWS that the domain is ours, in the same zone", async () => {
    const app = await withDomain({ front: "alb", hostedZoneId: "Z0123456789ABC" });
    assert.deepEqual(inputsOf(app, "Certificate", "app"), { domainName: "api.example.com", validationMethod: "DNS" });
    assert.deepEqual(inputsOf(app, "Record", "app-certificate"), {
      zoneId: "Z0123456789ABC",
      name: "<aws:acm/certificate:Certificate::app.resourceRecordName>",
      type: "<aws:acm/certificate:Certificate::app.resourceRecordType>",
      records: ["<aws:acm/certificate:Certificate::app.resourceRecordValue>"],
      ttl: 300,
      allowOverwrite: true,
    });
    assert.deepEqual(inputsOf(app, "CertificateValidation", "app"), {
      certificateArn: "<aws:acm/certificate:Certificate::app.arn>",
      validationRecordFqdns: ["<aws:route53/record:Record::app-certificate.fqdn>"],
    });
  });
});
