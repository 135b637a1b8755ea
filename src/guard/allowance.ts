import type { Budget } from "../model/target.ts";

/** How many a budget allows. A share is rounded down, but a share that is not nothing allows one. */
export function allowanceOf(budget: Budget, total: number): number {
  if ("count" in budget) return budget.count;
  return budget.percent === 0 ? 0 : Math.max(1, Math.floor((total * budget.percent) / 100));
}

/** As a manifest writes it. */
export function wordBudget(budget: Budget): string {
  return "count" in budget ? `${budget.count}` : `${budget.percent}%`;
}
