import type { Budget, Safety } from "../model/target.ts";
import type { Change, ChangeKind, Finding, Plan } from "../plan/plan.ts";
import { allowanceOf, wordBudget } from "./allowance.ts";

type CountedKind = Exclude<ChangeKind, "ACL">;

const names: Readonly<Record<CountedKind, string>> = {
  User: "users",
  Group: "groups",
  Role: "roles",
  Token: "tokens",
};

/**
 * `max-deletes`: what prune would delete (or disable), a kind at a time, against the live ones in scope. ACL entries,
 * cascades and what a manifest asks for with `ensure: absent` don't count.
 */
export function findOverBudget(plan: Plan, { maxDeletes }: Safety): readonly Finding[] {
  return (["User", "Group", "Role", "Token"] as const).flatMap((kind) => {
    const pruned = plan.changes.flatMap((change, index) => (isPruned(change, kind) ? [index] : []));
    const total = plan.inScope[kind];
    const most = allowanceOf(maxDeletes, total);
    return pruned.length <= most ? [] : [overBudget(kind, { pruned, total, most, maxDeletes })];
  });
}

function isPruned(change: Change, kind: CountedKind): boolean {
  return change.kind === kind && change.reason === "prune" && !change.held;
}

function overBudget(
  kind: CountedKind,
  {
    pruned,
    total,
    most,
    maxDeletes,
  }: { pruned: readonly number[]; total: number; most: number; maxDeletes: Budget },
): Finding {
  return {
    severity: "error",
    code: "max-deletes",
    message:
      `prune would delete ${pruned.length} of the ${total} ${names[kind]} in scope, and safety.maxDeletes (${wordBudget(maxDeletes)}) allows ${most}: ` +
      `declare them, or let this run do it with --approve max-deletes=${pruned.length}`,
    changes: pruned,
    count: pruned.length,
  };
}
