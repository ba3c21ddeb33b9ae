import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { renderSettings, type MachineRole } from "../../plan/user-data";

/** What a running machine is told, apart from its user data, so that a change reaches it without a new machine. */
export interface Settings {
  /** Name of the SSM parameter, known before it exists. */
  readonly parameter: string;
  readonly arn: pulumi.Output<string>;
  /** Changes with the content; puts a new run of `apply.sh` into motion. */
  readonly digest: pulumi.Output<string>;
}

/** A reason to apply: other settings. */
export function digestOf(settings: Settings | undefined): pulumi.Input<string> {
  return settings?.digest ?? "none";
}

/** A value that the machine fetches from Secrets Manager itself. */
export function secretValue(arn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`secretsmanager:${arn}`;
}

/** Settings of one kind of machine as `KEY=value` lines in a parameter. Secrets only as `secretValue`. */
export function createSettings(
  name: string,
  values: Readonly<Record<string, pulumi.Input<string>>>,
  child: pulumi.CustomResourceOptions,
): Settings {
  const parameter = `/${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
  const value = pulumi.output(values).apply(renderSettings);
  const { arn } = new aws.ssm.Parameter(name, { name: parameter, type: "String", value }, child);
  return {
    parameter,
    arn,
    digest: value.apply((text) => createHash("sha256").update(text).digest("hex").slice(0, 12)),
  };
}

/** How long a machine may take from its launch, or from a change of its settings, until it serves. */
const READY_WITHIN_SECONDS = 900;

/**
 * Runs `apply.sh` on the machines, one after the other, when they are new and whenever the reasons change, and waits for it: `up` is
 * done when they serve, and fails with the script's own words when they do not.
 *
 * Only a new association waits, so a change makes a new one.
 */
export function createApply(
  name: string,
  role: MachineRole,
  targets: pulumi.Input<pulumi.Input<aws.types.input.ssm.AssociationTarget>[]>,
  reasons: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): aws.ssm.Association {
  const commands = pulumi.interpolate`/opt/billybully/${role}/apply.sh # settings ${reasons}`;
  return new aws.ssm.Association(
    `${name}-apply`,
    {
      name: "AWS-RunShellScript",
      targets,
      parameters: { commands, executionTimeout: String(READY_WITHIN_SECONDS) },
      maxConcurrency: "1",
      maxErrors: "0",
      waitForSuccessTimeoutSeconds: READY_WITHIN_SECONDS,
    },
    { ...child, replaceOnChanges: ["targets", "parameters"] },
  );
}
