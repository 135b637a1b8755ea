import { summarise } from "../access/summarise.ts";
import { effectivePrivileges } from "../access/effective.ts";
import { isUsable } from "../access/usable.ts";
import { authKey, type AuthId, type SubjectKey } from "../model/ids.ts";
import type { Finding } from "../plan/plan.ts";
import type { Evidence } from "./evidence.ts";
import { wordNames } from "./wording.ts";

/** What proves that a read is whole (live/pve-completeness.ts has the finer rules). */
const readsNeed = [
  ["Sys.Audit", "/access"],
  ["Pool.Audit", "/pool"],
] as const;

/** `caller-lowered`: the plan takes privileges from who applies it; its order puts that last. */
export function findLoweredCaller(evidence: Evidence, caller: AuthId): readonly Finding[] {
  const losses = wordLosses(evidence, authKey(caller));
  if (losses === undefined) return [];
  const unread = readsNeed
    .filter(([privilege, path]) => losesReading(evidence, caller, { privilege, path }))
    .map(([privilege, path]) => `${privilege} on ${path}`);
  const verify =
    unread.length === 0
      ? "it still reads everything"
      : `the reading after the last write, and every later plan, lacks ${unread.join(" and ")}`;
  return [
    {
      severity: "warning",
      code: "caller-lowered",
      message: `this takes from ${caller}, with which Rolecall talks to the target: ${losses}; ${verify}`,
      changes: evidence.trace([authKey(caller)]),
    },
  ];
}

/** Whether it has the privilege before and not after. */
function losesReading(
  { before, after, nowSeconds }: Evidence,
  caller: AuthId,
  { privilege, path }: { readonly privilege: string; readonly path: string },
): boolean {
  const [had, has] = [before, after].map((index) => {
    const held: ReadonlyMap<string, boolean> = effectivePrivileges(index, caller, path);
    return isUsable(index.state, caller, nowSeconds) && held.has(privilege);
  });
  return had === true && has === false;
}

/** What a user or a token loses where, or undefined where it loses nothing. */
export function wordLosses({ plan, losers }: Evidence, subject: SubjectKey): string | undefined {
  if (!losers.has(subject)) return undefined;
  const { shares, paths } = plan.accessDelta;
  const own = shares.filter(({ subjects }) => subjects.includes(subject));
  const losses = summarise({ shares: own.map((share) => ({ ...share, subjects: [subject] })), paths })
    .filter(({ lost }) => lost.length > 0)
    .map((row) => `${wordNames(row.lost)} on ${wordNames(row.paths)}${row.propagate ? " and below" : ""}`);
  return wordNames(losses, "; ");
}
