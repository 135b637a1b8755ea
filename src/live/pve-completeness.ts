import type { AclEntry } from "../model/access-state.ts";
import type { AclPath, Privilege } from "../model/ids.ts";
import type { IncompleteList, Permissions } from "../model/live-state.ts";

// The rules are those of the server's own filters (libpve-access-control 7 to 9.1, pve-manager): a list is never
// refused, only shortened, so what the caller may see is proved from what it may do.

// Proof: the product's own constants, in its own spelling.
const accessPath = "/access" as AclPath;
const groupsPath = "/access/groups" as AclPath;
const poolPath = "/pool" as AclPath;
const sysAudit = "Sys.Audit" as Privilege;
const poolAudit = "Pool.Audit" as Privilege;
const seeUsers = [sysAudit, "User.Modify" as Privilege];
const seeGroups = [...seeUsers, "Group.Allocate" as Privilege];

/** /pool/a/b/c: pools nest no deeper, so nothing can be hidden below. */
const deepestPool = 4;

/**
 * The lists that may be filtered for this caller, by its own permissions. These leave out a path where it has nothing,
 * so where an inherited privilege was taken away shows only in the ACL: without the whole of it nothing is proved.
 */
export function incompleteLists(
  permissions: Permissions,
  acl: readonly AclEntry[],
): readonly IncompleteList[] {
  const audited: IncompleteList = { list: "acl", privilege: sysAudit, path: accessPath };
  const aclWhole = holds(permissions, accessPath, [sysAudit]);
  const paths = new Set(acl.map((entry) => entry.path));
  const users = holds(permissions, groupsPath, seeUsers) ? undefined : auditPath(permissions);
  const groups = aclWhole ? hidingGroups(permissions, paths) : accessPath;
  const pools = aclWhole ? hidingPools(permissions, paths) : undefined;
  return [
    ...(users === undefined ? [] : [{ ...audited, list: "users" as const, path: users }]),
    ...(groups === undefined ? [] : [{ ...audited, list: "groups" as const, path: groups }]),
    ...(aclWhole ? [] : [audited]),
    ...(pools === undefined ? [] : [{ list: "pools" as const, privilege: poolAudit, path: pools }]),
    ...(aclWhole ? [] : [unprovenPools(permissions)]),
  ];
}

/** The first path that may keep a group out of the list. A group without entries has what /access/groups passes on. */
function hidingGroups(permissions: Permissions, paths: ReadonlySet<AclPath>): AclPath | undefined {
  if (!passesOn(permissions, groupsPath, seeGroups)) return auditPath(permissions);
  return below(groupsPath, paths).find((path) => !holds(permissions, path, seeGroups));
}

function hidingPools(permissions: Permissions, paths: ReadonlySet<AclPath>): AclPath | undefined {
  if (!passesOn(permissions, poolPath, [poolAudit])) return poolPath;
  return below(poolPath, paths).find((path) =>
    path.split("/").length > deepestPool
      ? !holds(permissions, path, [poolAudit])
      : !passesOn(permissions, path, [poolAudit]),
  );
}

/** Without the ACL nobody knows of overrides below /pool: either privilege may be the one that is missing. */
function unprovenPools(permissions: Permissions): IncompleteList {
  return passesOn(permissions, poolPath, [poolAudit])
    ? { list: "pools", privilege: sysAudit, path: accessPath }
    : { list: "pools", privilege: poolAudit, path: poolPath };
}

/** Where Sys.Audit is to be given: on /access, unless it is there and an entry on /access/groups takes it away. */
function auditPath(permissions: Permissions): AclPath {
  return passesOn(permissions, accessPath, [sysAudit]) ? groupsPath : accessPath;
}

function below(root: AclPath, paths: ReadonlySet<AclPath>): readonly AclPath[] {
  return [...paths].filter((path) => path.startsWith(`${root}/`));
}

function holds(permissions: Permissions, path: AclPath, anyOf: readonly Privilege[]): boolean {
  return anyOf.some((privilege) => permissions.get(path)?.has(privilege) === true);
}

/** Whether a privilege is held on a path and below it, where no entry says otherwise. */
function passesOn(permissions: Permissions, path: AclPath, anyOf: readonly Privilege[]): boolean {
  return anyOf.some((privilege) => permissions.get(path)?.get(privilege) === true);
}
