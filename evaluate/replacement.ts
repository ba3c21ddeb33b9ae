/**
 * Properties whose change makes AWS, and so the provider, build another resource: for every type that the program uses, among the properties
 * that it sets. Sources: the schemas of terraform-provider-aws (ForceNew) and pulumi-aws's resources.go; the engine tests hold every change
 * that a tier makes against the provider's own answer.
 *
 * A type that is missing here is unknown: see `isKnown`.
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": ["domainName", "validationMethod"],
  "aws:acm/certificateValidation:CertificateValidation": ["certificateArn", "validationRecordFqdns"],
  "aws:autoscaling/group:Group": ["name"],
  "aws:autoscaling/lifecycleHook:LifecycleHook": ["autoscalingGroupName", "name"],
  "aws:autoscaling/policy:Policy": ["autoscalingGroupName", "name"],
  "aws:cloudwatch/logGroup:LogGroup": ["name"],
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": [],
  "aws:ebs/volume:Volume": ["availabilityZone", "encrypted", "kmsKeyId", "snapshotId"],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ["vpcId"],
  "aws:ec2/eip:Eip": ["domain"],
  "aws:ec2/eipAssociation:EipAssociation": ["allocationId", "allowReassociation", "instanceId", "networkInterfaceId"],
  "aws:ec2/flowLog:FlowLog": ["iamRoleArn", "logDestination", "maxAggregationInterval", "trafficType", "vpcId"],
  "aws:ec2/instance:Instance": [
    "ami",
    "availabilityZone",
    "subnetId",
    "associatePublicIpAddress",
    "networkInterfaces",
    "launchTemplate",
    "rootBlockDevice",
  ],
  "aws:ec2/internetGateway:InternetGateway": [],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name"],
  "aws:ec2/natGateway:NatGateway": ["allocationId", "subnetId", "connectivityType", "availabilityMode", "vpcId"],
  "aws:ec2/networkInterface:NetworkInterface": ["subnetId"],
  "aws:ec2/route:Route": ["routeTableId", "destinationCidrBlock"],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["subnetId"],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "name", "vpcId"],
  "aws:ec2/subnet:Subnet": ["availabilityZone", "cidrBlock", "vpcId"],
  "aws:ec2/volumeAttachment:VolumeAttachment": ["deviceName", "instanceId", "volumeId"],
  "aws:ec2/vpc:Vpc": ["cidrBlock"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["serviceName", "vpcEndpointType", "vpcId"],
  "aws:elasticache/parameterGroup:ParameterGroup": ["description", "family", "name"],
  "aws:elasticache/replicationGroup:ReplicationGroup": [
    "atRestEncryptionEnabled",
    "kmsKeyId",
    "port",
    "replicationGroupId",
    "snapshotArns",
    "snapshotName",
    "subnetGroupName",
  ],
  "aws:elasticache/subnetGroup:SubnetGroup": ["name"],
  "aws:iam/instanceProfile:InstanceProfile": ["name"],
  "aws:iam/role:Role": ["name"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["policyArn", "role"],
  "aws:kms/alias:Alias": ["name"],
  "aws:kms/key:Key": [],
  "aws:lb/listener:Listener": ["loadBalancerArn"],
  "aws:lb/loadBalancer:LoadBalancer": ["internal", "loadBalancerType", "name"],
  "aws:lb/targetGroup:TargetGroup": ["name", "port", "protocol", "targetType", "vpcId"],
  "aws:rds/cluster:Cluster": [
    "availabilityZones",
    "clusterIdentifier",
    "databaseName",
    "dbSubnetGroupName",
    "engine",
    "engineMode",
    "kmsKeyId",
    "masterUsername",
    "snapshotIdentifier",
    "storageEncrypted",
  ],
  "aws:rds/clusterInstance:ClusterInstance": [
    "availabilityZone",
    "clusterIdentifier",
    "dbSubnetGroupName",
    "engine",
    "identifier",
  ],
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": ["description", "family", "name"],
  "aws:rds/subnetGroup:SubnetGroup": ["name"],
  "aws:route53/healthCheck:HealthCheck": ["requestInterval", "type"],
  "aws:route53/record:Record": ["name", "zoneId"],
  "aws:route53/zone:Zone": ["name"],
  "aws:s3/bucket:Bucket": ["bucket"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "aws:secretsmanager/secret:Secret": ["name"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretId", "secretString"],
  "aws:ssm/association:Association": ["name"],
  "aws:ssm/document:Document": ["documentType", "name"],
  "aws:ssm/parameter:Parameter": ["name"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
  "pulumi:providers:aws": ["region"],
  "random:index/randomId:RandomId": ["byteLength", "keepers"],
  "random:index/randomPassword:RandomPassword": ["length", "special", "keepers"],
};

/** Outputs that another resource may read and that change whenever the resource is changed in place. */
const MOVING_OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/launchTemplate:LaunchTemplate": ["latestVersion"],
};

export function isKnown(type: string): boolean {
  return type in REPLACING;
}

export function replaces(type: string, property: string): boolean {
  return REPLACING[type]?.includes(property) ?? true;
}

export function movesOnUpdate(type: string, output: string): boolean {
  return MOVING_OUTPUTS[type]?.includes(output) ?? false;
}
