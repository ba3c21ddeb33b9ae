/**
 * What clients meet first. `servers`: each app server has its own address; `nginx`: one machine in front of servers that have none;
 * `alb`: a load balancer of AWS's in front of an Auto Scaling group.
 */
export const FRONTS = ["servers", "nginx", "alb"] as const;
export type Front = (typeof FRONTS)[number];

/** A machine that stands alone: nobody makes another one but this program. */
export interface PlannedMachine {
  readonly name: string;
  /** Position of its zone, from 1. */
  readonly zone: number;
}

export interface PlannedAddress {
  readonly name: string;
  /** The machine that answers on it; `null` while nothing does. */
  readonly machine: string | null;
  /** Whether people rely on it: kept for ever, at every tier, so that the way down leads back to it. */
  readonly kept: boolean;
}

export interface FrontPlan {
  /** App servers with an address of their own, in a public subnet. */
  readonly publicServers: readonly PlannedMachine[];
  /** App servers behind a balancer, in a private subnet, on network interfaces that outlive them. */
  readonly privateServers: readonly PlannedMachine[];
  readonly balancers: readonly PlannedMachine[];
  /** None, or one: positions of the zones that the fleet and its load balancer stand in. */
  readonly fleets: readonly { readonly zones: readonly number[]; readonly balancerZones: readonly number[] }[];
  readonly addresses: readonly PlannedAddress[];
}

/** Clients keep this address as long as one machine stands in front: what answers on it changes, the address does not. */
export const FRONT_ADDRESS = "front";

/** Whether a name, of whatever part, ends as that of an address in front does: the kept one, or that of a further server. */
export function isOfFrontAddress(name: string): boolean {
  return FRONT_NAMES.test(name);
}

const FRONT_NAMES = new RegExp(`-${FRONT_ADDRESS}(-\\d+)?$`);

/** As many as the balancer's files can ask in turn (MOST_SERVERS of templates/balancer/apply.sh). */
export const SERVERS_BEHIND_NGINX = 9;

/** AWS makes no load balancer in fewer zones. */
const BALANCER_ZONES = 2;

/**
 * @param servers app servers that stand alone; none of them in a fleet
 * @param zones zones that take instances
 */
export function planFront(front: Front, servers: number, zones: number): FrontPlan {
  const numbered = (label: string): PlannedMachine[] =>
    positions(servers).map((number) => ({ name: `${label}-${number}`, zone: 1 }));
  const nobody = { publicServers: [], privateServers: [], balancers: [], fleets: [], addresses: [addressOf(1, null)] };
  switch (front) {
    case "servers": {
      const publicServers = numbered("public");
      return {
        ...nobody,
        publicServers,
        addresses: publicServers.map(({ name }, index) => addressOf(index + 1, name)),
      };
    }
    case "nginx":
      return {
        ...nobody,
        privateServers: numbered("private"),
        balancers: [{ name: "balancer", zone: 1 }],
        addresses: [addressOf(1, "balancer")],
      };
    case "alb":
      return {
        ...nobody,
        fleets: [{ zones: positions(zones), balancerZones: positions(Math.max(BALANCER_ZONES, zones)) }],
      };
  }
}

function addressOf(number: number, machine: string | null): PlannedAddress {
  return number === 1
    ? { name: FRONT_ADDRESS, machine, kept: true }
    : { name: `${FRONT_ADDRESS}-${number}`, machine, kept: false };
}

function positions(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
