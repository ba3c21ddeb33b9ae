import assert from "node:assert/strict";
import { AppTier, type AppTierArgs } from "../../components";
import type { Evaluation } from "../../evaluate";
import { readUserData } from "../../plan/user-data";
import { all, inputsOf, labelsOf, one, optionsOf, protectedIn, waitsFor } from "../support/graph";
import { SITE } from "../support/site";
import { built, outputsOf } from "../support/stacks";

const ARGS: AppTierArgs = { site: SITE, front: "alb", instanceType: "c7g.large", min: 3, max: 9, zonesInUse: 3 };

describe("AppTier with a load balancer and a fleet", () => {
  let app: Evaluation;
  before(async () => {
    app = await outputsOf(() => {
      const { url, frontAddress, addresses, loadBalancer } = new AppTier("app", { ...ARGS, targetCpuPercent: 53 });
      return { url, frontAddress, addresses, loadBalancer };
    });
  });

  it("answers under the load balancer's name, and keeps the front address for the way back", () => {
    assert.deepEqual(app.outputs, {
      url: "http://<aws:lb/loadBalancer:LoadBalancer::app.dnsName>/",
      frontAddress: "<aws:ec2/eip:Eip::app-front.publicIp>",
      addresses: [],
      loadBalancer: "<aws:lb/loadBalancer:LoadBalancer::app.dnsName>",
    });
    assert.deepEqual(all(app, "EipAssociation"), []);
    assert.deepEqual(protectedIn(app), ["Bucket app-artifacts", "Eip app-front"]);
  });

  it("never drops below full strength: not in a refresh, not after a failed health check", () => {
    const group = one(app, "Group", "app");
    assert.deepEqual(group.inputs, {
      minSize: 3,
      maxSize: 9,
      vpcZoneIdentifiers: ["private-a", "private-b", "private-c"],
      launchTemplate: {
        id: "<aws:ec2/launchTemplate:LaunchTemplate::app.id>",
        version: "<aws:ec2/launchTemplate:LaunchTemplate::app.latestVersion>",
      },
      targetGroupArns: ["<aws:lb/targetGroup:TargetGroup::app.arn>"],
      healthCheckType: "ELB",
      healthCheckGracePeriod: 300,
      defaultInstanceWarmup: 300,
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 200,
          instanceWarmup: "300",
          autoRollback: true,
        },
      },
      enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
      maxInstanceLifetime: 7_776_000,
      waitForCapacityTimeout: "20m",
      minElbCapacity: 3,
      tags: [
        { key: "Name", value: "app", propagateAtLaunch: true },
        { key: "Project", value: "billybully", propagateAtLaunch: true },
        { key: "Stack", value: "test", propagateAtLaunch: true },
      ],
    });
    assert.deepEqual(optionsOf(group), { ignoreChanges: ["desiredCapacity"] });
    assert.ok(waitsFor(app, group).includes("Listener app-http"));
  });

  it("refreshes by itself: type, group and tag are in the template, and a changed template is another version", () => {
    const { userData, instanceType, vpcSecurityGroupIds, tagSpecifications } = inputsOf(app, "LaunchTemplate", "app");
    assert.equal(instanceType, "c7g.large");
    assert.deepEqual(vpcSecurityGroupIds, ["sg-app"]);
    assert.deepEqual(tagSpecifications, [
      { resourceType: "instance", tags: { Name: "app", "billybully:machines": "billybully-test-app" } },
    ]);
    assert.match(readUserData(String(userData)), /FLEET='yes'/);
    assert.deepEqual(optionsOf(one(app, "LaunchTemplate", "app")), {});
  });

  it("lets a server in when it says that it serves, and out when it has finished", () => {
    assert.deepEqual(
      all(app, "LifecycleHook").map(({ inputs }) => inputs),
      [
        {
          name: "launching",
          autoscalingGroupName: "<aws:autoscaling/group:Group::app.name>",
          lifecycleTransition: "autoscaling:EC2_INSTANCE_LAUNCHING",
          heartbeatTimeout: 900,
          defaultResult: "ABANDON",
        },
        {
          name: "terminating",
          autoscalingGroupName: "<aws:autoscaling/group:Group::app.name>",
          lifecycleTransition: "autoscaling:EC2_INSTANCE_TERMINATING",
          heartbeatTimeout: 120,
          defaultResult: "CONTINUE",
        },
      ],
    );
  });

  it("scales to the CPU that leaves room to lose a zone", () => {
    assert.deepEqual(inputsOf(app, "Policy", "app-cpu"), {
      autoscalingGroupName: "<aws:autoscaling/group:Group::app.name>",
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: 53,
      },
    });
  });

  it("applies settings to every server of the fleet by tag, after the fleet is there", () => {
    const apply = one(app, "Association", "app-apply");
    assert.deepEqual(apply.inputs["targets"], [{ key: "tag:billybully:machines", values: ["billybully-test-app"] }]);
    assert.ok(waitsFor(app, apply).includes("Group app"));
  });

  it("stands in public subnets behind the front group", () => {
    assert.deepEqual(inputsOf(app, "LoadBalancer", "app"), {
      loadBalancerType: "application",
      securityGroups: ["sg-front"],
      subnets: ["public-a", "public-b", "public-c"],
      dropInvalidHeaderFields: true,
      idleTimeout: 60,
      tags: { Name: "app" },
    });
  });

  it("asks servers whether they can serve, and gives them half a minute to start and to stop", () => {
    assert.deepEqual(inputsOf(app, "TargetGroup", "app"), {
      vpcId: "vpc-1",
      targetType: "instance",
      protocol: "HTTP",
      port: 80,
      deregistrationDelay: 30,
      slowStart: 30,
      healthCheck: {
        path: "/actuator/health/readiness",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        matcher: "200",
      },
      tags: { Name: "app" },
    });
  });

  it("listens on plain HTTP without a domain", () => {
    assert.deepEqual(labelsOf(all(app, "Listener")), ["Listener app-http"]);
    assert.deepEqual(inputsOf(app, "Listener", "app-http"), {
      loadBalancerArn: "<aws:lb/loadBalancer:LoadBalancer::app.arn>",
      port: 80,
      protocol: "HTTP",
      defaultActions: [{ type: "forward", targetGroupArn: "<aws:lb/targetGroup:TargetGroup::app.arn>" }],
    });
  });

  it("has two servers in one zone, and a load balancer in the two that AWS demands, where nothing else is said", async () => {
    const small = await built(() => new AppTier("app", { site: SITE, front: "alb", instanceType: "t4g.small" }));
    const { minSize, maxSize, vpcZoneIdentifiers } = inputsOf(small, "Group", "app");
    assert.deepEqual([minSize, maxSize, vpcZoneIdentifiers], [2, 4, ["private-a"]]);
    assert.deepEqual(inputsOf(small, "LoadBalancer", "app")["subnets"], ["public-a", "public-b"]);
    assert.deepEqual(inputsOf(small, "Policy", "app-cpu")["targetTrackingConfiguration"], {
      predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
      targetValue: 60,
    });
  });

  it("refuses zones that the network does not have", async () => {
    await assert.rejects(
      built(() => new AppTier("app", { ...ARGS, zonesInUse: 4 })),
      new RangeError("the network has no public subnet in zone number 4"),
    );
  });
});
