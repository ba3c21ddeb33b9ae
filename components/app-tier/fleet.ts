import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FrontPlan } from "../../plan/front";
import { createTemplate, MACHINE_TAG, machineTag } from "../shared/machine";
import { createApply, digestOf } from "../shared/settings";
import { subnetAt } from "../shared/site";
import type { Domain } from "./domain";
import { createLoadBalancer, type Balancer } from "./load-balancer";
import type { Releases } from "./releases";
import type { AppTierArgs } from ".";

export interface Fleet extends Balancer {
  readonly group: aws.autoscaling.Group;
}

/** From launch to serving: packages, the release, the JVM. Health checks and scaling look away for so long. */
const WARMUP_SECONDS = 300;

/** Servers that nobody names, behind a load balancer that finds them itself. */
export function createFleet(
  name: string,
  plan: FrontPlan["fleets"][number],
  args: AppTierArgs,
  releases: Releases,
  domains: readonly Domain[],
  child: pulumi.CustomResourceOptions,
): Fleet {
  const { site } = args;
  const balancer = createLoadBalancer(name, plan.balancerZones, args, domains, child);
  const template = createTemplate(
    name,
    {
      ...releases.template,
      env: { ...releases.template.env, FLEET: "yes" },
      fleet: { securityGroupIds: [site.securityGroupIds.app], tag: machineTag("app") },
    },
    child,
  );
  const min = args.min ?? 2;
  const group = new aws.autoscaling.Group(
    name,
    {
      minSize: min,
      maxSize: args.max ?? 2 * min,
      vpcZoneIdentifiers: plan.zones.map((position) => subnetAt(site, "private", position)),
      // A number and not "$Latest": only a changed number starts an instance refresh.
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      targetGroupArns: [balancer.targetGroup.arn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: WARMUP_SECONDS,
      defaultInstanceWarmup: WARMUP_SECONDS,
      // A new server serves before an old one goes, in a refresh as after a failed health check.
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 200 },
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 200,
          instanceWarmup: String(WARMUP_SECONDS),
          autoRollback: true,
        },
      },
      enabledMetrics: ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"],
      maxInstanceLifetime: 90 * 24 * 3600, // newer kernels and packages, without anybody remembering
      waitForCapacityTimeout: "20m",
      minElbCapacity: min,
      tags: propagated({ Name: name, Project: pulumi.getProject(), Stack: pulumi.getStack() }),
    },
    // The group's own policy decides how many run; a deployment must not put it back. The listener has to be there for health.
    { ...child, ignoreChanges: ["desiredCapacity"], dependsOn: [...balancer.listeners] },
  );
  createHooks(name, group, child);
  createScaling(name, group, args.targetCpuPercent ?? 60, child);
  createApply(
    name,
    "app",
    [{ key: `tag:${MACHINE_TAG}`, values: [machineTag("app")] }],
    digestOf(releases.template.settings),
    {
      ...child,
      dependsOn: [group],
    },
  );
  return { ...balancer, group };
}

/** The provider's default tags reach neither a group nor what it launches, and the bill is read by them. */
function propagated(tags: Readonly<Record<string, string>>): aws.types.input.autoscaling.GroupTag[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true }));
}

/** `launching`: in service only when the server says that it serves. `terminating`: gone only when it has finished its requests. */
function createHooks(name: string, group: aws.autoscaling.Group, child: pulumi.CustomResourceOptions): void {
  const hooks = [
    {
      hook: "launching",
      transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
      heartbeatTimeout: 900,
      defaultResult: "ABANDON",
    },
    {
      hook: "terminating",
      transition: "autoscaling:EC2_INSTANCE_TERMINATING",
      heartbeatTimeout: 120,
      defaultResult: "CONTINUE",
    },
  ];
  for (const { hook, transition, ...times } of hooks) {
    const args = { name: hook, autoscalingGroupName: group.name, lifecycleTransition: transition, ...times };
    new aws.autoscaling.LifecycleHook(`${name}-${hook}`, args, child);
  }
}

function createScaling(
  name: string,
  group: aws.autoscaling.Group,
  targetValue: number,
  child: pulumi.CustomResourceOptions,
): void {
  const configuration = {
    predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
    targetValue,
  };
  const policy = {
    autoscalingGroupName: group.name,
    policyType: "TargetTrackingScaling",
    targetTrackingConfiguration: configuration,
  };
  new aws.autoscaling.Policy(`${name}-cpu`, policy, child);
}
