import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policy } from "./permissions";

export interface BucketArgs {
  /** Days after which objects go, old versions included. @default - current objects stay, old versions go after 90 days */
  readonly expireDays?: number;
  /** Statements of the bucket policy beside the refusal of plain HTTP; `*` stands for the bucket's objects. */
  readonly allow?: readonly { readonly service: string; readonly action: string; readonly prefix: string }[];
}

/** A private, versioned bucket that speaks TLS only. S3 encrypts what it holds by itself. */
export function createBucket(
  name: string,
  { expireDays, allow = [] }: BucketArgs,
  child: pulumi.CustomResourceOptions,
): aws.s3.Bucket {
  const bucket = new aws.s3.Bucket(name, {}, { ...child, protect: true });
  const closed = {
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  };
  const access = new aws.s3.BucketPublicAccessBlock(name, { bucket: bucket.id, ...closed }, child);
  new aws.s3.BucketVersioning(name, { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } }, child);
  const rule = {
    id: "expire",
    status: "Enabled",
    filter: {},
    noncurrentVersionExpiration: { noncurrentDays: expireDays ?? 90 },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    ...(expireDays !== undefined && { expiration: { days: expireDays } }),
  };
  new aws.s3.BucketLifecycleConfiguration(name, { bucket: bucket.id, rules: [rule] }, child);

  const objects = (prefix: string): pulumi.Output<string> => pulumi.interpolate`${bucket.arn}/${prefix}*`;
  const refusePlain = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket.arn, objects("")],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const grants = allow.map(({ service, action, prefix }) => ({
    Effect: "Allow",
    Principal: { Service: service },
    Action: action,
    Resource: objects(prefix),
  }));
  new aws.s3.BucketPolicy(
    name,
    { bucket: bucket.id, policy: policy([refusePlain, ...grants]) },
    { ...child, dependsOn: [access] },
  );
  return bucket;
}
