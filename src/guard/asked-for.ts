// What a plan takes away because manifests say in so many words that it is not to be there: no budget counts it.

import type { AccessState, AclEntry, Group } from "../model/access-state.ts";
import { subjectKey } from "../model/ids.ts";
import { composeState } from "../plan/compose.ts";
import type { Change, FieldValue, Plan } from "../plan/plan.ts";
import { changeKey } from "../plan/settling.ts";
import type { Declared } from "./declared.ts";

/** Whether all of a change is asked for: `ensure: absent`, a user who is disabled, or only what a validity took away. */
export function isAskedFor(change: Change): boolean {
  if (change.held) return false;
  switch (change.reason) {
    case "absent":
      return true;
    case "outside-validity":
      return disables(change) || change.fields.every(({ before, after }) => isPartOf(after, before));
    case "declared":
      return disables(change);
    case "prune":
    case "cascade":
      return false;
  }
}

function disables({ kind, action, fields }: Change): boolean {
  const isOff = fields.some(({ field, after }) => field === "enabled" && after === false);
  return kind === "User" && action === "update" && isOff;
}

/** Whether a list only became shorter; the change of anything else is a change. */
function isPartOf(after: FieldValue, before: FieldValue): boolean {
  if (!Array.isArray(before)) return false;
  const known = new Set(before.map((member) => JSON.stringify(member)));
  return (Array.isArray(after) ? after : []).every((member) => known.has(JSON.stringify(member)));
}

/**
 * The state that the plan starts from with all done that is asked for, down to one role of a pair and one group of a
 * user whose change does other things as well.
 */
export function withAskedFor(plan: Plan, declared: Declared): AccessState {
  const asked = plan.changes.filter(isAskedFor);
  const along = plan.changes.filter((change) => asked.some((pool) => isAtPool(change, pool)));
  const keys = new Set([...asked, ...along].map(({ kind, name }) => changeKey(kind, name)));
  const state = asked.length === 0 ? plan.before : composeState(plan, keys);
  return withoutLacked(state, plan.after, declared);
}

/** The server drops the entries at a pool with it. */
function isAtPool({ kind, name }: Change, pool: Change): boolean {
  const path = `/pool/${pool.name}`;
  const isDeleted = kind === "ACL" && pool.kind === "Pool" && pool.action === "delete";
  return isDeleted && (name.startsWith(`${path} `) || name.startsWith(`${path}/`));
}

function withoutLacked(state: AccessState, after: AccessState, declared: Declared): AccessState {
  const lacked = state.acl.filter(declared.lacksEntry);
  const shrunk = [...state.groups.values()].filter(({ id, members }) =>
    members.some((user) => declared.lacksMember(id, user)),
  );
  if (lacked.length === 0 && shrunk.length === 0) return state;
  const stays = new Set(after.acl.map(entryKey));
  const leaves = new Set(lacked.filter((entry) => !stays.has(entryKey(entry))));
  const groups = shrunk.map((group) => withoutLackedMembers(group, after.groups.get(group.id), declared));
  return {
    ...state,
    acl: state.acl.filter((entry) => !leaves.has(entry)),
    groups: new Map([...state.groups, ...groups.map((group) => [group.id, group] as const)]),
  };
}

/** What is wanted elsewhere, held or left alone stays, whatever one manifest says. */
function withoutLackedMembers(group: Group, after: Group | undefined, declared: Declared): Group {
  const stays = new Set(after?.members);
  return {
    ...group,
    members: group.members.filter((user) => stays.has(user) || !declared.lacksMember(group.id, user)),
  };
}

function entryKey({ path, subject, role }: AclEntry): string {
  return `${path} ${subjectKey(subject)} ${role}`;
}
