import type { EngineState, EngineStep } from "../evaluate/preview";
import { ALLOW, type Finding } from "./finding";

export const FLEET = "aws:autoscaling/group:Group";

type Size = "minSize" | "maxSize";

/** The limits of a fleet, each where it is a number; a preview may not know it yet. */
export function sizesOf({ inputs }: EngineState): Readonly<Record<Size, number | undefined>> {
  const known = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
  return { minSize: known(inputs["minSize"]), maxSize: known(inputs["maxSize"]) };
}

/**
 * Fleets that AWS would end servers of at once. A fleet that runs more than its new `maxSize` is cut down to it in one go. How many run, nobody
 * knows here: never fewer than the old `minSize`, and up to the old `maxSize`, of which half may go at once, as with other machines.
 */
export function fleetsShrinking(steps: readonly EngineStep[]): Finding[] {
  return steps.flatMap(({ urn, oldState, newState }) => {
    if (oldState?.type !== FLEET || newState == null) return [];
    const [was, is] = [sizesOf(oldState), sizesOf(newState)];
    const least: Readonly<Record<Size, number>> = {
      maxSize: Math.max(1, was.minSize ?? Infinity, Math.ceil((was.maxSize ?? Infinity) / 2)),
      minSize: 1,
    };
    const low = (["maxSize", "minSize"] as const).filter(
      (size) => is[size] === undefined || (is[size] !== was[size] && is[size] < least[size]),
    );
    return low.length === 0 ? [] : [finding(urn, low, was, least.maxSize, is.maxSize)];
  });
}

function finding(
  urn: string,
  low: readonly Size[],
  was: ReturnType<typeof sizesOf>,
  least: number,
  kept: number | undefined,
): Finding {
  const cut = low.includes("maxSize");
  return {
    urn,
    property: low.join(", "),
    why: cut
      ? `AWS would end all servers but ${numbered(kept)} at once, and ${numbered(was.minSize)} to ${numbered(was.maxSize)} run`
      : "no server would have to stay",
    todo: cut
      ? `lower app.min first and keep app.max at ${numbered(least)} or more; when the fleet has followed its load, lower app.max again, in an \`up\` of its own. Where the interruption is meant: ${ALLOW}`
      : `put a minSize of 1 or more back, or ${ALLOW} when the interruption is meant`,
  };
}

function numbered(count: number | undefined): string {
  return count === undefined || count === Infinity ? "an unknown number" : String(count);
}
