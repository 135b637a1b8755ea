// In: nothing. Out: what can go wrong between a client and the server, as values. Must not know: when it does, how.

import type { LockProblem } from "../locks.ts";

/** What another server in between, or the node's own proxy, answers with in place of the API. */
export const faultStatuses = [500, 502, 503, 504, 595, 596, 599] as const;
type FaultStatus = (typeof faultStatuses)[number];

/** `happens`: the server has done what it was asked all the same, and nobody gets to hear it. */
export type Fault =
  /** The answer comes later. */
  | { readonly kind: "latency"; readonly ms: number }
  | { readonly kind: "status"; readonly status: FaultStatus; readonly happens: boolean }
  /** The connection is torn down without an answer. */
  | { readonly kind: "reset"; readonly happens: boolean }
  /** Done, and the answer ends in the middle of its body. */
  | { readonly kind: "cut-body" }
  /** Done, and the answer comes in parts over so long a time. */
  | { readonly kind: "slow-body"; readonly ms: number }
  /** A write does not get the cluster's lock. */
  | { readonly kind: "lock"; readonly problem: LockProblem }
  /** Somebody else changes something right before. */
  | { readonly kind: "second-writer" }
  /** Done, and then the server is gone before it answers. */
  | { readonly kind: "crash" };

/** Logins are neither reads nor writes. */
export type Requests = "reads" | "writes" | "all";

export type Which =
  | { readonly kind: "every" }
  /** Counted from 1 among the requests that the rule is about. */
  | { readonly kind: "numbers"; readonly first: number; readonly last: number }
  | { readonly kind: "chance"; readonly percent: number };

export interface FaultRule {
  readonly fault: Fault;
  readonly requests: Requests;
  readonly which: Which;
}

/** All that goes wrong: same seed and same requests, same faults. */
export interface FaultSchedule {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}
