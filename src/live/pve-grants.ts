import type { AclEntry, Role } from "../model/access-state.ts";
import { subjectKey, type AclPath, type Privilege, type RoleId, type Subject } from "../model/ids.ts";
import type { Permissions } from "../model/live-state.ts";
import type { Product } from "../model/product.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import {
  entriesOf,
  fieldOf,
  flagOf,
  idOf,
  idsOf,
  listOf,
  malformed,
  requiredField,
  textOf,
  type Json,
} from "./decode.ts";

/** GET /access/roles. Releases that say which roles are their own say it with `special`. */
export function rolesFrom(list: Json, product: Product): ReadonlyMap<RoleId, Role> {
  const roles = new Map<RoleId, Role>();
  for (const row of listOf(list)) {
    const id = idOf(requiredField(row, "roleid"), product.parseRoleId);
    const privileges = sortedSet(idsOf(fieldOf(row, "privs"), parseReportedPrivilege));
    const builtIn = flagOf(fieldOf(row, "special"), product.builtInRoles.has(id));
    roles.set(id, { id, privileges, builtIn });
  }
  return new Map(sortedBy(roles, ([id]) => id));
}

/** GET /access/acl: one row a path, subject and role; rows that are one after normalising hold below if any did. */
export function aclFrom(list: Json, product: Product): readonly AclEntry[] {
  const entries = new Map<string, AclEntry>();
  for (const row of listOf(list)) {
    const entry = aclEntryFrom(row, product);
    // No id holds a blank.
    const key = `${entry.path} ${subjectKey(entry.subject)} ${entry.role}`;
    const propagate = entry.propagate || entries.get(key)?.propagate === true;
    entries.set(key, { ...entry, propagate });
  }
  return sortedBy(entries, ([key]) => key).map(([, entry]) => entry);
}

function aclEntryFrom(row: Json, product: Product): AclEntry {
  return {
    path: pathOf(requiredField(row, "path"), product),
    subject: subjectOf(requiredField(row, "type"), requiredField(row, "ugid"), product),
    role: idOf(requiredField(row, "roleid"), product.parseRoleId),
    propagate: flagOf(fieldOf(row, "propagate"), true),
  };
}

function subjectOf(type: Json, id: Json, product: Product): Subject {
  switch (type.value) {
    case "user":
      return { kind: "user", id: idOf(id, product.parseUserId) };
    case "group":
      return { kind: "group", id: idOf(id, product.parseGroupId) };
    case "token":
      return { kind: "token", id: idOf(id, product.parseTokenId) };
    default:
      throw malformed(type, "user, group or token");
  }
}

/** GET /access/permissions: paths where the caller has nothing are left out. */
export function permissionsFrom(answer: Json, product: Product): Permissions {
  const permissions = new Map<AclPath, ReadonlyMap<Privilege, boolean>>();
  // An administrator holds the same on every one of thousands of paths.
  const known = new Map<string, ReadonlyMap<Privilege, boolean>>();
  for (const [path, held] of entriesOf(answer)) {
    const privileges = getOrAdd(known, JSON.stringify(held.value), () => privilegesFrom(held));
    permissions.set(pathOf({ ...held, value: path }, product), privileges);
  }
  return permissions;
}

function privilegesFrom(held: Json): ReadonlyMap<Privilege, boolean> {
  const privileges = entriesOf(held).map(
    ([name, flag]) => [idOf({ ...flag, value: name }, parseReportedPrivilege), flagOf(flag, false)] as const,
  );
  return new Map(privileges);
}

function pathOf(json: Json, product: Product): AclPath {
  const text = textOf(json);
  if (!text.startsWith("/")) throw malformed(json, "a path");
  return product.normalizeAclPath(text);
}

/** A newer release may have privileges that this one has never heard of: they are shown and compared all the same. */
function parseReportedPrivilege(text: string): Parsed<Privilege> {
  if (!/^[A-Za-z]+(?:\.[A-Za-z]+)*$/u.test(text)) return unparsed("is not a privilege");
  // Proof: the server that has it names it, in the form that all of them have.
  return parsed(text as Privilege);
}
