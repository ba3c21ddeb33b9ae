import type { Words } from ".";

const TAGS = "CreateTags DeleteTags";

/** The network: what everything else stands in. */
export const NETWORK: Readonly<Record<string, Readonly<Record<string, Words>>>> = {
  ec2: {
    "aws:ec2/vpc:Vpc": {
      create: "CreateVpc ModifyVpcAttribute CreateTags",
      read: "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups",
      update: `ModifyVpcAttribute ${TAGS}`,
      delete: "DeleteVpc",
    },
    "aws:ec2/internetGateway:InternetGateway": {
      create: "CreateInternetGateway AttachInternetGateway CreateTags",
      read: "DescribeInternetGateways",
      update: `AttachInternetGateway DetachInternetGateway ${TAGS}`,
      delete: "DetachInternetGateway DeleteInternetGateway",
    },
    "aws:ec2/subnet:Subnet": {
      create: "CreateSubnet ModifySubnetAttribute CreateTags",
      read: "DescribeSubnets",
      update: `ModifySubnetAttribute ${TAGS}`,
      delete: "DeleteSubnet DescribeNetworkInterfaces",
    },
    "aws:ec2/routeTable:RouteTable": {
      create: "CreateRouteTable CreateTags",
      read: "DescribeRouteTables",
      update: TAGS,
      delete: "DisassociateRouteTable DeleteRouteTable",
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
      create: "AssociateRouteTable",
      read: "DescribeRouteTables",
      update: "ReplaceRouteTableAssociation",
      delete: "DisassociateRouteTable",
    },
    "aws:ec2/route:Route": {
      create: "CreateRoute",
      read: "DescribeRouteTables",
      update: "ReplaceRoute",
      delete: "DeleteRoute",
    },
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
      create: "RevokeSecurityGroupIngress RevokeSecurityGroupEgress CreateTags",
      read: "DescribeSecurityGroups",
      update: `RevokeSecurityGroupIngress RevokeSecurityGroupEgress ${TAGS}`,
      delete: "",
    },
    "aws:ec2/securityGroup:SecurityGroup": {
      create: "CreateSecurityGroup RevokeSecurityGroupEgress CreateTags",
      read: "DescribeSecurityGroups",
      update: TAGS,
      delete: "DeleteSecurityGroup DescribeNetworkInterfaces",
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
      create: "AuthorizeSecurityGroupIngress CreateTags",
      read: "DescribeSecurityGroupRules",
      update: `ModifySecurityGroupRules ${TAGS}`,
      delete: "RevokeSecurityGroupIngress",
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
      create: "AuthorizeSecurityGroupEgress CreateTags",
      read: "DescribeSecurityGroupRules",
      update: `ModifySecurityGroupRules ${TAGS}`,
      delete: "RevokeSecurityGroupEgress",
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
      create: "CreateVpcEndpoint CreateTags",
      read: "DescribeVpcEndpoints DescribePrefixLists",
      update: `ModifyVpcEndpoint ${TAGS}`,
      delete: "DeleteVpcEndpoints",
    },
    "aws:ec2/flowLog:FlowLog": {
      create: "CreateFlowLogs CreateTags iam:PassRole",
      read: "DescribeFlowLogs",
      update: TAGS,
      delete: "DeleteFlowLogs",
    },
    "aws:ec2/eip:Eip": {
      create: "AllocateAddress CreateTags",
      read: "DescribeAddresses DescribeAddressesAttribute",
      update: TAGS,
      delete: "DisassociateAddress ReleaseAddress",
    },
    "aws:ec2/eipAssociation:EipAssociation": {
      create: "AssociateAddress",
      read: "DescribeAddresses",
      update: "",
      delete: "DisassociateAddress",
    },
    "aws:ec2/natGateway:NatGateway": {
      create: "CreateNatGateway CreateTags",
      read: "DescribeNatGateways",
      update: TAGS,
      delete: "DeleteNatGateway",
    },
  },
};
