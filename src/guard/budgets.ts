import type { Budget, Safety } from "../model/target.ts";
import type { Change, ChangeKind, Finding, Plan } from "../plan/plan.ts";
import { allowanceOf, wordBudget } from "./allowance.ts";

type CountedKind = Exclude<ChangeKind, "ACL">;

const names: Readonly<Record<CountedKind, string>> = {
  User: "users",
  Group: "groups",
  Role: "roles",
  Token: "tokens",
  Pool: "pools",
};

/**
 * `max-deletes`: what prune would delete (or disable), a kind at a time, against the live ones in scope. ACL entries,
 * cascades and what a manifest asks for with `ensure: absent` don't count.
 */
export function findOverBudget(plan: Plan, { maxDeletes }: Safety): readonly Finding[] {
  const over = (["User", "Group", "Role", "Token", "Pool"] as const)
    .map((kind) => {
      const pruned = plan.changes.flatMap((change, index) => (isPruned(change, kind) ? [index] : []));
      const total = plan.inScope[kind];
      return { kind, pruned, total, most: allowanceOf(maxDeletes, total) };
    })
    .filter(({ pruned, most }) => pruned.length > most);
  // An approval speaks of all kinds together.
  const toApprove = over.reduce((sum, { pruned }) => sum + pruned.length, 0);
  return over.map((excess) => overBudget(excess, { maxDeletes, toApprove }));
}

function isPruned(change: Change, kind: CountedKind): boolean {
  return change.kind === kind && change.reason === "prune" && !change.held;
}

interface Excess {
  readonly kind: CountedKind;
  readonly pruned: readonly number[];
  readonly total: number;
  readonly most: number;
}

function overBudget(
  { kind, pruned, total, most }: Excess,
  { maxDeletes, toApprove }: { readonly maxDeletes: Budget; readonly toApprove: number },
): Finding {
  return {
    severity: "error",
    code: "max-deletes",
    message:
      `prune would delete ${pruned.length} of the ${total} ${names[kind]} in scope, and safety.maxDeletes (${wordBudget(maxDeletes)}) allows ${most}: ` +
      `declare them, or let this run do it with --approve max-deletes=${toApprove}`,
    changes: pruned,
    count: pruned.length,
  };
}
