import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** The key that every stored byte and every password of the stack is encrypted with. 1 USD a month; losing it loses all of them. */
export class Keyring extends pulumi.ComponentResource {
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("billybully:keyring:Keyring", name, {}, opts);
    const child = { parent: this };
    const description = `Data and passwords of ${pulumi.getProject()} ${pulumi.getStack()}`;
    const key = new aws.kms.Key(
      name,
      { description, enableKeyRotation: true, deletionWindowInDays: 30 },
      { ...child, protect: true },
    );
    const alias = `alias/${pulumi.getProject()}-${pulumi.getStack()}`;
    new aws.kms.Alias(name, { name: alias, targetKeyId: key.keyId }, child);
    this.keyArn = key.arn;
    this.registerOutputs({ keyArn: this.keyArn });
  }
}
