import type { Wanted } from "../reconcile/load.ts";
import type { Surroundings } from "../reconcile/open.ts";
import type { visitTarget } from "../reconcile/visit.ts";
import type { Lane } from "./lanes.ts";
import type { PassRecord } from "./record.ts";

export type Desired = Wanted["desired"];

/** When something of the desired state begins or ends by itself, after the instant; both in seconds. */
export type NextBoundary = (desired: Desired, nowSeconds: number) => number | undefined;

export interface TendingOptions {
  readonly surroundings: Surroundings;
  readonly lanes: { readonly sound: Lane; readonly troubled: Lane };
  readonly visit: typeof visitTarget;
  readonly nextBoundary: NextBoundary;
  readonly onPass: (name: string, record: PassRecord) => void;
}
