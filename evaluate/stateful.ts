import { FRONT_ADDRESS } from "../plan/front";
import type { Resource } from "./graph";

/**
 * Types whose resources cannot be made again: what they hold, or what others have written down of them, goes with them. The value says
 * what that is.
 */
export const STATEFUL: Readonly<Record<string, string>> = {
  "aws:ebs/volume:Volume": "the data on it",
  "aws:ec2/subnet:Subnet": "everything that stands in it",
  "aws:ec2/vpc:Vpc": "the whole network",
  "aws:elasticache/replicationGroup:ReplicationGroup": "what is cached",
  "aws:kms/key:Key": "all data that is encrypted with it",
  "aws:rds/cluster:Cluster": "the database",
  "aws:s3/bucket:Bucket": "the objects in it",
  "aws:secretsmanager/secret:Secret": "the password, and its name that machines ask for",
  "aws:secretsmanager/secretVersion:SecretVersion": "the password",
  "random:index/randomPassword:RandomPassword": "the password; another one locks out whoever holds this one",
};

/** Types of which only some are: those that the program protects, because people have written them down. */
export const STATEFUL_WHERE_PROTECTED: Readonly<Record<string, string>> = {
  "aws:ec2/eip:Eip": "an address that clients come to",
  "aws:route53/zone:Zone": "name servers that somebody delegated to",
};

/** What AWS keeps by itself when the engine's protection is off, by input: the value that holds. Each is `false` where it is left out. */
export const PROTECTIONS: Readonly<Record<string, boolean>> = {
  deletionProtection: true,
  finalSnapshot: true,
  forceDestroy: false,
  skipFinalSnapshot: false,
};

type Holder = Pick<Resource, "urn" | "type" | "protect"> & Partial<Pick<Resource, "inputs">>;

/** How these are known when their protection was taken off by hand (`pulumi state unprotect`), as it has to be before they may go. */
const WRITTEN_DOWN: Readonly<Record<string, (holder: Holder) => boolean>> = {
  "aws:ec2/eip:Eip": ({ urn }) => urn.endsWith(`::app-${FRONT_ADDRESS}`),
  // A zone of a VPC answers nobody else.
  "aws:route53/zone:Zone": ({ inputs }) => inputs !== undefined && inputs["vpcs"] === undefined,
};

/** What would be lost with a resource; nothing where it can simply be made again. Without its inputs it is known by its protection alone. */
export function heldBy(holder: Holder): string | undefined {
  const { type, protect } = holder;
  const isKept = protect || WRITTEN_DOWN[type]?.(holder) === true;
  return (
    STATEFUL[type] ?? (isKept ? (STATEFUL_WHERE_PROTECTED[type] ?? "something that this program protects") : undefined)
  );
}
