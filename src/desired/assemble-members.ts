import { errorAt, wordPlace } from "../manifest/diagnostic.ts";
import type { DesiredGroup, DesiredUser } from "../model/desired.ts";
import type { TimedMembership } from "../model/desired-over-time.ts";
import type { GroupId, UserId } from "../model/ids.ts";
import { compareText, sortedBy } from "../support/compare.ts";
import type { Place } from "../support/place.ts";
import { assembleDeliveries } from "./assemble-sinks.ts";
import { reportOutOfScope, warnOfAbsent, withoutAbsent, type Assembly } from "./assembly.ts";
import type { GroupDeclaration, MembershipDeclaration, UserDeclaration } from "./declaration.ts";
import { boundReference } from "./secret-bounds.ts";

export function assembleUsers(assembly: Assembly): ReadonlyMap<UserId, DesiredUser> {
  return new Map(
    sortedBy(assembly.objects.users, ([id]) => id).map(([id, one]) => [id, assembleUser(assembly, one)]),
  );
}

function assembleUser(assembly: Assembly, declaration: UserDeclaration): DesiredUser {
  const { user, manifest } = declaration;
  if (!assembly.scope.users(user.id)) reportOutOfScope(assembly, declaration, "/metadata/name", user.id);
  const written = manifest.document.spec?.groups;
  for (const group of user.groups ?? []) {
    if (assembly.scope.groups(group)) continue;
    reportOutOfScope(assembly, declaration, `/spec/groups/${written?.indexOf(group) ?? 0}`, group);
  }
  const list = { pointer: "/spec/groups", written, ids: user.groups ?? [] };
  const password = assemblePassword(assembly, declaration);
  return {
    ...user,
    ...(user.groups && { groups: withoutAbsent(assembly, declaration, list, assembly.absent.group) }),
    ...(password && { password }),
  };
}

function assemblePassword(
  assembly: Assembly,
  { manifest, user, password }: UserDeclaration,
): DesiredUser["password"] {
  if (password === undefined) return undefined;
  const { origin, policy } = password;
  if (origin.kind === "generated") {
    const owner = { manifest, id: user.id, key: "PROXMOX_PASSWORD" };
    const deliveries = assembleDeliveries(assembly, owner, origin.sinks);
    return { origin: { kind: "generated", length: origin.length, deliveries }, policy };
  }
  const { target, report } = assembly;
  const bound = boundReference(origin.from, target.secrets, target.name);
  const pointer = `/spec/password/from/${origin.from.source}`;
  if ("reference" in bound) {
    const source = manifest.locate.place(pointer);
    return { origin: { kind: "given", from: bound.reference, source }, policy };
  }
  report(errorAt(manifest.locate(pointer), bound.said));
  return undefined;
}

export function assembleGroups(assembly: Assembly): ReadonlyMap<GroupId, DesiredGroup> {
  return new Map(
    sortedBy(assembly.objects.groups, ([id]) => id).map(([id, one]) => [id, assembleGroup(assembly, one)]),
  );
}

function assembleGroup(assembly: Assembly, declaration: GroupDeclaration): DesiredGroup {
  const { group, manifest } = declaration;
  if (!assembly.scope.groups(group.id)) reportOutOfScope(assembly, declaration, "/metadata/name", group.id);
  if (group.members === undefined) return group;
  const list = { pointer: "/spec/members", written: manifest.document.spec?.members, ids: group.members };
  return { ...group, members: withoutAbsent(assembly, declaration, list, assembly.absent.user) };
}

/** Sorted by group, user and name. Two manifests may say the same; one that says the opposite is a mistake. */
export function assembleMemberships(assembly: Assembly): TimedMembership[] {
  const { memberships } = assembly.objects;
  for (const declaration of memberships) checkMembership(assembly, declaration);
  return memberships
    .map(({ membership }) => membership)
    .filter(({ group, user }) => !assembly.absent.group(group) && !assembly.absent.user(user))
    .sort((a, b) => compareText(keyOf(a), keyOf(b)) || compareText(a.name, b.name));
}

function keyOf({ group, user }: TimedMembership): string {
  return `${group} ${user}`;
}

function checkMembership(assembly: Assembly, declaration: MembershipDeclaration): void {
  const { group, user, ensure } = declaration.membership;
  const { absent, scope } = assembly;
  if (!scope.groups(group)) reportOutOfScope(assembly, declaration, "/spec/group", group);
  if (ensure === "present" && absent.group(group)) warnOfAbsent(assembly, declaration, "/spec/group", group);
  if (ensure === "present" && absent.user(user)) warnOfAbsent(assembly, declaration, "/spec/user", user);
  const related = ensure === "absent" ? placeOfMember(assembly, declaration) : undefined;
  if (related === undefined) return;
  const message = `${user} is declared a member of ${group} at ${wordPlace(related)}`;
  const span = declaration.manifest.locate("/spec/ensure");
  assembly.report(errorAt(span, { code: "conflicting-manifests", message, related }));
}

/** Where somebody else says that the user is a member. */
function placeOfMember({ objects }: Assembly, { membership }: MembershipDeclaration): Place | undefined {
  const { group, user } = membership;
  const byUser = objects.users.get(user);
  const byGroup = objects.groups.get(group);
  if (byUser?.user.ensure === "present" && byUser.user.groups?.includes(group)) return byUser.manifest.place;
  if (byGroup?.group.ensure === "present" && byGroup.group.members?.includes(user))
    return byGroup.manifest.place;
  return objects.memberships.find(
    ({ membership: other }) => other.ensure === "present" && other.group === group && other.user === user,
  )?.manifest.place;
}
