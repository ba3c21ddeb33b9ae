import type { Words } from ".";

/** What clients meet: load balancer, names, certificate. */
export const FRONT: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  elasticloadbalancing: {
    "aws:lb/loadBalancer:LoadBalancer": {
      create: "CreateLoadBalancer AddTags ModifyLoadBalancerAttributes iam:CreateServiceLinkedRole",
      read: "DescribeLoadBalancers DescribeLoadBalancerAttributes DescribeCapacityReservation DescribeTags",
      update: "ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets AddTags RemoveTags",
      delete: "DeleteLoadBalancer ec2:DescribeNetworkInterfaces",
    },
    "aws:lb/targetGroup:TargetGroup": {
      create: "CreateTargetGroup AddTags ModifyTargetGroupAttributes",
      read: "DescribeTargetGroups DescribeTargetGroupAttributes DescribeTags",
      update: "ModifyTargetGroup ModifyTargetGroupAttributes AddTags RemoveTags",
      delete: "DeleteTargetGroup",
    },
    "aws:lb/listener:Listener": {
      create: "CreateListener AddTags ModifyListenerAttributes",
      read: "DescribeListeners DescribeListenerAttributes DescribeTags",
      update: "ModifyListener ModifyListenerAttributes AddTags RemoveTags",
      delete: "DeleteListener",
    },
  },
  route53: {
    "aws:route53/zone:Zone": {
      create: "CreateHostedZone AssociateVPCWithHostedZone ChangeTagsForResource ec2:DescribeRegions ec2:DescribeVpcs",
      read: "GetHostedZone GetChange ListResourceRecordSets ListTagsForResource",
      update: "UpdateHostedZoneComment AssociateVPCWithHostedZone DisassociateVPCFromHostedZone ChangeTagsForResource",
      delete: "DeleteHostedZone",
    },
    "aws:route53/record:Record": {
      create: "ChangeResourceRecordSets",
      read: "GetHostedZone GetChange ListResourceRecordSets",
      update: "ChangeResourceRecordSets",
      delete: "ChangeResourceRecordSets",
    },
    "aws:route53/healthCheck:HealthCheck": {
      create: "CreateHealthCheck ChangeTagsForResource",
      read: "GetHealthCheck ListTagsForResource",
      update: "UpdateHealthCheck ChangeTagsForResource",
      delete: "DeleteHealthCheck",
    },
  },
  acm: {
    "aws:acm/certificate:Certificate": {
      create: "RequestCertificate AddTagsToCertificate",
      read: "DescribeCertificate ListTagsForCertificate",
      update: "UpdateCertificateOptions AddTagsToCertificate RemoveTagsFromCertificate",
      delete: "DeleteCertificate",
    },
    "aws:acm/certificateValidation:CertificateValidation": {
      create: "",
      read: "DescribeCertificate",
      update: "",
      delete: "",
    },
  },
};
