import { Address4 } from "ip-address";

/**
 * The three kinds of subnet that every zone has at every tier, in AWS's words. Subnets are free, so they exist before
 * they are needed and no step of the ladder moves an address.
 */
export const SUBNET_KINDS = ["public", "private", "isolated"] as const;
export type SubnetKind = (typeof SUBNET_KINDS)[number];

/** Zones a network can grow to. The block of each is set aside from the first day; raising it would move live subnets. */
export const MAX_ZONES = 4;

/** The sizes of VPC that the grid fits: AWS takes nothing larger than a /16, and past a /21 a load balancer's subnet would be smaller than its /27. */
export const VPC_PREFIX = { largest: 16, smallest: 21 } as const;

/** AWS keeps the first four addresses and the last one of every subnet. */
const KEPT_BY_AWS = 5;

export interface PlannedSubnet {
  readonly kind: SubnetKind;
  readonly zone: string;
  /** Position of the zone, from 1: part of the subnet's name, so zones are appended and never moved. */
  readonly position: number;
  readonly cidr: string;
  /** Addresses that machines can take. */
  readonly addresses: number;
}

/**
 * Each zone owns a quarter of the VPC, cut into sixteenths of that quarter's size: public takes the first, private
 * four from the fourth, isolated the eighth. In a 10.0.0.0/16 the first zone has 10.0.0.0/22, 10.0.16.0/20 and
 * 10.0.32.0/22; the rest of the quarter stays free.
 */
const GRID: Readonly<Record<SubnetKind, { readonly offset: number; readonly units: number }>> = {
  public: { offset: 0, units: 1 },
  private: { offset: 4, units: 4 },
  isolated: { offset: 8, units: 1 },
};
const UNITS_IN_A_ZONE = 16;

/**
 * The subnets of a network. A block depends only on its own kind and its zone's position, never on how many there are.
 *
 * @param cidr IPv4 block of the VPC, checked before (see `cidrProblem`)
 * @param zones zone names in the order in which they were added
 */
export function planSubnets(cidr: string, zones: readonly string[]): PlannedSubnet[] {
  const vpc = new Address4(cidr);
  const unit = 2 ** (32 - vpc.subnetMask) / MAX_ZONES / UNITS_IN_A_ZONE;
  return zones.flatMap((zone, index) =>
    SUBNET_KINDS.map((kind) => {
      const { offset, units } = GRID[kind];
      const first = vpc.startAddress().bigInt() + BigInt((index * UNITS_IN_A_ZONE + offset) * unit);
      const prefix = 32 - Math.log2(units * unit);
      const addresses = units * unit - KEPT_BY_AWS;
      return {
        kind,
        zone,
        position: index + 1,
        cidr: `${Address4.fromBigInt(first).correctForm()}/${prefix}`,
        addresses,
      };
    }),
  );
}

/** Addresses that machines can take in the private subnets of these zones. */
export function privateAddresses(cidr: string, zones: readonly string[]): number {
  const subnets = planSubnets(cidr, zones).filter(({ kind }) => kind === "private");
  return subnets.reduce((sum, { addresses }) => sum + addresses, 0);
}

/** Why a block cannot be a VPC's, or nothing. */
export function cidrProblem(cidr: string): string | undefined {
  if (!isBlock(cidr)) return "not an IPv4 block";
  const vpc = new Address4(cidr);
  const block = blockOf(cidr);
  if (block !== cidr) return `has bits set past /${vpc.subnetMask}; the block itself is ${block ?? ""}`;
  if (vpc.subnetMask < VPC_PREFIX.largest) return `larger than AWS allows (/${VPC_PREFIX.largest})`;
  if (vpc.subnetMask > VPC_PREFIX.smallest)
    return `too small: /${VPC_PREFIX.smallest} is the smallest whose public subnets hold a load balancer`;
  if (!PRIVATE_RANGES.some((range) => contains(range, cidr)))
    return `not a private block; use one inside ${PRIVATE_RANGES.join(", ")}`;
  return undefined;
}

/** RFC 1918, and RFC 6598, which AWS allows for a VPC as well. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

export function isBlock(text: string): boolean {
  return /^[\d.]+\/\d+$/.test(text) && Address4.isValid(text);
}

/** The block that an address with a mask lies in, in its shortest form. */
export function blockOf(text: string): string | undefined {
  if (!isBlock(text)) return undefined;
  const address = new Address4(text);
  return `${address.startAddress().correctForm()}/${address.subnetMask}`;
}

/** Whether two blocks share an address. Of two CIDR blocks that do, one contains the other. */
export function overlap(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}

function contains(outer: string, inner: string): boolean {
  const block = new Address4(inner);
  return new Address4(outer).subnetMask <= block.subnetMask && block.isInSubnet(new Address4(outer));
}
