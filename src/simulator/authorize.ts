// Whether a caller may make a call, and the server's words where not. The real server judges before it verifies
// parameters, so what is judged here are raw texts.

import { realmOf, type AuthId, type UserId } from "../model/ids.ts";
import { pve } from "../model/pve.ts";
import type { Permission } from "./calls/endpoint.ts";
import { userIdFormat } from "./parameters/formats.ts";
import type { Host } from "./host.ts";
import { normalizePath } from "./calls/paths.ts";
import { groupsWith, hasAny, membersOf, modifyingPrivileges, requireAll, requireAny } from "./privileges.ts";
import { failure, forbidden, Refusal } from "./refusal.ts";
import { splitList } from "./parameters/schema.ts";

/** Who wants what, by the texts that came with the call. */
export interface Claim {
  readonly host: Host;
  readonly caller: AuthId | undefined;
  readonly texts: ReadonlyMap<string, string>;
}

/** Refuses unless the permission is there. The superuser may do everything. */
export function authorize(permission: Permission, claim: Claim): void {
  const { caller } = claim;
  if (caller === undefined && permission.kind === "world") return;
  if (caller === undefined) throw forbidden("user != null");
  if (caller === pve.superuser) return;
  check(permission, { ...claim, caller });
}

type OwnedClaim = Claim & { readonly caller: AuthId };

function check(permission: Permission, claim: OwnedClaim): void {
  switch (permission.kind) {
    case "world":
    case "all":
      return;
    case "privileges":
      checkTemplate(permission, claim);
      return;
    case "modify-acl":
      checkModifyAcl(claim);
      return;
    case "self":
      if (existingUser(claim) !== claim.caller) throw forbidden();
      return;
    case "allocate-user":
      checkAllocateUser(claim);
      return;
    case "user-groups":
      checkUserGroups(permission, claim);
      return;
    case "every":
      for (const part of permission.of) check(part, claim);
      return;
    case "either":
      if (!permission.of.some((part) => passes(part, claim))) throw forbidden();
      return;
  }
}

/**
 * The quiet form of a check. What is wrong within an `every` is told aloud all the same, as is an id that is none:
 * the real server stops looking for another way in then.
 */
function passes(permission: Permission, claim: OwnedClaim): boolean {
  if (permission.kind === "self") validUserId(claim.texts);
  try {
    check(permission, claim);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal) || permission.kind === "every") throw error;
    return false;
  }
}

function checkTemplate(
  permission: Extract<Permission, { kind: "privileges" }>,
  { host, caller, texts }: OwnedClaim,
): void {
  const path = permission.path.replace(/\{([^}]+)\}/gu, (_, name: string) => texts.get(name) ?? "");
  const normalized = normalizePath(path) ?? "";
  if (permission.any === true)
    requireAny(host, caller, { path: normalized, privileges: permission.privileges });
  else requireAll(host, caller, { path: normalized, privileges: permission.privileges });
}

/** A path that is none passes: the endpoint itself says what is wrong with it. */
function checkModifyAcl({ host, caller, texts }: OwnedClaim): void {
  const path = normalizePath(texts.get("path"));
  if (path !== undefined) requireAny(host, caller, { path, privileges: modifyingPrivileges(path) });
}

function checkAllocateUser({ host, caller, texts }: OwnedClaim): void {
  const realm = realmOf(validUserId(texts));
  requireAll(host, caller, { path: `/access/realm/${realm}`, privileges: ["Realm.AllocateUser"] });
}

function checkUserGroups(
  { privileges, groups: mode }: Extract<Permission, { kind: "user-groups" }>,
  claim: OwnedClaim,
): void {
  const { host, caller, texts } = claim;
  const user = mode === "create" ? undefined : existingUser(claim);
  if (hasAny(host, caller, { path: "/access/groups", privileges })) return;
  const groups = groupsWith(host, caller, privileges);
  if (mode !== undefined) {
    const wanted = splitList(texts.get("groups"));
    if (wanted.length === 0) throw forbidden(`/access/groups, ${privileges.join("|")}`);
    const lacking = wanted.find((group) => !groups.some((id) => id === group));
    if (lacking !== undefined) throw forbidden(`/access/groups/${lacking}, ${privileges.join("|")}`);
  }
  if (user !== undefined && !membersOf(host, groups).has(user)) throw forbidden();
}

function existingUser({ host, texts }: OwnedClaim): UserId {
  const id = validUserId(texts);
  if (!host.userCfg.read().users.has(id)) throw failure(`no such user ('${id}')`);
  return id;
}

function validUserId(texts: ReadonlyMap<string, string>): UserId {
  const text = texts.get("userid") ?? "";
  const problem = userIdFormat(text);
  if (problem !== undefined) throw failure(problem);
  // Proof: it has the format of a user's id.
  return text as UserId;
}
