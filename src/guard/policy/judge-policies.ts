import { indexAccess } from "../../access/lookup.ts";
import { isUsable } from "../../access/usable.ts";
import type { AccessState } from "../../model/access-state.ts";
import type { DesiredState } from "../../model/desired.ts";
import type { AclPath, SubjectKey, UserId } from "../../model/ids.ts";
import type { Policy, PolicyRule } from "../../model/policy.ts";
import type { Safety } from "../../model/target.ts";
import type { Finding } from "../../plan/plan.ts";
import { changeKey, type ChangeKey } from "../../plan/settling.ts";
import { getOrAdd } from "../../support/maps.ts";
import { declaredIn, type Declared } from "../declared.ts";
import type { Evidence } from "../evidence.ts";
import type { Facts } from "./facts.ts";
import { findingsFrom, type Setting } from "./findings.ts";
import { denied, heldTogether, type Holders } from "./hold-rules.ts";
import { findHoldingsIn } from "./holdings.ts";
import { unmet } from "./require-rules.ts";
import type { Violation } from "./violation.ts";

export interface PolicyBench {
  readonly policies: readonly Policy[];
  readonly declared: Declared;
  readonly safety: Pick<Safety, "onFinding">;
  readonly superuser: UserId;
}

/** `policy-deny`, `policy-require`, `policy-separate`: what the state that the plan leads to breaks. */
export function findPolicyViolations(
  evidence: Evidence,
  { policies, declared, safety, superuser }: PolicyBench,
): readonly Finding[] {
  if (policies.length === 0) return [];
  const { before, after, nowSeconds } = evidence;
  const setting: Setting = {
    kind: "plan",
    onFinding: safety.onFinding,
    changesBehind: changesBehindIn(evidence),
  };
  return judge(policies, { before, after, nowSeconds, declared, superuser }, setting);
}

/** The same without a server: of the state that the manifests alone lead to. */
export function judgeOffline(
  desired: DesiredState,
  state: AccessState,
  { nowSeconds, superuser }: Pick<Facts, "nowSeconds" | "superuser">,
): readonly Finding[] {
  const facts: Facts = {
    before: undefined,
    after: indexAccess(state),
    nowSeconds,
    declared: declaredIn(desired),
    superuser,
  };
  return judge(desired.policies, facts, { kind: "offline", onFinding: "stop", changesBehind: () => [] });
}

function judge(policies: readonly Policy[], facts: Facts, setting: Setting): readonly Finding[] {
  const holders = holdersIn(facts);
  return policies.flatMap((policy) =>
    policy.rules.flatMap((rule) => findingsFrom(policy, rule, violationsOf(rule, facts, holders), setting)),
  );
}

function holdersIn({ after, declared, nowSeconds, superuser }: Facts): Holders {
  const { users, tokens } = after.state;
  const ids = [...users.keys(), ...tokens.keys()].filter(
    (id) => id !== superuser && isUsable(after.state, id, nowSeconds),
  );
  return { ids, findHoldings: findHoldingsIn(after, declared) };
}

function violationsOf(rule: PolicyRule, facts: Facts, holders: Holders): readonly Violation[] {
  switch (rule.kind) {
    case "deny":
      return denied(facts, holders, rule);
    case "separate":
      return heldTogether(facts, holders, rule);
    case "require":
      return unmet(facts, holders.ids, rule);
  }
}

/** Of what concerns an object, that object's change; of permissions, all that decide there. */
function changesBehindIn({ plan, trace }: Evidence): Setting["changesBehind"] {
  const indices = new Map<ChangeKey, number>(
    plan.changes.flatMap(({ kind, name, held }, index) =>
      held ? [] : [[changeKey(kind, name), index] as const],
    ),
  );
  return (violations) => {
    const found = new Set<number>();
    const byPaths = new Map<
      string,
      { readonly paths: readonly AclPath[]; readonly subjects: SubjectKey[] }
    >();
    for (const { subject, concerns } of violations) {
      if (concerns.kind === "object") {
        const index = indices.get(concerns.key);
        if (index !== undefined) found.add(index);
      } else {
        const { paths } = concerns;
        getOrAdd(byPaths, paths.join(" "), () => ({ paths, subjects: [] })).subjects.push(subject);
      }
    }
    for (const { paths, subjects } of byPaths.values())
      for (const index of trace(subjects, paths)) found.add(index);
    return [...found].sort((a, b) => a - b);
  };
}
