/** Something that a change would lose or break, and what keeps it. */
export interface Loss {
  readonly key: string;
  readonly broken: boolean;
  readonly why: string;
  readonly allowed: string;
  /** Settings that keep what is there. */
  readonly keep: Readonly<Record<string, unknown>>;
  /** Names by which the stack file can agree to the loss, all of them; none where no agreement helps. */
  readonly consent?: readonly string[];
}
