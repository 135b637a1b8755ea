import type { Operation } from "./plan.ts";

/** What carries somebody over a dead end: how it is put up, and how it is taken away again. */
export interface Bridge {
  readonly up: readonly Operation[];
  /** Empty where a pending write undoes the helper: an emptied role gets what it is to hold. */
  readonly down: readonly Operation[];
}
