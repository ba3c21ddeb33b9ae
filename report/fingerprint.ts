import { createHash } from "node:crypto";
import type { Preview } from "../evaluate/preview";

/**
 * Says whether two previews are of the same changes: the same operations on the same resources, for the same properties. Values are left out,
 * because the names that Pulumi makes up differ from one preview to the next.
 */
export function fingerprintOf({ steps }: Preview): string {
  const lines = steps
    .filter(({ op }) => op !== "same" && op !== "read")
    .map(({ op, urn, replaceReasons, diffReasons }) =>
      JSON.stringify([op, urn, sorted(replaceReasons), sorted(diffReasons)]),
    )
    .sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function sorted(reasons: readonly string[] | null | undefined): string[] {
  return [...(reasons ?? [])].sort();
}
