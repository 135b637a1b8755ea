// ACL differences → grants and revokes, each as few requests as rectangles allow.

import { subjectKey, type AclPath, type RoleId, type Subject } from "../model/ids.ts";
import { sortedBy } from "../support/compare.ts";
import { pairName, type Pair, type Pairs } from "./pairs.ts";
import type { Operation } from "./plan.ts";
import { coverCells, type Rectangle } from "./rectangles.ts";

/** A row that must be written, and the change that asks for it. */
interface Row {
  readonly path: AclPath;
  readonly subject: Subject;
  readonly role: RoleId;
  readonly propagate: boolean;
  readonly change: number;
}

export interface PairChange {
  readonly index: number;
  readonly before?: Pair;
  readonly after?: Pair;
}

/**
 * Grants, by path: a row that is new or whose propagate flag changes. A rectangle may hold rows that are granted already,
 * those too that are to be revoked later: swapping two groups' roles takes one grant and two revokes.
 */
export function grantsFor(changes: readonly PairChange[], before: Pairs, after: Pairs): readonly Operation[] {
  const rows = changes.flatMap(({ index, before: live, after: pair }) =>
    [...(pair?.roles ?? [])]
      .filter(([role, propagate]) => live?.roles.get(role) !== propagate)
      .flatMap(([role, propagate]) => (pair ? [{ ...pair, role, propagate, change: index }] : [])),
  );
  return batches(rows, (row) => `${row.path} ${row.propagate}`).flatMap((batch) => {
    const [{ path, propagate }] = batch;
    const isGranted = (pairs: Pairs, subject: Subject, role: RoleId): boolean =>
      pairs.get(pairName(path, subject))?.roles.get(role) === propagate;
    return cover(
      batch,
      (subject, role) => isGranted(after, subject, role) || isGranted(before, subject, role),
    ).map(
      ({ subjects, roles, changes }) =>
        ({ kind: "grant", path, subjects, roles, propagate, changes }) as const,
    );
  });
}

/** Revokes rows that no delete takes along. A row that is not there may be revoked with them: the server allows it. */
export function revokesFor(
  changes: readonly PairChange[],
  after: Pairs,
  isDropped: (pair: Pair, role: RoleId) => boolean,
): readonly Operation[] {
  const rows = changes.flatMap(({ index, before: pair, after: kept }) =>
    [...(pair?.roles ?? [])]
      .filter(([role]) => pair && !kept?.roles.has(role) && !isDropped(pair, role))
      .flatMap(([role, propagate]) => (pair ? [{ ...pair, role, propagate, change: index }] : [])),
  );
  return batches(rows, (row) => row.path).flatMap((batch) => {
    const [{ path }] = batch;
    return cover(batch, (subject, role) => after.get(pairName(path, subject))?.roles.has(role) !== true).map(
      ({ subjects, roles, changes }) => ({ kind: "revoke", path, subjects, roles, changes }) as const,
    );
  });
}

type Batch = readonly [Row, ...Row[]];

function batches(rows: readonly Row[], key: (row: Row) => string): readonly Batch[] {
  const byKey = new Map<string, [Row, ...Row[]]>();
  for (const row of sortedBy(rows, key)) {
    const batch = byKey.get(key(row));
    if (batch) batch.push(row);
    else byKey.set(key(row), [row]);
  }
  return [...byKey.values()];
}

function cover(
  batch: Batch,
  mayHold: (subject: Subject, role: RoleId) => boolean,
): readonly { subjects: Subject[]; roles: RoleId[]; changes: number[] }[] {
  const subjects = new Map<string, Subject>(batch.map(({ subject }) => [subjectKey(subject), subject]));
  const roles = new Map<string, RoleId>(batch.map(({ role }) => [role, role]));
  const cells = batch.map(({ subject, role }) => ({ subject: subjectKey(subject), role }));
  const rectangles = coverCells(cells, (cell) => {
    const subject = subjects.get(cell.subject);
    const role = roles.get(cell.role);
    return subject !== undefined && role !== undefined && mayHold(subject, role);
  });
  return rectangles.flatMap(splitLong).map((rectangle) => {
    const inside = { subjects: new Set(rectangle.subjects), roles: new Set(rectangle.roles) };
    const rows = batch.filter(
      ({ subject, role }) => inside.roles.has(role) && inside.subjects.has(subjectKey(subject)),
    );
    return {
      subjects: rectangle.subjects.flatMap((key) => subjects.get(key) ?? []),
      roles: rectangle.roles.flatMap((id) => roles.get(id) ?? []),
      changes: [...new Set(rows.map(({ change }) => change))].sort((a, b) => a - b),
    };
  });
}

/** A request body is 512 KiB at most (pve-http-server), a subject takes up to 200 bytes of it. */
const mostSubjects = 2000;

function splitLong({ subjects, roles }: Rectangle): Rectangle[] {
  const parts = Math.ceil(subjects.length / mostSubjects);
  return Array.from({ length: parts }, (_, part) => ({
    subjects: subjects.slice(part * mostSubjects, (part + 1) * mostSubjects),
    roles,
  }));
}
