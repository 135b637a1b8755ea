// In: a state with where its parts are declared, and Policy manifests. Out (of this folder): findings on what breaks a
// rule. Must not know: the server, how findings are shown; with a plan or without one, rules are judged alike.

import type { AccessIndex } from "../../access/lookup.ts";
import type { UserId } from "../../model/ids.ts";
import type { Declared } from "../declared.ts";

/** What policies are held against. */
export interface Facts {
  readonly after: AccessIndex;
  /** Undefined where there is no server to compare with. */
  readonly before: AccessIndex | undefined;
  /** Who can't log in at this instant holds nothing. Seconds since the epoch. */
  readonly nowSeconds: number;
  readonly declared: Declared;
  /** Holds everything whatever a policy says, so none speaks of it. */
  readonly superuser: UserId;
}
