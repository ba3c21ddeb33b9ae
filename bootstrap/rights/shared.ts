import type { Words } from ".";

/** Roles, keys, passwords and logs. */
export const SHARED: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  iam: {
    "aws:iam/role:Role": {
      create: "CreateRole TagRole",
      read: "GetRole ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies ListRoleTags",
      update: "UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription TagRole UntagRole",
      delete: "DeleteRole",
    },
    "aws:iam/rolePolicy:RolePolicy": {
      create: "PutRolePolicy",
      read: "GetRolePolicy",
      update: "PutRolePolicy",
      delete: "DeleteRolePolicy",
    },
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
      create: "AttachRolePolicy",
      read: "ListAttachedRolePolicies",
      update: "",
      delete: "DetachRolePolicy",
    },
    "aws:iam/instanceProfile:InstanceProfile": {
      create: "CreateInstanceProfile TagInstanceProfile AddRoleToInstanceProfile PassRole",
      read: "GetInstanceProfile ListInstanceProfileTags",
      update: "AddRoleToInstanceProfile RemoveRoleFromInstanceProfile PassRole TagInstanceProfile UntagInstanceProfile",
      delete: "RemoveRoleFromInstanceProfile DeleteInstanceProfile",
    },
  },
  kms: {
    "aws:kms/key:Key": {
      create: "CreateKey TagResource EnableKeyRotation",
      read: "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
      update: "EnableKeyRotation PutKeyPolicy UpdateKeyDescription TagResource UntagResource",
      delete: "ScheduleKeyDeletion",
    },
    "aws:kms/alias:Alias": {
      create: "CreateAlias",
      read: "ListAliases",
      update: "UpdateAlias",
      delete: "DeleteAlias",
    },
  },
  secretsmanager: {
    "aws:secretsmanager/secret:Secret": {
      create: "CreateSecret TagResource kms:Decrypt kms:GenerateDataKey",
      read: "DescribeSecret GetResourcePolicy",
      update: "UpdateSecret TagResource UntagResource",
      delete: "DeleteSecret",
    },
    "aws:secretsmanager/secretVersion:SecretVersion": {
      create: "PutSecretValue kms:Decrypt kms:GenerateDataKey",
      read: "DescribeSecret GetSecretValue kms:Decrypt",
      update: "UpdateSecretVersionStage",
      delete: "UpdateSecretVersionStage",
    },
  },
  logs: {
    "aws:cloudwatch/logGroup:LogGroup": {
      create: "CreateLogGroup PutRetentionPolicy TagResource",
      read: "DescribeLogGroups ListTagsForResource",
      update: "PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource",
      delete: "DeleteLogGroup",
    },
  },
};
