// In: what became of a plan's operations. Out: one outcome a change. Must not know: how it is shown.

export type OutcomeStatus =
  | "applied"
  /** The server said no, or could not be reached: the change is not there. */
  | "failed"
  /** Not tried, because something that it depends on failed or the pass ended before. */
  | "not-attempted"
  /** Sent, but no answer says whether it took effect. */
  | "unconfirmed";

/** What became of one change: as many outcomes as changes, in their order. */
export interface Outcome {
  /** Index of the change in the plan. */
  readonly change: number;
  readonly status: OutcomeStatus;
  /** Something of it was written, although it is not applied as a whole. */
  readonly written?: true;
  /** The server's words, or why it was not tried. */
  readonly error?: string;
}
