import type { Group } from "../model/access-state.ts";
import type { GroupId, UserId } from "../model/ids.ts";
import { pauseGroup } from "../model/pause.ts";
import { sortedBy } from "../support/compare.ts";
import { printable } from "../support/printable.ts";
import type { ExportedDocument, ExportInput, Part } from "./exported.ts";
import { slugOf, uniqueNames } from "./names.ts";
import { isSayableId, nameable, sayText } from "./sayable.ts";

/** Memberships are written from the group's side: who is in it reads as one list, users of directories among them. */
export function exportGroups(input: ExportInput): Part {
  const { state, extent } = input;
  const groups = sortedBy(state.groups.values(), ({ id }) => id);
  const owned = groups.filter(({ id }) => extent.group(id) && id !== pauseGroup);
  const { named, remarks } = nameable("groups", owned);
  const rosters = named.map((group) => rosterOf(group, input));
  const ofDirectories = groups.filter(({ id }) => !extent.group(id) && extent.isDirectoryGroup(id));
  return {
    documents: [
      ...rosters.map(groupDocument),
      ...membershipDocuments(rosters.filter(({ isWhole }) => !isWhole)),
    ],
    remarks: [
      ...(ofDirectories.length === 0
        ? []
        : [`Left out: ${ofDirectories.map(({ id }) => id).join(", ")}, made by a directory.`]),
      ...remarks,
      ...remarkMembers(
        "Members who are left as they are, whatever is declared:",
        rosters,
        ({ left }) => left,
      ),
      ...remarkMembers(
        "Members that do not exist any more, so that nobody can declare or remove them:",
        rosters,
        ({ gone }) => gone,
      ),
    ],
  };
}

interface Roster {
  readonly group: Group;
  /** Who can be declared a member. */
  readonly members: readonly UserId[];
  /** The superuser, and who is out of scope by name. */
  readonly left: readonly UserId[];
  /** Who no longer exists. */
  readonly gone: readonly UserId[];
  /** Whether a list of `members` leaves out nobody whom it would then take out of the group. */
  readonly isWhole: boolean;
}

function rosterOf(group: Group, { state, extent }: ExportInput): Roster {
  const there = group.members.filter((user) => state.users.has(user) && !extent.isLeftAlone(user));
  const members = there.filter(isSayableId);
  return {
    group,
    members,
    left: group.members.filter((user) => state.users.has(user) && extent.isLeftAlone(user)),
    gone: group.members.filter((user) => !state.users.has(user)),
    isWhole: members.length === there.length,
  };
}

function groupDocument({ group, members, isWhole }: Roster): ExportedDocument<"Group"> {
  const comment = sayText("comment", group.comment);
  return {
    kind: "Group",
    name: group.id,
    spec: {
      ...comment.fields,
      ...(isWhole && { members: [...members] }),
    },
    remarks: [
      ...comment.remarks,
      ...(isWhole
        ? []
        : ["members is left alone: one of them no manifest can name. The others are memberships below."]),
    ],
  };
}

function membershipDocuments(rosters: readonly Roster[]): readonly ExportedDocument<"Membership">[] {
  const pairs = rosters.flatMap(({ group, members }) => members.map((user) => ({ group: group.id, user })));
  const names = uniqueNames(pairs.map((pair) => ({ name: slugOf([pair.group, pair.user]), id: idOf(pair) })));
  return pairs.map(({ group, user }, index) => ({
    kind: "Membership",
    name: names[index] ?? idOf({ group, user }),
    spec: { group, user },
    remarks: [],
  }));
}

function idOf({ group, user }: { readonly group: GroupId; readonly user: UserId }): string {
  return `${group} ${user}`;
}

function remarkMembers(
  head: string,
  rosters: readonly Roster[],
  whoOf: (roster: Roster) => readonly UserId[],
): readonly string[] {
  const lines = rosters.flatMap((roster) =>
    whoOf(roster).map((user) => `  ${roster.group.id}: ${printable(user)}`),
  );
  return lines.length === 0 ? [] : [head, ...lines];
}
