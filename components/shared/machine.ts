import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { architectureOf } from "../../plan/catalogue";
import { renderUserData, type MachineRole } from "../../plan/user-data";
import { createApply, digestOf, type Settings } from "./settings";
import type { Site } from "./site";

/** What a launch template needs to make machines of one kind. */
export interface TemplateArgs {
  readonly role: MachineRole;
  readonly instanceType: string;
  /** AMI id; by default the newest Amazon Linux 2023 of the type's architecture at each launch. */
  readonly imageId?: string | undefined;
  readonly profile: aws.iam.InstanceProfile;
  /** Lines of machine.env that only this role has; see docs/machines.md. */
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the machine is told while it runs. */
  readonly settings?: Settings;
  /** Log group that the machine's agent writes to. @default - logs stay on the machine */
  readonly logGroup?: pulumi.Input<string>;
  readonly site: Pick<Site, "region" | "cidr">;
  readonly rootGib?: number;
  /** Only fleets set what a lone machine is given at its own resource, so that it can change there in place. */
  readonly fleet?: { readonly securityGroupIds: pulumi.Input<string>[]; readonly tag: string };
}

export function createTemplate(
  name: string,
  args: TemplateArgs,
  child: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  const env = {
    STACK: pulumi.getStack(),
    REGION: args.site.region,
    NETWORK_CIDR: args.site.cidr,
    LOG_GROUP: args.logGroup ?? "",
    SETTINGS_PARAMETER: args.settings?.parameter ?? "",
    ...args.env,
  };
  const userData = pulumi.output(env).apply((lines) => renderUserData(args.role, lines));
  const { fleet } = args;
  return new aws.ec2.LaunchTemplate(
    name,
    {
      imageId: args.imageId ?? latestImage(args.instanceType),
      userData,
      iamInstanceProfile: { arn: args.profile.arn },
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeSize: args.rootGib ?? 20, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      updateDefaultVersion: true,
      ...(fleet && { instanceType: args.instanceType, vpcSecurityGroupIds: fleet.securityGroupIds }),
      ...(fleet && {
        tagSpecifications: [{ resourceType: "instance", tags: { Name: name, [MACHINE_TAG]: fleet.tag } }],
      }),
    },
    child,
  );
}

/** Systems Manager finds the machines of one kind of one stack by this tag. */
export const MACHINE_TAG = "billybully:machines";

export function machineTag(kind: string): string {
  return `${pulumi.getProject()}-${pulumi.getStack()}-${kind}`;
}

/** Where a lone machine stands: on a kept network interface, or in a subnet with a public address of its own for the first minutes. */
export type Place =
  | { readonly networkInterfaceId: pulumi.Input<string> }
  | {
      readonly subnetId: pulumi.Input<string>;
      readonly securityGroupIds: pulumi.Input<string>[];
      readonly associatePublicIpAddress: boolean;
    };

export interface MachineArgs extends TemplateArgs {
  readonly place: Place;
  /** Value of `MACHINE_TAG`. */
  readonly tag: string;
  /** Any text; another text replaces the machine at the next `up`. The only thing that does, beside another architecture. */
  readonly replace?: string | undefined;
}

export interface Machine {
  readonly instance: aws.ec2.Instance;
  /** What others wait for: EC2 says `running` long before the machine serves. */
  readonly ready: pulumi.Resource;
}

/**
 * One machine that nothing replaces behind its owner's back: a new AMI or new user data makes a new template version, which it ignores.
 *
 * On a kept interface the old machine has to go before the new one can come (AWS attaches an interface once), else the new one
 * serves before the old one goes.
 */
export function createMachine(name: string, args: MachineArgs, child: pulumi.CustomResourceOptions): Machine {
  const template = createTemplate(name, args, child);
  const kept = "networkInterfaceId" in args.place;
  const instance = new aws.ec2.Instance(
    name,
    {
      launchTemplate: { id: template.id, version: "$Latest" },
      instanceType: args.instanceType,
      ...placement(args.place),
      tags: { Name: name, [MACHINE_TAG]: args.tag },
    },
    {
      ...child,
      ignoreChanges: ["launchTemplate"],
      deleteBeforeReplace: kept,
      replacementTrigger: `${architectureOf(args.instanceType)} ${args.replace ?? ""}`,
    },
  );
  // Another type stops the machine: whoever waits for it waits until it serves again, with what its new memory allows.
  const reasons = pulumi.interpolate`${digestOf(args.settings)} ${args.instanceType}`;
  const ready = createApply(name, args.role, [{ key: "InstanceIds", values: [instance.id] }], reasons, child);
  return { instance, ready };
}

/**
 * `networkInterfaces` and not its successor `primaryNetworkInterface`: AWS provider 7 takes both, and only the first one is known to the
 * provider that the engine tests run on.
 */
function placement(
  place: Place,
): Pick<aws.ec2.InstanceArgs, "networkInterfaces" | "subnetId" | "vpcSecurityGroupIds" | "associatePublicIpAddress"> {
  if ("networkInterfaceId" in place)
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
    return { networkInterfaces: [{ networkInterfaceId: place.networkInterfaceId, deviceIndex: 0 }] };
  const { subnetId, securityGroupIds, associatePublicIpAddress } = place;
  return { subnetId, vpcSecurityGroupIds: securityGroupIds, associatePublicIpAddress };
}

function latestImage(instanceType: string): string {
  return `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architectureOf(instanceType)}`;
}
