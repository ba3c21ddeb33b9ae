import type { Words } from ".";

const TAGS = "CreateTags DeleteTags";

/** Machines, their disks and interfaces, the fleet, and what runs commands on them. */
export const MACHINES: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  ec2: {
    "aws:ec2/networkInterface:NetworkInterface": {
      create: "CreateNetworkInterface ModifyNetworkInterfaceAttribute CreateTags",
      read: "DescribeNetworkInterfaces",
      update: `ModifyNetworkInterfaceAttribute ${TAGS}`,
      delete: "DetachNetworkInterface DeleteNetworkInterface",
    },
    "aws:ec2/launchTemplate:LaunchTemplate": {
      create: "CreateLaunchTemplate CreateTags",
      read: "DescribeLaunchTemplates DescribeLaunchTemplateVersions",
      update: `CreateLaunchTemplateVersion ModifyLaunchTemplate ${TAGS}`,
      delete: "DeleteLaunchTemplate",
    },
    "aws:ec2/instance:Instance": {
      create: "RunInstances CreateTags iam:PassRole ssm:GetParameters",
      read:
        "DescribeInstances DescribeInstanceAttribute DescribeInstanceCreditSpecifications DescribeInstanceTypes " +
        "DescribeLaunchTemplates DescribeLaunchTemplateVersions DescribeNetworkInterfaces DescribeTags DescribeVolumes",
      update:
        "ModifyInstanceAttribute ModifyInstanceCreditSpecification ModifyInstanceMetadataOptions " +
        `ModifyNetworkInterfaceAttribute MonitorInstances UnmonitorInstances StartInstances StopInstances ${TAGS}`,
      delete: "ModifyInstanceAttribute TerminateInstances",
    },
    "aws:ec2/volumeAttachment:VolumeAttachment": {
      create: "AttachVolume",
      read: "DescribeVolumes DescribeInstances",
      update: "",
      delete: "StopInstances DetachVolume",
    },
    "aws:ebs/volume:Volume": {
      create: "CreateVolume CreateTags kms:CreateGrant kms:Decrypt kms:DescribeKey kms:GenerateDataKeyWithoutPlaintext",
      read: "DescribeVolumes DescribeVolumesModifications",
      update: `ModifyVolume ${TAGS}`,
      delete: "CreateSnapshot DescribeSnapshots CreateTags DeleteVolume",
    },
  },
  autoscaling: {
    "aws:autoscaling/group:Group": {
      create:
        "CreateAutoScalingGroup CreateOrUpdateTags EnableMetricsCollection ec2:RunInstances ec2:CreateTags iam:PassRole " +
        "iam:CreateServiceLinkedRole ssm:GetParameters",
      read:
        "DescribeAutoScalingGroups DescribeInstanceRefreshes DescribeLifecycleHooks DescribeScalingActivities " +
        "elasticloadbalancing:DescribeTargetHealth",
      update:
        "UpdateAutoScalingGroup EnableMetricsCollection DisableMetricsCollection CreateOrUpdateTags DeleteTags " +
        "AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups AttachTrafficSources DetachTrafficSources " +
        "StartInstanceRefresh CancelInstanceRefresh",
      delete: "UpdateAutoScalingGroup DeleteAutoScalingGroup",
    },
    "aws:autoscaling/lifecycleHook:LifecycleHook": {
      create: "PutLifecycleHook",
      read: "DescribeLifecycleHooks",
      update: "PutLifecycleHook",
      delete: "DeleteLifecycleHook",
    },
    "aws:autoscaling/policy:Policy": {
      create: "PutScalingPolicy cloudwatch:PutMetricAlarm",
      read: "DescribePolicies",
      update: "PutScalingPolicy cloudwatch:PutMetricAlarm cloudwatch:DeleteAlarms",
      delete: "DeletePolicy cloudwatch:DeleteAlarms",
    },
  },
  ssm: {
    "aws:ssm/association:Association": {
      create: "CreateAssociation AddTagsToResource",
      read: "DescribeAssociation ListTagsForResource",
      update: "UpdateAssociation AddTagsToResource RemoveTagsFromResource",
      delete: "DeleteAssociation",
    },
    "aws:ssm/document:Document": {
      create: "CreateDocument AddTagsToResource",
      read: "DescribeDocument DescribeDocumentPermission GetDocument ListTagsForResource",
      update: "UpdateDocument UpdateDocumentDefaultVersion AddTagsToResource RemoveTagsFromResource",
      delete: "DeleteDocument",
    },
    "aws:ssm/parameter:Parameter": {
      create: "PutParameter AddTagsToResource",
      read: "DescribeParameters GetParameter GetParameters ListTagsForResource",
      update: "PutParameter AddTagsToResource RemoveTagsFromResource",
      delete: "DeleteParameter",
    },
  },
  dlm: {
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": {
      create: "CreateLifecyclePolicy TagResource iam:PassRole",
      read: "GetLifecyclePolicy",
      update: "UpdateLifecyclePolicy TagResource UntagResource iam:PassRole",
      delete: "DeleteLifecyclePolicy",
    },
  },
};
