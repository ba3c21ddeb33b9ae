import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { releaseDocument } from "../../plan/release-document";
import { createBucket } from "../shared/bucket";
import { MACHINE_TAG, machineTag, type TemplateArgs } from "../shared/machine";
import { createProfile, createRole, writeLogs } from "../shared/permissions";
import { createSettings } from "../shared/settings";
import type { AppTierArgs } from ".";

/** What every app server shares, wherever it stands. */
export interface Releases {
  readonly bucket: aws.s3.Bucket;
  readonly document: aws.ssm.Document;
  readonly logs: aws.cloudwatch.LogGroup;
  /** What a launch template of app servers is made of. */
  readonly template: Omit<TemplateArgs, "fleet">;
}

/** Value of the release parameter before the first release. */
const NO_RELEASE = "none";

/** Where releases lie, which one is current, the command that puts one on the servers, and what a server may do to get it. */
export function createReleases(name: string, args: AppTierArgs, child: pulumi.CustomResourceOptions): Releases {
  const bucket = createBucket(`${name}-artifacts`, {}, child);
  const logs = new aws.cloudwatch.LogGroup(name, { retentionInDays: args.logRetentionDays ?? 30 }, child);
  const settings = createSettings(name, args.environment ?? {}, child);
  const path = `/${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
  const current = new aws.ssm.Parameter(
    `${name}-release`,
    { name: `${path}-release`, type: "String", value: NO_RELEASE, description: "The release that servers install" },
    // From the first release on the value is the release document's.
    { ...child, ignoreChanges: ["value"] },
  );
  const objects = pulumi.interpolate`${bucket.arn}/releases/*`;
  const profile = createProfile(
    name,
    [
      writeLogs(logs),
      { actions: ["ssm:GetParameter"], resources: [settings.arn, current.arn] },
      { actions: ["s3:GetObject"], resources: [objects] },
      ...grant("secretsmanager:GetSecretValue", args.secretArns),
      ...grant("kms:Decrypt", args.kmsKeyArn === undefined ? [] : [args.kmsKeyArn]),
      // Neither action can be narrowed to a group whose name is not known before its template is.
      { actions: ["autoscaling:DescribeAutoScalingInstances"], resources: ["*"] },
      {
        actions: ["autoscaling:CompleteLifecycleAction"],
        resources: [`arn:aws:autoscaling:${args.site.region}:*:autoScalingGroup:*:autoScalingGroupName/${name}-*`],
      },
    ],
    child,
  );
  const document = createDocument(name, bucket, `${path}-release`, child);
  const env = { ARTIFACT_BUCKET: bucket.bucket, RELEASE_PARAMETER: `${path}-release` };
  const template = {
    role: "app",
    instanceType: args.instanceType,
    imageId: args.imageId,
    profile,
    env,
    settings,
    logGroup: logs.name,
    site: args.site,
  } as const;
  return { bucket, document, logs, template };
}

function grant(
  action: string,
  resources: readonly pulumi.Input<string>[] = [],
): { actions: string[]; resources: pulumi.Input<string>[] }[] {
  return resources.length === 0 ? [] : [{ actions: [action], resources: [...resources] }];
}

function createDocument(
  name: string,
  bucket: aws.s3.Bucket,
  currentParameter: string,
  child: pulumi.CustomResourceOptions,
): aws.ssm.Document {
  const lockParameter = `${currentParameter}-lock`;
  const parameters = `arn:aws:ssm:*:*:parameter${currentParameter}*`;
  const role = createRole(
    `${name}-release`,
    "ssm.amazonaws.com",
    [
      { actions: ["ssm:PutParameter", "ssm:DeleteParameter"], resources: [parameters] },
      { actions: ["s3:GetObject"], resources: [pulumi.interpolate`${bucket.arn}/releases/*`] },
      { actions: ["s3:ListBucket"], resources: [bucket.arn] },
      { actions: ["ssm:SendCommand"], resources: ["arn:aws:ssm:*::document/AWS-RunShellScript"] },
      {
        actions: ["ssm:SendCommand"],
        resources: ["arn:aws:ec2:*:*:instance/*"],
        when: { [`ssm:resourceTag/${MACHINE_TAG}`]: machineTag("app") },
      },
      {
        actions: ["ssm:ListCommands", "ssm:ListCommandInvocations", "ssm:DescribeInstanceInformation"],
        resources: ["*"],
      },
    ],
    child,
  );
  const content = pulumi.jsonStringify(
    releaseDocument<pulumi.Input<string>>({
      roleArn: role.arn,
      bucket: bucket.bucket,
      currentParameter,
      lockParameter,
      tag: { key: MACHINE_TAG, value: machineTag("app") },
    }),
  );
  return new aws.ssm.Document(
    `${name}-release`,
    { documentType: "Automation", documentFormat: "JSON", content },
    child,
  );
}
