// What can be different between two states so that somebody's privileges at a place are.

import type { AclPath, GroupId, Privilege, RoleId } from "../model/ids.ts";
import type { EntryReason } from "./decision.ts";
import type { Party } from "./holder.ts";
import type { LogIn } from "./usable.ts";

export type Cause =
  /** Who could not log in can now, or the reverse. */
  | { readonly kind: "log-in"; readonly before: LogIn; readonly after: LogIn }
  /** A token came to need entries of its own, or ceased to. */
  | { readonly kind: "separation"; readonly separated: boolean }
  | {
      readonly kind: "membership";
      readonly of: Party["of"];
      readonly group: GroupId;
      readonly joined: boolean;
    }
  | { readonly kind: "pool"; readonly path: AclPath; readonly pool: AclPath; readonly joined: boolean }
  | {
      readonly kind: "role";
      readonly role: RoleId;
      readonly added: readonly Privilege[];
      readonly removed: readonly Privilege[];
    }
  /**
   * An entry counts that did not, is gone, is there without propagate, or is there with others that count in its place.
   */
  | {
      readonly kind: "counts" | "revoked" | "unpropagated" | "replaced";
      readonly reason: EntryReason;
    };

/** Both sorted, with what makes the difference. */
export interface PrivilegeChange {
  readonly gained: readonly Privilege[];
  readonly lost: readonly Privilege[];
  readonly because: readonly Cause[];
}

/** The one value for nobody gaining or losing anything, to be compared with. */
export const noChange: PrivilegeChange = { gained: [], lost: [], because: [] };
