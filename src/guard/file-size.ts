// All users, groups, roles, tokens and entries of a cluster lie in one file, which the cluster file system takes up to
// 1 MiB of (pmxcfs; beyond: 500 "File too large", recorded in test/contract, scenario file-size-limit).

import type { AccessState } from "../model/access-state.ts";
import { subjectKey } from "../model/ids.ts";
import type { Finding, Plan } from "../plan/plan.ts";

const mostBytes = 1024 * 1024;

/** Refuses a plan that leads to more than the server can store. What was not read (keys, members of pools that decide nothing) is not counted. */
export function findOversize(plan: Plan): readonly Finding[] {
  if (plan.operations.length === 0) return [];
  const bytes = sizeOf(plan.after);
  if (bytes <= mostBytes || bytes <= sizeOf(plan.before)) return [];
  return [
    {
      severity: "error",
      code: "config-too-large",
      message:
        `this leads to a user.cfg of about ${Math.ceil(bytes / 1024)} KiB, and the server stores ${mostBytes / 1024} KiB at most: ` +
        "grant to groups in place of users, or on fewer paths",
      changes: [],
    },
  ];
}

/** The bytes that the server writes for the state, each line as it is stored. */
function sizeOf(state: AccessState): number {
  const lines = [
    ...[...state.users.values()].map(({ id, firstName, lastName, email, comment }) =>
      lineSize("user:", id, ":1:0:", firstName, lastName, email, comment, "::::"),
    ),
    ...[...state.tokens.values()].map(({ id, comment }) => lineSize("token:", id, ":0:1:", comment, ":")),
    ...[...state.groups.values()].map(({ id, members, comment }) =>
      lineSize("group:", id, ":", members.join(), ":", comment, ":"),
    ),
    ...[...state.roles.values()]
      .filter(({ builtIn }) => !builtIn)
      .map(({ id, privileges }) => lineSize("role:", id, ":", privileges.join(), ":")),
    ...[...state.pools.values()].map(({ id, comment, members }) =>
      lineSize(
        "pool:",
        id,
        ":",
        comment,
        ":",
        members?.vms.join() ?? "",
        ":",
        members?.storages.join() ?? "",
        ":",
      ),
    ),
    ...aclLineSizes(state),
  ];
  return lines.reduce((sum, size) => sum + size, 0);
}

/** Subjects that have the same roles on one path share a line. */
function aclLineSizes({ acl }: AccessState): readonly number[] {
  const roles = new Map<string, string[]>();
  for (const { path, subject, role, propagate } of acl) {
    const key = `${propagate ? 1 : 0}:${path}\n${subjectKey(subject)}`;
    const list = roles.get(key);
    if (list) list.push(role);
    else roles.set(key, [role]);
  }
  const shared = new Map<string, number>();
  for (const [key, list] of roles) {
    const [path = "", subject = ""] = key.split("\n");
    const line = `acl:${path}::${list.sort().join()}:`;
    const name = subject.replace(/^group:/u, "@").replace(/^(?:user|token):/u, "");
    shared.set(line, (shared.get(line) ?? 0) + name.length + 1);
  }
  return [...shared].map(([line, names]) => line.length + names);
}

function lineSize(...parts: readonly string[]): number {
  return parts.reduce((size, part) => size + encodedSize(part), 1);
}

/** Free text is stored percent-encoded but for printable ASCII. */
function encodedSize(text: string): number {
  const other = text.replace(/[ -$&-~]/gu, "");
  return text.length - other.length + Buffer.byteLength(other) * 3;
}
