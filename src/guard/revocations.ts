import { accessDelta } from "../access/delta.ts";
import { indexAccess } from "../access/lookup.ts";
import { isUsable } from "../access/usable.ts";
import type { SubjectKey } from "../model/ids.ts";
import type { Safety } from "../model/target.ts";
import { composeState } from "../plan/compose.ts";
import type { Change, Finding } from "../plan/plan.ts";
import { changeKey } from "../plan/settling.ts";
import { allowanceOf, wordBudget } from "./allowance.ts";
import { losersOf, type Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/**
 * `max-revocations`: users and tokens that can log in and lose a privilege somewhere, of all that can. What a manifest
 * asks for with `ensure: absent` or by disabling somebody doesn't count.
 */
export function findTooManyRevocations(evidence: Evidence, { maxRevocations }: Safety): readonly Finding[] {
  if (evidence.losers.size === 0) return [];
  const total = countUsable(evidence);
  const most = allowanceOf(maxRevocations, total);
  if (evidence.losers.size <= most) return [];
  const counted = countedLosers(evidence);
  if (counted.length <= most) return [];
  const asked = evidence.plan.changes.map(isAskedFor);
  return [
    {
      severity: "error",
      code: "max-revocations",
      message:
        `${counted.length} of the ${total} enabled users and tokens would lose a privilege (${wordNames(counted)}), and ` +
        `safety.maxRevocations (${wordBudget(maxRevocations)}) allows ${most}: ` +
        `look at what they lose, or let this run do it with --approve max-revocations=${counted.length}`,
      changes: evidence.trace(counted).filter((index) => asked[index] !== true),
      count: counted.length,
    },
  ];
}

function countUsable({ before: { state }, nowSeconds }: Evidence): number {
  return [...state.users.keys(), ...state.tokens.keys()].filter((id) => isUsable(state, id, nowSeconds))
    .length;
}

/** Those that still lose something where all that is asked for has been done already. */
function countedLosers({ plan, losers, after, nowSeconds }: Evidence): readonly SubjectKey[] {
  const asked = plan.changes.filter(isAskedFor);
  if (asked.length === 0) return [...losers].sort();
  const along = plan.changes.filter((change) => asked.some((pool) => isAtPool(change, pool)));
  const keys = new Set([...asked, ...along].map(({ kind, name }) => changeKey(kind, name)));
  const without = indexAccess(composeState(plan, keys));
  const others = losersOf(accessDelta(without, after, nowSeconds));
  return [...losers].filter((subject) => others.has(subject)).sort();
}

/** The server drops the entries at a pool with it. */
function isAtPool({ kind, name }: Change, pool: Change): boolean {
  const path = `/pool/${pool.name}`;
  const isDeleted = kind === "ACL" && pool.kind === "Pool" && pool.action === "delete";
  return isDeleted && (name.startsWith(`${path} `) || name.startsWith(`${path}/`));
}

function isAskedFor({ kind, action, reason, fields, held }: Change): boolean {
  if (held) return false;
  if (reason === "absent") return true;
  const disables = fields.some(({ field, after }) => field === "enabled" && after === false);
  return kind === "User" && action === "update" && reason === "declared" && disables;
}
