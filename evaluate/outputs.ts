import { reference } from "./graph";

/**
 * Outputs that the program reads and only AWS knows, by type; an evaluation answers with references. A type that is missing here gives
 * `undefined`, which a test finds in the inputs of whoever reads it.
 */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": ["arn"],
  "aws:acm/certificateValidation:CertificateValidation": ["certificateArn"],
  "aws:autoscaling/group:Group": ["name", "arn"],
  "aws:cloudwatch/logGroup:LogGroup": ["name", "arn"],
  "aws:ec2/eip:Eip": ["allocationId", "publicIp"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["latestVersion"],
  "aws:ec2/networkInterface:NetworkInterface": ["privateIp"],
  "aws:elasticache/parameterGroup:ParameterGroup": ["name"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["configurationEndpointAddress"],
  "aws:elasticache/subnetGroup:SubnetGroup": ["name"],
  "aws:iam/instanceProfile:InstanceProfile": ["arn", "name"],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ["arn"],
  "aws:iam/policy:Policy": ["arn"],
  "aws:iam/role:Role": ["arn", "name"],
  "aws:kms/key:Key": ["arn", "keyId"],
  "aws:lb/listener:Listener": ["arn"],
  "aws:lb/loadBalancer:LoadBalancer": ["arn", "dnsName", "zoneId"],
  "aws:lb/targetGroup:TargetGroup": ["arn"],
  "aws:rds/cluster:Cluster": ["endpoint", "readerEndpoint"],
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": ["name"],
  "aws:rds/subnetGroup:SubnetGroup": ["name"],
  "aws:route53/record:Record": ["fqdn"],
  "aws:route53/zone:Zone": ["zoneId"],
  "aws:s3/bucket:Bucket": ["arn", "bucket"],
  "aws:secretsmanager/secret:Secret": ["arn"],
  "aws:ssm/document:Document": ["name"],
  "aws:ssm/parameter:Parameter": ["arn"],
  "random:index/randomId:RandomId": ["hex"],
  "random:index/randomPassword:RandomPassword": ["result"],
};

/** Outputs of another shape than one text. */
const SHAPED: Readonly<Record<string, (name: string) => Record<string, unknown>>> = {
  "aws:route53/zone:Zone": (name) => ({ nameServers: [reference("aws:route53/zone:Zone", name, "nameServers")] }),
  "aws:acm/certificate:Certificate": (name) => ({
    domainValidationOptions: [
      Object.fromEntries(
        ["resourceRecordName", "resourceRecordType", "resourceRecordValue"].map((property) => [
          property,
          reference("aws:acm/certificate:Certificate", name, property),
        ]),
      ),
    ],
  }),
};

/** What a resource's state holds beside its inputs. */
export function outputsOf(type: string, name: string): Record<string, unknown> {
  const texts = (OUTPUTS[type] ?? []).map((property) => [property, reference(type, name, property)]);
  return { ...Object.fromEntries(texts), ...SHAPED[type]?.(name) } as Record<string, unknown>;
}
