import type { Plan } from "../plan/plan.ts";
import type { TargetReport } from "../reconcile/report.ts";

/** What a plan comes to. Held changes have no operation, so they count by themselves. */
export interface Counts {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly held: number;
  readonly operations: number;
  readonly errors: number;
  readonly warnings: number;
}

export function countPlan(plan: Plan): Counts {
  const due = plan.changes.filter(({ held }) => !held);
  const errors = plan.findings.filter(({ severity }) => severity === "error").length;
  return {
    create: due.filter(({ action }) => action === "create").length,
    update: due.filter(({ action }) => action === "update").length,
    delete: due.filter(({ action }) => action === "delete").length,
    held: plan.changes.length - due.length,
    operations: plan.operations.length,
    errors,
    warnings: plan.findings.length - errors,
  };
}

/** The sum over all targets that have a plan. */
export function countReports(reports: readonly TargetReport[]): Counts {
  return reports
    .flatMap(({ plan }) => (plan === undefined ? [] : [countPlan(plan)]))
    .reduce(addCounts, { create: 0, update: 0, delete: 0, held: 0, operations: 0, errors: 0, warnings: 0 });
}

function addCounts(a: Counts, b: Counts): Counts {
  return {
    create: a.create + b.create,
    update: a.update + b.update,
    delete: a.delete + b.delete,
    held: a.held + b.held,
    operations: a.operations + b.operations,
    errors: a.errors + b.errors,
    warnings: a.warnings + b.warnings,
  };
}

/**
 * `2 to create, 1 to change, 0 to delete, in 3 writes`, or that there is nothing to do: that the live state matches only
 * where all of it was looked at and nothing is wrong.
 */
export function wordCounts(counts: Counts, reports: readonly TargetReport[]): string {
  const held = counts.held === 0 ? "" : `, ${counts.held} held`;
  const due = counts.create + counts.update + counts.delete;
  if (due + counts.held === 0) {
    const isWhole = reports.every(
      ({ plan, partial, status }) => plan !== undefined && !partial && status === "ok",
    );
    return isWhole ? "No changes. Live state matches." : "No changes.";
  }
  const writes = countOf(counts.operations, "write");
  return `${counts.create} to create, ${counts.update} to change, ${counts.delete} to delete${held}, in ${writes}.`;
}

/** `1 error`, `2 errors` */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
