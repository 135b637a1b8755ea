import { sortedBy, sortedSet } from "../../support/compare.ts";
import { groupBy } from "../../support/group-by.ts";
import type { Safety } from "../../model/target.ts";
import type { Policy, PolicyRule } from "../../model/policy.ts";
import type { Finding, FindingDetail } from "../../plan/plan.ts";
import { wordNames } from "../wording.ts";
import type { Violation } from "./violation.ts";

/** What a plan knows of its violations; without a plan there is nothing to change and nothing that stands already. */
export interface Setting {
  readonly kind: "offline" | "plan";
  readonly onFinding: Safety["onFinding"];
  readonly changesBehind: (violations: readonly Violation[]) => readonly number[];
}

/** Why a violation weighs less than its rule says; undefined where it doesn't. */
type Excuse = "undeclared" | "standing" | undefined;

const words: Readonly<Record<NonNullable<Excuse>, string>> = {
  undeclared: "it stands on the server already, and no manifest declares it",
  standing: "it stands on the server already, so that nothing of this plan could wait for it",
};

/** One finding a rule, and a warning for what weighs less. */
export function findingsFrom(
  policy: Policy,
  rule: PolicyRule,
  violations: readonly Violation[],
  setting: Setting,
): readonly Finding[] {
  // Offline, what no manifest declares is not known: a user who is only mentioned has some expiry.
  const known = violations.filter(({ isDeclared }) => setting.kind === "plan" || isDeclared);
  const byExcuse = groupBy(known, (violation) => excuseFor(violation, setting));
  return ([undefined, "standing", "undeclared"] as const).flatMap((excuse) => {
    const found = byExcuse.get(excuse);
    return found === undefined ? [] : [findingFrom({ policy, rule, excuse }, found, setting)];
  });
}

/** An urgent removal must not wait for ever for what somebody else did; see the decision on policies in a plan. */
function excuseFor({ isBrought, isDeclared }: Violation, { kind, onFinding }: Setting): Excuse {
  if (kind === "offline" || isBrought) return undefined;
  if (!isDeclared) return "undeclared";
  return onFinding === "hold" ? "standing" : undefined;
}

function findingFrom(
  { policy, rule, excuse }: { readonly policy: Policy; readonly rule: PolicyRule; readonly excuse: Excuse },
  violations: readonly Violation[],
  setting: Setting,
): Finding {
  const subjects = sortedSet(violations.map(({ subject }) => subject));
  const count = subjects.length === 1 ? "1 subject" : `${subjects.length} subjects`;
  const why = excuse === undefined ? "" : `; ${words[excuse]}`;
  return {
    severity: excuse === undefined ? rule.severity : "warning",
    code: `policy-${rule.kind}`,
    message: `${policy.name}/${rule.name}: ${rule.message}: ${count}${why}`,
    changes: setting.changesBehind(violations.filter(({ isBrought }) => isBrought)),
    source: rule.source,
    count: subjects.length,
    details: detailsOf(violations),
  };
}

/** Whom the same leads to the same is told of together, the many first. */
function detailsOf(violations: readonly Violation[]): readonly FindingDetail[] {
  const details = [...groupBy(violations, ({ says }) => says)].map(([says, alike]) => ({
    subjects: sortedSet(alike.map(({ subject }) => subject)),
    says: [says, ...joinsOf(alike)].join("; "),
  }));
  return sortedBy(details, ({ subjects, says }) => `${subjects[0] ?? ""} ${says}`).sort(
    (a, b) => b.subjects.length - a.subjects.length,
  );
}

function joinsOf(violations: readonly Violation[]): readonly string[] {
  const joins = sortedSet(violations.flatMap((violation) => violation.joins));
  return joins.length === 0 ? [] : [wordNames(joins)];
}
