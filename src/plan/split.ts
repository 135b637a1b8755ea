// Writes that are not clean as a whole, in parts; and rectangles kept to what may be written now.

import { subjectKey, type RoleId, type Subject } from "../model/ids.ts";
import type { Operation } from "./plan.ts";
import type { Proof } from "./proof.ts";
import { coverCells } from "./rectangles.ts";
import { partsOfPool } from "./split-pool.ts";

type Step = readonly Operation[];
type Grant = Extract<Operation, { kind: "grant" }>;
type Revoke = Extract<Operation, { kind: "revoke" }>;

/** Another write has done it already: a rectangle that held these cells too. */
export function isDoneAlready(operation: Operation, proof: Proof): boolean {
  if (operation.kind !== "grant" && operation.kind !== "revoke") return false;
  return cellsOf(operation).every((cell) => isDone(operation, cell, proof));
}

/** A revoke names only who still has one of its roles, and only the roles that one of them still has. */
export function trimmed(operation: Operation, { trial }: Proof): Operation {
  if (operation.kind !== "revoke") return operation;
  const { path, subjects, roles } = operation;
  const has = (subject: Subject, role: RoleId): boolean => trial.rowOf(path, subject, role) !== undefined;
  return {
    ...operation,
    subjects: subjects.filter((subject) => roles.some((role) => has(subject, role))),
    roles: roles.filter((role) => subjects.some((subject) => has(subject, role))),
  };
}

/** A rectangle may hold a row that is granted already, but no longer once that row was revoked. */
export function reshaped(step: Step, proof: Proof): readonly Step[] {
  const [operation] = step;
  if (operation?.kind !== "grant") return [step];
  if (cellsOf(operation).every((cell) => mayGrant(operation, cell, proof))) return [step];
  const needed = cellsOf(operation).filter(
    (cell) => goalOf(operation, cell, proof) === operation.propagate && !isDone(operation, cell, proof),
  );
  const subjects = new Map<string, Subject>(
    operation.subjects.map((subject) => [subjectKey(subject), subject]),
  );
  const roles = new Map<string, RoleId>(operation.roles.map((role) => [role, role]));
  const cells = needed.map(({ subject, role }) => ({ subject: subjectKey(subject), role }));
  return coverCells(cells, (cell) => {
    const subject = subjects.get(cell.subject);
    const role = roles.get(cell.role);
    return subject !== undefined && role !== undefined && mayGrant(operation, { subject, role }, proof);
  }).map((rectangle) => [
    {
      ...operation,
      subjects: rectangle.subjects.flatMap((key) => subjects.get(key) ?? []),
      roles: rectangle.roles.flatMap((id) => roles.get(id) ?? []),
    },
  ]);
}

/** Parts that may be clean, the largest first, each with what is left to do after it. */
export function partsOf(
  step: Step,
  proof: Proof,
): readonly { readonly part: Operation; readonly rest: readonly Step[] }[] {
  const [operation] = step;
  if (operation === undefined || step.length > 1) return [];
  switch (operation.kind) {
    case "grant":
    case "revoke":
      return partsOfAcl(operation, proof);
    case "create-user":
      return partsOfNewUser(operation);
    case "update-user":
      return partsOfUser(operation, proof);
    case "update-role": {
      const now = proof.trial.privilegesOf(operation.role.id);
      const both = [...new Set([...now, ...operation.role.privileges])].sort();
      const kept = operation.role.privileges.filter((privilege) => now.includes(privilege));
      return [both, kept]
        .filter(({ length }) => length !== operation.role.privileges.length && length !== now.length)
        .map((privileges) => ({
          part: { ...operation, role: { ...operation.role, privileges } },
          rest: [step],
        }));
    }
    case "update-pool":
      return partsOfPool(operation, proof);
    case "set-password":
    case "create-realm":
    case "update-realm":
    case "delete-realm":
    case "create-sync-job":
    case "update-sync-job":
    case "delete-sync-job":
    case "create-pool":
    case "delete-pool":
    case "delete-user":
    case "create-group":
    case "update-group":
    case "delete-group":
    case "create-role":
    case "delete-role":
    case "create-token":
    case "reissue-token":
    case "update-token":
    case "delete-token":
      return [];
  }
}

function partsOfAcl(operation: Grant | Revoke, proof: Proof): ReturnType<typeof partsOf> {
  const bySubject = halves(operation.subjects, (subjects) => ({ ...operation, subjects }), proof);
  const byRole = halves(operation.roles, (roles) => ({ ...operation, roles }), proof);
  const cells = cellsOf(operation).map(({ subject, role }) => ({
    part: { ...operation, subjects: [subject], roles: [role] },
    rest: [[operation]],
  }));
  return [
    ...bySubject,
    ...byRole,
    ...(operation.subjects.length > 1 && operation.roles.length > 1 ? cells : []),
  ];
}

/** All members whose own part is clean together, then each alone. */
function halves<T>(
  members: readonly T[],
  withMembers: (members: readonly T[]) => Operation,
  proof: Proof,
): ReturnType<typeof partsOf> {
  if (members.length < 2) return [];
  const clean = members.filter((member) => {
    const { violations, undo } = proof.attempt(withMembers([member]));
    undo();
    return violations.length === 0;
  });
  if (clean.length === 0) return [];
  const groups = clean.length === 1 ? [clean] : [clean, ...clean.map((member) => [member])];
  return groups.map((part) => {
    const left = members.filter((member) => !part.includes(member));
    return { part: withMembers(part), rest: left.length === 0 ? [] : [[withMembers(left)]] };
  });
}

/** Who is in no group, or can't log in yet, holds nothing until what limits it stands. */
function partsOfNewUser(operation: Extract<Operation, { kind: "create-user" }>): ReturnType<typeof partsOf> {
  const { user, groups, changes } = operation;
  const join: Operation = { kind: "update-user", id: user.id, set: {}, groups, changes };
  const enable: Operation = { kind: "update-user", id: user.id, set: { enabled: true }, changes };
  return [
    ...(groups.length === 0 ? [] : [{ part: { ...operation, groups: [] }, rest: [[join]] }]),
    ...(user.enabled
      ? [{ part: { ...operation, user: { ...user, enabled: false } }, rest: [[enable]] }]
      : []),
  ];
}

function partsOfUser(
  operation: Extract<Operation, { kind: "update-user" }>,
  proof: Proof,
): ReturnType<typeof partsOf> {
  const { set, groups, ...rest } = operation;
  if (groups === undefined) return [];
  const now = proof.trial.groupsOf(operation.id);
  const joined = [...new Set([...now, ...groups])].sort();
  const left = now.filter((group) => groups.includes(group)).sort();
  const single = groups.filter((group) => !now.includes(group)).map((group) => [...now, group].sort());
  const fields = Object.keys(set).length > 0;
  return [
    ...(fields
      ? [
          { part: { ...rest, set }, rest: [[{ ...rest, set: {}, groups }]] },
          { part: { ...rest, set: {}, groups }, rest: [[{ ...rest, set }]] },
        ]
      : []),
    ...[joined, left, ...single]
      .filter((list) => list.length !== now.length && list.join() !== [...groups].sort().join())
      .map((list) => ({ part: { ...rest, set: {}, groups: list }, rest: [[operation]] })),
  ];
}

interface Cell {
  readonly subject: Subject;
  readonly role: RoleId;
}

function cellsOf({ subjects, roles }: Grant | Revoke): readonly Cell[] {
  return subjects.flatMap((subject) => roles.map((role) => ({ subject, role })));
}

function isDone(operation: Grant | Revoke, { subject, role }: Cell, { trial }: Proof): boolean {
  const row = trial.rowOf(operation.path, subject, role);
  return operation.kind === "grant" ? row === operation.propagate : row === undefined;
}

function goalOf({ path }: Grant, { subject, role }: Cell, { goal }: Proof): boolean | undefined {
  return goal.rowOf(path, subject, role);
}

function mayGrant(operation: Grant, cell: Cell, proof: Proof): boolean {
  return goalOf(operation, cell, proof) === operation.propagate || isDone(operation, cell, proof);
}
