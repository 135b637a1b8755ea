// Users and groups: what should be there of each, without memberships.

import type { Group, User } from "../model/access-state.ts";
import type { DesiredGroup, DesiredUser } from "../model/desired.ts";
import type { GroupId, UserId } from "../model/ids.ts";
import type { Place } from "../support/place.ts";
import { changeKey, settleUndeclared, type ChangeKey, type Remarks, type Settling } from "./settling.ts";

export function settleUsers(settling: Settling, remarks: Remarks): ReadonlyMap<UserId, User> {
  const { live, desired, ownership } = settling;
  const wanted = new Map<UserId, User>();
  for (const user of live.users.values()) {
    const isOurs = !ownership.isSuperuser(user.id) && !desired.users.has(user.id);
    const standing = { inScope: ownership.userInScope(user.id), stays: ownership.userStays(user.id) };
    const fate = isOurs
      ? settleUndeclared("User", { name: user.id, ...standing }, settling, remarks)
      : "stays";
    if (fate !== "delete") wanted.set(user.id, fate === "disable" ? { ...user, enabled: false } : user);
  }
  for (const user of desired.users.values()) {
    const key = changeKey("User", user.id);
    remarks.origins.set(key, originOf(user));
    if (user.ensure === "ignored") continue;
    if (ownership.isDirectoryUser(user.id) && !ownership.userInScope(user.id)) {
      remarks.notes.push(outOfScope(`user ${user.id} is made by its directory`, user.source, key));
    } else if (user.ensure === "absent") wanted.delete(user.id);
    else wanted.set(user.id, sameOr(live.users.get(user.id), declaredUser(user, live.users.get(user.id))));
    const origin = user.password?.origin;
    if (settling.refusedPasswords.has(user.id) && origin?.kind === "given")
      remarks.passwords.set(user.id, origin.from);
  }
  return wanted;
}

/** The live object itself where it is as declared: nobody need compare the two again. */
function sameOr<T extends object>(live: T | undefined, declared: T): T {
  if (live === undefined) return declared;
  // Proof: both are of one type, whose fields are plain values.
  const isSame = Object.keys(declared).every(
    (field) => live[field as keyof T] === declared[field as keyof T],
  );
  return isSame ? live : declared;
}

function declaredUser(desired: DesiredUser, live: User | undefined): User {
  return {
    id: desired.id,
    enabled: desired.enabled ?? live?.enabled ?? true,
    expire: desired.expire ?? live?.expire ?? 0,
    firstName: desired.firstName ?? live?.firstName ?? "",
    lastName: desired.lastName ?? live?.lastName ?? "",
    email: desired.email ?? live?.email ?? "",
    comment: desired.comment ?? live?.comment ?? "",
  };
}

/** Groups with the members that they have now; settleMembers decides who should be in them. */
export function settleGroups(settling: Settling, remarks: Remarks): ReadonlyMap<GroupId, Group> {
  const { live, desired, ownership } = settling;
  const wanted = new Map<GroupId, Group>();
  for (const group of live.groups.values()) {
    const standing = { inScope: ownership.groupInScope(group.id), stays: ownership.groupStays(group.id) };
    const isOurs = !desired.groups.has(group.id);
    const fate = isOurs
      ? settleUndeclared("Group", { name: group.id, ...standing }, settling, remarks)
      : "stays";
    if (fate === "stays") wanted.set(group.id, group);
  }
  for (const group of desired.groups.values()) {
    const key = changeKey("Group", group.id);
    remarks.origins.set(key, originOf(group));
    if (group.ensure === "ignored") continue;
    if (ownership.isDirectoryGroup(group.id) && !ownership.groupInScope(group.id)) {
      remarks.notes.push(outOfScope(`group ${group.id} is made by its directory`, group.source, key));
    } else if (group.ensure === "absent") wanted.delete(group.id);
    else
      wanted.set(
        group.id,
        sameOr(live.groups.get(group.id), declaredGroup(group, live.groups.get(group.id))),
      );
  }
  return wanted;
}

function declaredGroup(desired: DesiredGroup, live: Group | undefined): Group {
  return {
    id: desired.id,
    comment: desired.comment ?? live?.comment ?? "",
    members: live?.members ?? [],
  };
}

function outOfScope(what: string, source: Place, key: ChangeKey): Remarks["notes"][number] {
  return {
    severity: "error",
    code: "out-of-scope",
    message: `${what}, so it is out of scope: name its realm in the target's scope.directories, or don't declare it`,
    source,
    about: [key],
  };
}

export function originOf(object: { readonly ensure: string; readonly source: Place }): {
  readonly reason: "absent" | "declared";
  readonly source: Place;
} {
  return { reason: object.ensure === "absent" ? "absent" : "declared", source: object.source };
}
