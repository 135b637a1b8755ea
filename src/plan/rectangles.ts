// One PUT /access/acl carries many subjects and roles of one path: the server grants or revokes every role for every
// subject. This covers the cells that must change with few such rectangles.

import { compareText, sortedBy } from "../support/compare.ts";

/** A cell is a subject's key and a role. */
export interface Cell {
  readonly subject: string;
  readonly role: string;
}

export interface Rectangle {
  readonly subjects: readonly string[];
  readonly roles: readonly string[];
}

/**
 * Few rectangles that hold every cell of `needed` and none for which `mayHold` says no. A rectangle may hold cells that
 * need nothing (already granted with the same flag, already absent): that saves writes. Sorted, so that the same cells
 * give the same rectangles.
 */
export function coverCells(needed: readonly Cell[], mayHold: (cell: Cell) => boolean): readonly Rectangle[] {
  const cells = sortedBy(needed, ({ subject, role }) => `${subject}\n${role}`);
  const bySubject = mergeAll(rectanglesBy(cells, "subject"), mayHold);
  const byRole = mergeAll(rectanglesBy(cells, "role"), mayHold);
  const fewest = byRole.length < bySubject.length ? byRole : bySubject;
  return fewest
    .map(({ subjects, roles }) => ({
      subjects: [...subjects].sort(compareText),
      roles: [...roles].sort(compareText),
    }))
    .sort(
      (a, b) =>
        compareText(a.subjects.join(), b.subjects.join()) || compareText(a.roles.join(), b.roles.join()),
    );
}

/** Subjects that need the same roles share a rectangle; or roles that are needed by the same subjects. */
function rectanglesBy(needed: readonly Cell[], side: "subject" | "role"): Rectangle[] {
  const other = side === "subject" ? "role" : "subject";
  const others = new Map<string, string[]>();
  for (const cell of needed) others.set(cell[side], [...(others.get(cell[side]) ?? []), cell[other]]);
  const alike = new Map<string, { ones: string[]; others: string[] }>();
  for (const [one, its] of others) {
    const key = its.sort(compareText).join("\n");
    const group = alike.get(key) ?? { ones: [], others: its };
    alike.set(key, group);
    group.ones.push(one);
  }
  return [...alike.values()].map((group) =>
    side === "subject"
      ? { subjects: group.ones, roles: group.others }
      : { subjects: group.others, roles: group.ones },
  );
}

/** Above this many rectangles on one path, trying every pair would cost more than the writes that it saves. */
const mergeLimit = 200;

function mergeAll(rectangles: readonly Rectangle[], mayHold: (cell: Cell) => boolean): readonly Rectangle[] {
  if (rectangles.length > mergeLimit) return rectangles;
  const merged: Rectangle[] = [];
  for (const rectangle of rectangles) {
    const partner = merged.findIndex((other) => isAllowed(union(other, rectangle), mayHold));
    const other = merged[partner];
    if (other === undefined) merged.push(rectangle);
    else merged[partner] = union(other, rectangle);
  }
  return merged;
}

function union(a: Rectangle, b: Rectangle): Rectangle {
  return {
    subjects: [...new Set([...a.subjects, ...b.subjects])],
    roles: [...new Set([...a.roles, ...b.roles])],
  };
}

function isAllowed({ subjects, roles }: Rectangle, mayHold: (cell: Cell) => boolean): boolean {
  return subjects.every((subject) => roles.every((role) => mayHold({ subject, role })));
}
