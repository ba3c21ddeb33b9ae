import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Where the state of all stacks lies, and the key that it and the passwords in it are encrypted with. */
export interface State {
  readonly bucketArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;
  /** For `pulumi login`. */
  readonly url: pulumi.Output<string>;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
}

/** Days that a state from before the last change is kept. */
const HISTORY_DAYS = 365;

export function createState(name: string, region: string): State {
  const key = createKey(name);
  const bucket = new aws.s3.Bucket(name, {}, { protect: true });
  const access = new aws.s3.BucketPublicAccessBlock(name, {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketVersioning(name, { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } });
  new aws.s3.BucketServerSideEncryptionConfiguration(name, {
    bucket: bucket.id,
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        bucketKeyEnabled: true,
      },
    ],
  });
  const expire = {
    id: "history",
    status: "Enabled",
    filter: {},
    noncurrentVersionExpiration: { noncurrentDays: HISTORY_DAYS },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
  new aws.s3.BucketLifecycleConfiguration(name, { bucket: bucket.id, rules: [expire] });
  const refusePlain = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
  const policy = pulumi.jsonStringify({ Version: "2012-10-17", Statement: [refusePlain] });
  new aws.s3.BucketPolicy(name, { bucket: bucket.id, policy }, { dependsOn: [access] });
  return {
    bucketArn: bucket.arn,
    keyArn: key.arn,
    url: pulumi.interpolate`s3://${bucket.bucket}?region=${region}&awssdk=v2`,
    secretsProvider: `awskms://alias/${name}?region=${region}`,
  };
}

function createKey(name: string): aws.kms.Key {
  const description = "Pulumi state, and the passwords in it";
  const key = new aws.kms.Key(
    name,
    { description, enableKeyRotation: true, deletionWindowInDays: 30 },
    { protect: true },
  );
  new aws.kms.Alias(name, { name: `alias/${name}`, targetKeyId: key.keyId });
  return key;
}
