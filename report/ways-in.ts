import { isOfFrontAddress } from "../plan/front";
import type { Footprint } from "../config/footprint";
import { ENDS, footprintIn, type EngineState, type EngineStep } from "../evaluate/preview";
import { ALLOW, type Finding } from "./finding";

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";

/** What clients come through: a load balancer of AWS's, or an address in front with a machine behind it. */
export function isWayIn({ type, urn }: EngineState): boolean {
  return type === LOAD_BALANCER || (type === ASSOCIATION && isOfFrontAddress(urn));
}

/**
 * Ways in that clients would miss: all of them gone with none in their place, or a load balancer with another one in its place while clients know
 * it by its own name. Where a tier takes one kind of front for another, the program says who has to be told (config/clients.ts).
 * Where nobody knows what the stack stood on, it counts as one way in without a domain.
 */
export function waysInGoing(steps: readonly EngineStep[]): Finding[] {
  const before = footprintIn(steps);
  const ways = steps.filter(({ oldState, newState }) =>
    [oldState, newState].some((each) => each != null && isWayIn(each)),
  );
  const gone = ways.filter(({ op }) => op === "delete");
  const leaving = gone.length - ways.filter(({ op }) => op === "create").length;
  return [
    ...(leaving >= waysInto(before) ? gone.map(closed) : []),
    ...(typeof before?.domain === "string" ? [] : renamed(ways)),
  ];
}

function waysInto(before: Footprint | undefined): number {
  return before?.front === "servers" ? Math.max(1, before.machines.app) : 1;
}

function closed({ urn }: EngineStep): Finding {
  return {
    urn,
    property: undefined,
    why: "would be deleted with nothing in its place, and clients come through it",
    todo: `put it back, or ${ALLOW} when the interruption is meant`,
  };
}

function renamed(ways: readonly EngineStep[]): Finding[] {
  const balancers = ways.filter(({ oldState, newState }) => (oldState ?? newState)?.type === LOAD_BALANCER);
  const ending = balancers.filter(({ op }) => ENDS.has(op));
  if (!balancers.some(({ op }) => op !== "delete")) return [];
  return ending.map(({ urn, replaceReasons }) => {
    const reasons = (replaceReasons ?? []).join(", ");
    return {
      urn,
      property: reasons || undefined,
      why: "another one would take its place under another name, and without edge.domain clients know this one's",
      todo: `put back ${reasons || "its name in the program, or give the new one an alias"}; or set edge.domain first and have clients use it; or, where clients are told the new name: ${ALLOW}`,
    };
  });
}
