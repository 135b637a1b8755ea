// Who should be in which group. A group with `members` decides for the group, a user with `groups` for the user, and
// the wanted members are the union of what both and memberships say.

import type { Group, User } from "../model/access-state.ts";
import type { GroupId, UserId } from "../model/ids.ts";
import { comparePlaces, type Place } from "../support/place.ts";
import { sameTexts, sortedBy, sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { missing } from "./reference.ts";
import { changeKey, type Remarks, type Settling } from "./settling.ts";

/** What the manifests say of memberships: by group, who should be in it and where that stands. */
interface Wishes {
  readonly wanted: ReadonlyMap<GroupId, ReadonlyMap<UserId, Place>>;
  readonly refused: ReadonlyMap<string, Place>;
  /** As not there unless they are wanted elsewhere: outside their validity. */
  readonly outside: ReadonlyMap<string, Place>;
  readonly ignored: ReadonlySet<string>;
}

interface Frame {
  readonly settling: Settling;
  readonly remarks: Remarks;
  readonly users: ReadonlyMap<UserId, User>;
  readonly wishes: Wishes;
  /** Of who leaves a group, why. */
  readonly losses: Map<UserId, Loss>;
}

/** The place of a membership outside its validity, where each one that the user loses is. */
type Loss = Place | "others";

export function settleMembers(
  groups: ReadonlyMap<GroupId, Group>,
  users: ReadonlyMap<UserId, User>,
  settling: Settling,
  remarks: Remarks,
): ReadonlyMap<GroupId, Group> {
  const frame: Frame = { settling, remarks, users, wishes: wishesOf(settling), losses: new Map() };
  for (const group of frame.wishes.wanted.keys()) {
    if (!groups.has(group)) remarkMissingGroup(group, frame);
  }
  // Of a user whom several groups gain or lose, the plan names the place of the first: the same one every time.
  const ordered = sortedBy(groups, ([id]) => id);
  const settled = new Map(
    ordered.map(([id, group]) => {
      const members = membersOf(group, frame);
      return [id, sameTexts(members, group.members) ? group : { ...group, members }] as const;
    }),
  );
  remarkValidities(frame);
  return settled;
}

function membersOf(group: Group, frame: Frame): readonly UserId[] {
  const wishes = frame.wishes.wanted.get(group.id) ?? new Map<UserId, Place>();
  if (!isWritable(group.id, frame.settling)) {
    remarkUnwritable(group, wishes, frame);
    return group.members.filter((user) => isGoneOrKept(user, frame));
  }
  const kept = group.members.filter((user) => keepsMember(user, group, frame));
  const added = [...wishes]
    .filter(([user, place]) => canJoin(user, group, place, frame))
    .map(([user]) => user);
  return sortedSet([...kept, ...added]);
}

function isWritable(group: GroupId, { ownership, desired }: Settling): boolean {
  if (ownership.isDirectoryGroup(group) || desired.groups.get(group)?.ensure === "ignored") return false;
  return ownership.groupInScope(group);
}

/** The server drops a deleted user's memberships; a vanished user's can't be removed over the API. */
function isGoneOrKept(user: UserId, { users, settling }: Frame): boolean {
  return users.has(user) || !settling.live.users.has(user);
}

function keepsMember(user: UserId, group: Group, frame: Frame): boolean {
  const { settling, users, wishes, remarks } = frame;
  if (!users.has(user)) {
    if (settling.live.users.has(user)) return false;
    remarks.notes.push(dangling(user, group.id));
    return true;
  }
  if (isLeftAlone(user, settling) || wishes.ignored.has(membershipKey(user, group.id))) return true;
  const key = membershipKey(user, group.id);
  const isWanted = wishes.wanted.get(group.id)?.has(user) === true;
  const outside = isWanted ? undefined : wishes.outside.get(key);
  const refusal = wishes.refused.get(key) ?? outside;
  if (!refusal && isWanted) return true;
  const declared = settling.desired.groups.get(group.id);
  const isOpen =
    !isAuthoritative(declared?.members) && !isAuthoritative(settling.desired.users.get(user)?.groups);
  if (!refusal && isOpen) return true;
  remarkOrigin(user, refusal ?? declared?.source, remarks);
  const isOutside = outside !== undefined && !wishes.refused.has(key);
  if (!isOutside) frame.losses.set(user, "others");
  else if (!frame.losses.has(user)) frame.losses.set(user, outside);
  return false;
}

/** A user that loses nothing but what is outside its validity changes for this reason, declared or not. */
function remarkValidities({ losses, remarks: { origins } }: Frame): void {
  for (const [user, loss] of losses) {
    const key = changeKey("User", user);
    if (loss === "others" || origins.get(key)?.reason !== "declared") continue;
    origins.set(key, { reason: "outside-validity", source: loss });
  }
}

function isAuthoritative(list: readonly string[] | undefined): boolean {
  return list !== undefined;
}

/** The superuser, users that the target's scope excludes by name, and those whose manifest says so. */
function isLeftAlone(user: UserId, { ownership, desired }: Settling): boolean {
  return (
    ownership.isSuperuser(user) ||
    ownership.userExcluded(user) ||
    desired.users.get(user)?.ensure === "ignored"
  );
}

function canJoin(user: UserId, group: Group, place: Place, frame: Frame): boolean {
  const { users, settling, remarks, wishes } = frame;
  const key = membershipKey(user, group.id);
  if (wishes.refused.has(key) || wishes.ignored.has(key)) return false;
  if (!users.has(user)) {
    if (settling.desired.users.get(user)?.ensure !== "absent")
      remarkMissingUser(user, group.id, place, frame);
    return false;
  }
  if (!isLeftAlone(user, settling)) {
    remarkOrigin(user, place, remarks);
    return true;
  }
  if (!group.members.includes(user) && settling.desired.users.get(user)?.ensure !== "ignored") {
    remarks.notes.push({
      severity: "warning",
      code: "out-of-scope",
      message: `${user} is out of scope, so its membership in ${group.id} is left as it is`,
      source: place,
      about: [],
    });
  }
  return false;
}

/** A user that no manifest declares changes because a group or a membership names it. */
function remarkOrigin(user: UserId, source: Place | undefined, { origins }: Remarks): void {
  const key = changeKey("User", user);
  if (source && !origins.has(key)) origins.set(key, { reason: "declared", source });
}

function wishesOf({ desired }: Settling): Wishes {
  const wanted = new Map<GroupId, Map<UserId, Place>>();
  const wish = (group: GroupId, user: UserId, place: Place): void => {
    const members = getOrAdd(wanted, group, () => new Map<UserId, Place>());
    if (!members.has(user)) members.set(user, place);
  };
  const memberships = [...desired.memberships].sort((a, b) => comparePlaces(a.source, b.source));
  for (const user of sortedBy(desired.users.values(), ({ id }) => id)) {
    if (user.ensure === "present") for (const group of user.groups ?? []) wish(group, user.id, user.source);
  }
  for (const group of desired.groups.values()) {
    if (group.ensure === "present")
      for (const user of group.members ?? []) wish(group.id, user, group.source);
  }
  for (const { ensure, group, user, source } of memberships) {
    if (ensure === "present") wish(group, user, source);
  }
  const placesOf = (ensure: string): ReadonlyMap<string, Place> =>
    new Map(
      memberships
        .filter((membership) => membership.ensure === ensure)
        .map(({ user, group, source }) => [membershipKey(user, group), source]),
    );
  return {
    wanted,
    refused: placesOf("absent"),
    outside: placesOf("outside"),
    ignored: new Set(placesOf("ignored").keys()),
  };
}

function membershipKey(user: UserId, group: GroupId): string {
  return `${user} ${group}`;
}

function dangling(user: UserId, group: GroupId): Remarks["notes"][number] {
  return {
    severity: "warning",
    code: "dangling-entry",
    message: `group ${group} lists ${user}, a user that does not exist; the API cannot remove that`,
    about: [],
  };
}

function remarkUnwritable(group: Group, wishes: ReadonlyMap<UserId, Place>, frame: Frame): void {
  const { ownership, desired } = frame.settling;
  if (desired.groups.get(group.id)?.ensure === "ignored") return;
  for (const [user, place] of wishes) {
    if (group.members.includes(user)) continue;
    const why = ownership.isDirectoryGroup(group.id) ? "made by its directory" : "out of scope";
    frame.remarks.notes.push({
      severity: "warning",
      code: ownership.isDirectoryGroup(group.id) ? "directory-membership" : "out-of-scope",
      message: `group ${group.id} is ${why}, so ${user} is not made a member of it`,
      source: place,
      about: [],
    });
  }
}

function remarkMissingGroup(group: GroupId, { settling, remarks, wishes }: Frame): void {
  if (settling.desired.groups.get(group)?.ensure === "absent") return;
  const [user, source] = [...(wishes.wanted.get(group) ?? [])][0] ?? [];
  remarks.notes.push({
    ...missing(`group ${group}`, {
      live: settling.live.groups.has(group),
      directory: settling.ownership.isDirectoryGroup(group),
      name: group,
      among: [settling.desired.groups, settling.live.groups],
    }),
    ...(source && { source }),
    about: user === undefined ? [] : [changeKey("User", user)],
  });
}

function remarkMissingUser(user: UserId, group: GroupId, source: Place, { settling, remarks }: Frame): void {
  remarks.notes.push({
    ...missing(`user ${user}, named as a member of ${group},`, {
      live: settling.live.users.has(user),
      directory: settling.ownership.isDirectoryUser(user),
      name: user,
      among: [settling.desired.users, settling.live.users],
    }),
    source,
    about: [changeKey("User", user), changeKey("Group", group)],
  });
}
