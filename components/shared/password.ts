import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface Password {
  readonly secretArn: pulumi.Output<string>;
  readonly value: pulumi.Output<string>;
}

/**
 * A password in Secrets Manager (0.40 USD a month). It is made once: any changed argument would make another one, and
 * whoever holds the old one would be locked out, so all three are protected.
 *
 * Letters and digits only: it passes through env files, SQL and option files without quoting.
 */
export function createPassword(
  name: string,
  kmsKeyId: pulumi.Input<string> | undefined,
  child: pulumi.CustomResourceOptions,
): Password {
  const kept = { ...child, protect: true };
  const password = new random.RandomPassword(name, { length: 32, special: false }, kept);
  const secret = new aws.secretsmanager.Secret(
    name,
    { ...(kmsKeyId !== undefined && { kmsKeyId }), recoveryWindowInDays: 30 },
    kept,
  );
  new aws.secretsmanager.SecretVersion(name, { secretId: secret.id, secretString: password.result }, kept);
  return { secretArn: secret.arn, value: password.result };
}
