// In: nothing. Out: what one pass over one target found and did. Must not know: how it is shown, exit statuses.

import type { SinkState } from "../apply/held.ts";
import type { Outcome } from "../apply/outcome.ts";
import type { TokenId } from "../model/ids.ts";
import type { ProductName } from "../model/product.ts";
import type { Plan } from "../plan/plan.ts";

export interface ReportError {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What one sink of one token holds. */
export interface LookedSink extends SinkState {
  readonly token: TokenId;
}

/** What one pass has to say of one target. */
export type TargetReport = {
  readonly name: string;
  readonly product: ProductName;
  readonly version?: string;
  readonly caller?: string;
  readonly plan?: Plan;
  /** Only a part was asked for (`--only`), so nothing is said of the rest. */
  readonly partial?: true;
  /** What apply did: one a change. */
  readonly outcomes?: readonly Outcome[];
  /** Why nothing is planned or applied though nothing is wrong (suspended, observed), or what can't be seen of it. */
  readonly notice?: string;
  /** What sinks hold, where they were looked into. */
  readonly sinks?: readonly LookedSink[];
  /** What it was planned from, where that is no server, and what was taken for granted. */
  readonly basis?: string;
  /** The lists that were proved whole. */
  readonly complete?: readonly string[];
} & (
  | { readonly status: "ok" | "refused"; readonly error?: ReportError }
  | { readonly status: "unreachable" | "invalid"; readonly error: ReportError }
);
