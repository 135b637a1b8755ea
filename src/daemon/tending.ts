import type { Wanted } from "../reconcile/load.ts";
import type { Surroundings } from "../reconcile/open.ts";
import type { VisitTarget } from "../reconcile/visit.ts";
import type { Lane } from "./lanes.ts";
import type { PassRecord } from "./record.ts";

export type Desired = Wanted["desired"];

export interface TendingOptions {
  readonly surroundings: Surroundings;
  readonly lanes: { readonly sound: Lane; readonly troubled: Lane };
  readonly visit: VisitTarget;
  /** How often the sinks are looked into; undefined: never. */
  readonly verifySinksMs?: number;
  readonly onPass: (name: string, record: PassRecord) => void;
}
