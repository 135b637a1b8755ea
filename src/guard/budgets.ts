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
  Realm: "realms",
};

/**
 * `max-deletes`: what prune would delete (or disable), a kind at a time, against the live ones in scope. ACL entries,
 * cascades and what a manifest asks for with `ensure: absent` don't count.
 */
export function findOverBudget(plan: Plan, { maxDeletes }: Safety): readonly Finding[] {
  const over = (["User", "Group", "Role", "Token", "Pool", "Realm"] as const)
    .map((kind) => {
      const pruned = plan.changes.flatMap((change, index) => (isPruned(change, kind) ? [index] : []));
      const total = plan.inScope[kind];
      return { kind, pruned, total, most: allowanceOf(maxDeletes, total) };
    })
    .filter(({ pruned, most }) => pruned.length > most);
  return over.map((excess) => overBudget(excess, maxDeletes));
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

function overBudget({ kind, pruned, total, most }: Excess, maxDeletes: Budget): Finding {
  return {
    severity: "error",
    code: "max-deletes",
    message:
      `prune would delete ${pruned.length} of the ${total} ${names[kind]} in scope, and safety.maxDeletes (${wordBudget(maxDeletes)}) allows ${most}: ` +
      "declare those that are to stay",
    changes: pruned,
    count: pruned.length,
  };
}
