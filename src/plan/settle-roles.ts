// Roles: what should be there of each, its includes expanded and its optional privileges weighed against the server's.

import type { Role } from "../model/access-state.ts";
import type { DesiredRole } from "../model/desired.ts";
import type { Privilege, RoleId } from "../model/ids.ts";
import type { Place } from "../support/place.ts";
import { sortedSet } from "../support/compare.ts";
import { isTemporary } from "./bridge.ts";
import {
  changeKey,
  fateOf,
  settleUndeclared,
  type Remarks,
  type Settling,
  type Standing,
} from "./settling.ts";

/** The roles that should be there, includes expanded, optional privileges left out where the server lacks them. */
export function settleRoles(settling: Settling, remarks: Remarks): ReadonlyMap<RoleId, Role> {
  const wanted = new Map<RoleId, Role>();
  for (const role of settling.live.roles.values()) {
    if (staysUndeclared(role, settling, remarks)) wanted.set(role.id, role);
  }
  for (const role of settling.desired.roles.values()) settleRole(role, settling, remarks, wanted);
  return wanted;
}

function staysUndeclared(role: Role, settling: Settling, remarks: Remarks): boolean {
  if (role.builtIn || settling.desired.roles.has(role.id)) return true;
  if (isTemporary(role.id)) {
    // Left behind by an apply that was cut off: in scope wherever it is, and outside of prune and budgets.
    remarks.origins.set(changeKey("Role", role.id), { reason: "absent" });
    return false;
  }
  return (
    settleUndeclared("Role", { name: role.id, ...standingOf(role.id, settling) }, settling, remarks) ===
    "stays"
  );
}

function standingOf(role: RoleId, { ownership }: Settling): Standing {
  return { inScope: ownership.roleInScope(role), stays: ownership.roleStays(role) };
}

function settleRole(
  role: DesiredRole,
  settling: Settling,
  remarks: Remarks,
  wanted: Map<RoleId, Role>,
): void {
  const key = changeKey("Role", role.id);
  remarks.origins.set(key, {
    reason: role.ensure === "absent" ? "absent" : "declared",
    source: role.source,
  });
  if (role.ensure === "ignored") return;
  if (role.ensure === "absent") {
    wanted.delete(role.id);
    return;
  }
  const privileges = privilegesOf(role, settling, remarks, new Set());
  for (const privilege of privileges) {
    if (settling.supported.has(privilege)) continue;
    remarks.held.add(key);
    remarks.notes.push(unknownPrivilege(privilege, role.id, role.source, settling));
  }
  wanted.set(role.id, { id: role.id, privileges: sortedSet(privileges), builtIn: false });
}

function unknownPrivilege(
  privilege: Privilege,
  role: RoleId,
  source: Place,
  settling: Settling,
): Remarks["notes"][number] {
  const replacement = settling.product.replacements.get(privilege);
  return {
    severity: "warning",
    code: "privilege-unknown",
    message:
      `this server has no privilege ${privilege}, so role ${role} is held with what depends on it; ` +
      (replacement === undefined
        ? "move it to optionalPrivileges, or drop it"
        : `here it is ${replacement}; or move it to optionalPrivileges`),
    source,
    about: [changeKey("Role", role)],
  };
}

function privilegesOf(
  role: DesiredRole,
  settling: Settling,
  remarks: Remarks,
  seen: Set<RoleId>,
): readonly Privilege[] {
  if (role.privileges === undefined) return settling.live.roles.get(role.id)?.privileges ?? [];
  seen.add(role.id);
  return [
    ...role.privileges,
    ...role.optionalPrivileges.filter((privilege) => settling.supported.has(privilege)),
    ...role.includes
      .filter((included) => !seen.has(included))
      .flatMap((included) => includedPrivileges(included, role, { settling, remarks, seen })),
  ];
}

function includedPrivileges(
  included: RoleId,
  by: DesiredRole,
  { settling, remarks, seen }: { settling: Settling; remarks: Remarks; seen: Set<RoleId> },
): readonly Privilege[] {
  const declared = settling.desired.roles.get(included);
  if (declared?.ensure === "present") return privilegesOf(declared, settling, remarks, seen);
  const live = settling.live.roles.get(included);
  if (live && isIncludable(live, declared, settling)) return live.privileges;
  remarks.notes.push({
    severity: "error",
    code: live && !declared ? "reference-unmanaged" : "reference-unknown",
    message:
      live && !declared
        ? `role ${by.id} includes role ${included}, which prune would delete: declare it, or put it out of scope`
        : `role ${by.id} includes role ${included}, which neither the manifests nor the server has`,
    source: by.source,
    about: [changeKey("Role", by.id)],
  });
  return [];
}

function isIncludable(live: Role, declared: DesiredRole | undefined, settling: Settling): boolean {
  if (live.builtIn || declared?.ensure === "ignored") return true;
  return fateOf("Role", standingOf(live.id, settling), settling.desired) === "stays";
}
