/** One reason not to run this `up`. */
export interface Finding {
  readonly urn: string;
  /** Property that makes the engine do it, where it is one. */
  readonly property: string | undefined;
  readonly why: string;
  readonly todo: string;
}

/** The only way past a finding, in words. */
export const ALLOW = "--allow this URN (in CI: a line of gate-allow.txt)";
