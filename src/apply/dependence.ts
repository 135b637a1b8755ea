// After a failure: which operations may still follow. What refers to something that is not there would only fail too;
// what takes a right away whose replacement was not granted would leave a gap.

import { poolsAlong } from "../model/pool-paths.ts";
import type { AccessState } from "../model/access-state.ts";
import { ownerOf, realmOf, subjectKey, type GroupId, type RoleId, type Subject } from "../model/ids.ts";
import { pairName } from "../plan/pairs.ts";
import type { Operation, Plan, Write } from "../plan/plan.ts";
import { introducedBy, poolKey, realmKey, refersTo } from "../plan/references.ts";

/** Objects as `user:…`, `group:…`, `token:…`, `role:…`, `pool:…`, `realm:…`, and of pools and realms what has to be done before. */
type Key = string;

/** What must be as planned for the write to follow. */
function needsOf(write: Write, before: AccessState): readonly Key[] {
  switch (write.kind) {
    case "create-user":
      return [...write.groups.map(groupKey), realmKey(realmOf(write.user.id))];
    case "update-user":
      return [`user:${write.id}`, ...(write.groups ?? []).map(groupKey)];
    // Who is to have nothing in the end waits for nobody: an urgent removal never hangs on another's mistake.
    case "create-group":
    case "create-role":
    case "delete-user":
    case "delete-token":
      return [];
    case "set-password":
      return [`user:${write.id}`];
    case "update-group":
      return [groupKey(write.id)];
    case "delete-group":
      return reachOf({ kind: "group", id: write.id }, before);
    case "update-role":
      return [roleKey(write.role.id)];
    case "delete-role":
      return [roleKey(write.id), ...holdersOf(write.id, before)];
    case "grant":
      return [
        ...write.roles.map(roleKey),
        ...write.subjects.map(subjectKey),
        ...poolsAlong(write.path).map(poolKey),
      ];
    case "revoke":
      return write.subjects.flatMap((subject) => reachOf(subject, before));
    case "create-token":
      // One that is made again waits for the delete before it.
      return [`user:${ownerOf(write.token.id)}`, `token:${write.token.id}`];
    case "reissue-token":
    case "update-token":
      return [`token:${write.id}`];
    case "create-pool":
    case "update-pool":
    case "delete-pool":
    case "create-sync-job":
    case "update-sync-job":
    case "delete-realm":
      return refersTo(write);
    case "create-realm":
    case "delete-sync-job":
      return [];
    case "update-realm":
      return [realmKey(write.id)];
  }
}

/** A part of an operation, and what it needs that is not there; undefined where it may follow. */
export interface Part {
  readonly operation: Operation;
  readonly missing: Key | undefined;
}

/** Subjects share a request, not their fate: those that lack something wait, the others go on. */
export function partsOf(operation: Operation, plan: Plan, broken: ReadonlySet<Key>): readonly Part[] {
  const missingFor = (write: Write): Key | undefined =>
    [...needsOf(write, plan.before), ...newHoldersOf(write, plan)].find((key) => broken.has(key));
  const missing = missingFor(operation);
  // Disabling somebody does not wait for a group that could not be made.
  if (
    operation.kind === "update-user" &&
    missing?.startsWith("group:") &&
    Object.keys(operation.set).length > 0
  ) {
    const { kind, id, set, changes } = operation;
    const fields: Operation = { kind, id, set, changes };
    return [
      { operation: { ...operation, set: {} }, missing },
      { operation: fields, missing: missingFor(fields) },
    ];
  }
  if (missing === undefined || (operation.kind !== "grant" && operation.kind !== "revoke")) {
    return [{ operation, missing }];
  }
  const roleless = { ...operation, roles: [] };
  const waits = (subject: Subject): boolean => missingFor({ ...roleless, subjects: [subject] }) !== undefined;
  const ready = operation.subjects.filter((subject) => !waits(subject));
  const isRoleMissing = missingFor({ ...operation, subjects: [] }) !== undefined;
  if (isRoleMissing || ready.length === 0) return [{ operation, missing }];
  const rest = operation.subjects.filter(waits);
  return [
    { operation: forSubjects(operation, rest, plan), missing },
    { operation: forSubjects(operation, ready, plan), missing: undefined },
  ];
}

/** Whom the plan itself grants a role that it deletes: a temporary one goes only when it is not needed any more. */
function newHoldersOf(write: Write, { operations, before }: Plan): readonly Key[] {
  if (write.kind !== "delete-role") return [];
  return operations.flatMap((operation) =>
    operation.kind === "grant" && operation.roles.includes(write.id)
      ? operation.subjects.flatMap((subject) => reachOf(subject, before))
      : [],
  );
}

/** The operation for some of its subjects, with the changes of their pairs. */
function forSubjects(
  operation: Extract<Operation, { kind: "grant" | "revoke" }>,
  subjects: readonly Subject[],
  { changes }: Plan,
): Operation {
  const names = new Set(subjects.map((subject) => pairName(operation.path, subject)));
  return {
    ...operation,
    subjects,
    // The entries of a token that is made again belong to the token's own change.
    changes: operation.changes.filter((index) => {
      const { kind, name } = changes[index] ?? {};
      return kind === "Token" ? subjects.some(({ id }) => id === name) : names.has(name ?? "");
    }),
  };
}

/** What is not as planned where the write did not happen. */
export function brokenBy(write: Write, before: AccessState): readonly Key[] {
  switch (write.kind) {
    case "create-user":
      return [`user:${write.user.id}`];
    case "update-user":
      return [`user:${write.id}`];
    case "create-group":
      return [groupKey(write.group.id)];
    case "create-role":
    case "update-role":
      return [roleKey(write.role.id)];
    case "grant":
    case "revoke":
      return write.subjects.flatMap((subject) => reachOf(subject, before));
    case "create-token":
      return [`token:${write.token.id}`];
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return [`token:${write.id}`];
    case "create-pool":
    case "update-pool":
    case "delete-pool":
    case "create-realm":
    case "delete-user":
    case "delete-sync-job":
      return introducedBy(write);
    case "update-realm":
      return [realmKey(write.id)];
    case "set-password":
    case "update-group":
    case "delete-group":
    case "delete-role":
    case "delete-realm":
    case "create-sync-job":
    case "update-sync-job":
      return [];
  }
}

/** A subject and, of a group, the members that it has now: whose rights change with it. */
function reachOf(subject: Subject, before: AccessState): readonly Key[] {
  const members = subject.kind === "group" ? (before.groups.get(subject.id)?.members ?? []) : [];
  return [subjectKey(subject), ...members.map((member) => `user:${member}`)];
}

function holdersOf(role: RoleId, before: AccessState): readonly Key[] {
  return before.acl.filter((entry) => entry.role === role).flatMap(({ subject }) => reachOf(subject, before));
}

function groupKey(group: GroupId): Key {
  return `group:${group}`;
}

function roleKey(role: RoleId): Key {
  return `role:${role}`;
}
