/**
 * How machines in private subnets reach out. All of them keep the same routes under the same names and change only their target.
 *
 * Per month in ap-northeast-2 (prices of October 2026), traffic apart: `nat-instance` 4 USD and its address, `nat-gateway` 43 USD,
 * `nat-gateway-per-zone` 43 USD for each zone, `nat-regional` the same with one resource that follows the zones by itself. Every public
 * address is 3.65 USD more. Only the last two survive the loss of a zone.
 */
export const EGRESS = ["none", "nat-instance", "nat-gateway", "nat-gateway-per-zone", "nat-regional"] as const;
export type Egress = (typeof EGRESS)[number];

/** A NAT device: in a zone, or `null` for one that spans them. */
export interface NatDevice {
  readonly name: string;
  readonly position: number | null;
}

export interface EgressPlan {
  readonly instances: readonly NatDevice[];
  readonly gateways: readonly NatDevice[];
  readonly regional: readonly NatDevice[];
  /** For each zone, in order: the device that its private subnet's route points to. */
  readonly routes: readonly { readonly position: number; readonly via: string }[];
}

export function planEgress(egress: Egress, zones: number): EgressPlan {
  const positions = Array.from({ length: zones }, (_, i) => i + 1);
  const all = (via: string): EgressPlan["routes"] => positions.map((position) => ({ position, via }));
  const nothing = { instances: [], gateways: [], regional: [], routes: [] };
  switch (egress) {
    case "none":
      return nothing;
    case "nat-instance":
      return { ...nothing, instances: [{ name: "nat", position: 1 }], routes: all("nat") };
    case "nat-gateway":
      return { ...nothing, gateways: [{ name: "nat-1", position: 1 }], routes: all("nat-1") };
    case "nat-gateway-per-zone":
      return {
        ...nothing,
        gateways: positions.map((position) => ({ name: `nat-${position}`, position })),
        routes: positions.map((position) => ({ position, via: `nat-${position}` })),
      };
    case "nat-regional":
      return { ...nothing, regional: [{ name: "nat-regional", position: null }], routes: all("nat-regional") };
  }
}

/** Devices that hold an Elastic IP. AWS gives an account five in a region until it asks for more. */
export function egressAddressNames({ instances, gateways }: EgressPlan): string[] {
  return [...instances, ...gateways].map(({ name }) => name);
}
