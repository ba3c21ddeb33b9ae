import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createRole, writeLogs } from "../shared/permissions";
import type { Site } from "../shared/site";

/** Names of the databases live here, so that the app's address of its writer outlives the writer. 0.50 USD a month. */
export function createPrivateZone(
  name: string,
  vpcId: pulumi.Output<string>,
  child: pulumi.CustomResourceOptions,
): Site["privateZone"] {
  const domain = `${pulumi.getStack()}.${pulumi.getProject()}.internal`;
  const zone = new aws.route53.Zone(
    name,
    { name: domain, comment: "Names of the databases", vpcs: [{ vpcId }] },
    child,
  );
  return { id: zone.zoneId, name: domain };
}

export function createFlowLogs(
  name: string,
  vpcId: pulumi.Output<string>,
  retentionInDays: number,
  child: pulumi.CustomResourceOptions,
): void {
  const group = new aws.cloudwatch.LogGroup(name, { retentionInDays }, child);
  const role = createRole(`${name}-flow-logs`, "vpc-flow-logs.amazonaws.com", [writeLogs(group)], child);
  const args = {
    vpcId,
    trafficType: "ALL",
    logDestination: group.arn,
    iamRoleArn: role.arn,
    maxAggregationInterval: 600,
    tags: { Name: name },
  };
  new aws.ec2.FlowLog(name, args, child);
}

/** Traffic to S3 (packages, releases) does not pass the way out, where each GB is paid for. The endpoint is free. */
export function createStorageEndpoint(
  name: string,
  site: Site,
  routeTableIds: pulumi.Output<string>[],
  child: pulumi.CustomResourceOptions,
): void {
  const serviceName = `com.amazonaws.${site.region}.s3`;
  const args = {
    vpcId: site.vpcId,
    serviceName,
    vpcEndpointType: "Gateway",
    routeTableIds,
    tags: { Name: `${name}-s3` },
  };
  new aws.ec2.VpcEndpoint(`${name}-s3`, args, child);
}
