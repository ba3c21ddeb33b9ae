import type { Words } from ".";

const TAGS = "AddTagsToResource RemoveTagsFromResource";
const KEY = "kms:CreateGrant kms:DescribeKey";

/** Databases, cache and buckets. */
export const DATA: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  rds: {
    "aws:rds/cluster:Cluster": {
      create: `CreateDBCluster AddTagsToResource iam:CreateServiceLinkedRole ${KEY}`,
      read: "DescribeDBClusters DescribeGlobalClusters ListTagsForResource",
      update: `ModifyDBCluster ${TAGS}`,
      delete: "CreateDBClusterSnapshot DeleteDBCluster",
    },
    "aws:rds/clusterInstance:ClusterInstance": {
      create: "CreateDBInstance AddTagsToResource",
      read: "DescribeDBInstances DescribeDBClusters ListTagsForResource",
      update: `ModifyDBInstance RebootDBInstance ${TAGS}`,
      delete: "DeleteDBInstance",
    },
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": {
      create: "CreateDBClusterParameterGroup ModifyDBClusterParameterGroup AddTagsToResource",
      read: "DescribeDBClusterParameterGroups DescribeDBClusterParameters ListTagsForResource",
      update: `ModifyDBClusterParameterGroup ResetDBClusterParameterGroup ${TAGS}`,
      delete: "DeleteDBClusterParameterGroup",
    },
    "aws:rds/subnetGroup:SubnetGroup": {
      create: "CreateDBSubnetGroup AddTagsToResource",
      read: "DescribeDBSubnetGroups ListTagsForResource",
      update: `ModifyDBSubnetGroup ${TAGS}`,
      delete: "DeleteDBSubnetGroup",
    },
  },
  elasticache: {
    "aws:elasticache/replicationGroup:ReplicationGroup": {
      create: `CreateReplicationGroup AddTagsToResource iam:CreateServiceLinkedRole ${KEY}`,
      read: "DescribeReplicationGroups DescribeCacheClusters ListTagsForResource",
      update:
        "ModifyReplicationGroup ModifyReplicationGroupShardConfiguration IncreaseReplicaCount DecreaseReplicaCount " +
        TAGS,
      delete: "CreateSnapshot DeleteReplicationGroup",
    },
    "aws:elasticache/parameterGroup:ParameterGroup": {
      create: "CreateCacheParameterGroup ModifyCacheParameterGroup AddTagsToResource",
      read: "DescribeCacheParameterGroups DescribeCacheParameters ListTagsForResource",
      update: `ModifyCacheParameterGroup ResetCacheParameterGroup ${TAGS}`,
      delete: "DeleteCacheParameterGroup",
    },
    "aws:elasticache/subnetGroup:SubnetGroup": {
      create: "CreateCacheSubnetGroup AddTagsToResource",
      read: "DescribeCacheSubnetGroups ListTagsForResource",
      update: `ModifyCacheSubnetGroup ${TAGS}`,
      delete: "DeleteCacheSubnetGroup",
    },
  },
  s3: {
    "aws:s3/bucket:Bucket": {
      create: "CreateBucket PutBucketTagging TagResource",
      read:
        "ListBucket GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging " +
        "GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketTagging GetBucketVersioning " +
        "GetBucketWebsite GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListTagsForResource",
      update: "PutBucketTagging TagResource UntagResource",
      delete: "DeleteBucket",
    },
    "aws:s3/bucketPolicy:BucketPolicy": {
      create: "PutBucketPolicy",
      read: "GetBucketPolicy",
      update: "PutBucketPolicy",
      delete: "DeleteBucketPolicy",
    },
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
      create: "PutBucketPublicAccessBlock",
      read: "GetBucketPublicAccessBlock",
      update: "PutBucketPublicAccessBlock",
      delete: "PutBucketPublicAccessBlock",
    },
    "aws:s3/bucketVersioning:BucketVersioning": {
      create: "PutBucketVersioning",
      read: "GetBucketVersioning",
      update: "PutBucketVersioning",
      delete: "PutBucketVersioning",
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
      create: "PutLifecycleConfiguration",
      read: "GetLifecycleConfiguration",
      update: "PutLifecycleConfiguration",
      delete: "PutLifecycleConfiguration",
    },
  },
};
