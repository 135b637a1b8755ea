import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { coverCells, type Cell } from "../../../src/plan/rectangles.ts";

const subjects = ["a", "b", "c", "d"];
const roles = ["R1", "R2", "R3"];
const cells = subjects.flatMap((subject) => roles.map((role): Cell => ({ subject, role })));

function name({ subject, role }: Cell): string {
  return `${subject} ${role}`;
}

function cellsIn(rectangles: ReturnType<typeof coverCells>): readonly string[] {
  return rectangles.flatMap((one) =>
    one.subjects.flatMap((subject) => one.roles.map((role) => name({ subject, role }))),
  );
}

/** Cells that must be written, and others that may be. */
const matrices = fc
  .record({ needed: fc.subarray(cells, { minLength: 1 }), spare: fc.subarray(cells) })
  .map(({ needed, spare }) => ({ needed, allowed: new Set([...needed, ...spare].map(name)) }));

describe("rectangles", () => {
  test("hold every needed cell once, and no forbidden one", () => {
    fc.assert(
      fc.property(matrices, ({ needed, allowed }) => {
        const covered = cellsIn(coverCells(needed, (cell) => allowed.has(name(cell))));
        expect(covered).toEqual([...new Set(covered)]);
        expect(covered).toEqual(expect.arrayContaining(needed.map(name)));
        expect(covered.filter((cell) => !allowed.has(cell))).toEqual([]);
      }),
    );
  });

  test("are never more than there are different rows, nor than there are different columns", () => {
    fc.assert(
      fc.property(matrices, ({ needed, allowed }) => {
        const different = (side: "subject" | "role", other: "subject" | "role"): number =>
          new Set(
            needed.map((cell) =>
              needed
                .filter((one) => one[side] === cell[side])
                .map((one) => one[other])
                .join(),
            ),
          ).size;
        const most = Math.min(different("subject", "role"), different("role", "subject"));
        expect(coverCells(needed, (cell) => allowed.has(name(cell))).length).toBeLessThanOrEqual(most);
      }),
    );
  });

  test("do not depend on the order of the cells", () => {
    fc.assert(
      fc.property(matrices, ({ needed, allowed }) => {
        const mayHold = (cell: Cell): boolean => allowed.has(name(cell));
        expect(coverCells([...needed].reverse(), mayHold)).toEqual(coverCells(needed, mayHold));
      }),
    );
  });

  test.each<[string, readonly string[], readonly string[], number]>([
    ["one role for many", ["a R1", "b R1", "c R1"], [], 1],
    ["the same two roles for two", ["a R1", "a R2", "b R1", "b R2"], [], 1],
    ["two roles, each for its own", ["a R1", "b R2"], [], 2],
    ["two roles, each for its own, where both may hold both", ["a R1", "b R2"], ["a R2", "b R1"], 1],
    ["many with one role, some with another too", ["a R1", "b R1", "c R1", "c R2"], [], 2],
  ])("%s", (_, needed, spare, count) => {
    const wanted = cells.filter((cell) => needed.includes(name(cell)));
    expect(coverCells(wanted, (cell) => [...needed, ...spare].includes(name(cell)))).toHaveLength(count);
  });
});
