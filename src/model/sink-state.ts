// In: nothing. Out: what sinks were seen to hold. Must not know: how that was found out.

import type { TokenId } from "./ids.ts";

/** What one sink of a token holds. */
export interface SinkState {
  readonly sink: string;
  /** Where in it, in words. */
  readonly place: string;
  readonly state:
    /** Its secret logs in. */
    | "accepted"
    /** It holds one that the server refuses. */
    | "refused"
    | "missing"
    /** It only takes, or does not answer. */
    | "unknown";
  /** Why it is not known, or what is missing. */
  readonly message?: string;
}

/** Of each token that was looked at, one state a sink. */
export type HeldByToken = ReadonlyMap<TokenId, readonly SinkState[]>;

/** Whether whoever reads the sink could not log in with what it holds. */
export function isLost({ state }: SinkState): boolean {
  return state === "missing" || state === "refused";
}
