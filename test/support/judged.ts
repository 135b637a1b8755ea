// In: terse desired and live states. Out: what the guards say of the plan between them, by a caller that is there.

import { declaredIn } from "../../src/guard/declared.ts";
import type { Judged } from "../../src/guard/hold.ts";
import type { Approvals } from "../../src/guard/approve.ts";
import { judgePlan } from "../../src/guard/judge.ts";
import type { Finding, Plan } from "../../src/plan/plan.ts";
import { aToken, aTokenId, aUserId } from "./builders.ts";
import {
  aDesiredState,
  aLiveState,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "./desired-builders.ts";

const instant = Date.UTC(2026, 0, 1) / 1000;

/** The plan of `rolecall@pve!gitops`, an administrator unless `callerRole` says otherwise, with all findings. */
export function judge(
  desired: TerseDesired,
  live: TerseLive = {},
  {
    approvals = new Map(),
    callerRole = "Administrator",
  }: { approvals?: Approvals; callerRole?: string } = {},
): Judged {
  const wanted = aDesiredState(desired);
  const caller = aTokenId("rolecall@pve!gitops");
  const plan: Plan = planBetween(
    wanted,
    aLiveState({
      ...live,
      users: ["rolecall@pve", ...(live.users ?? [])],
      tokens: [aToken("rolecall@pve!gitops", { privilegeSeparation: false }), ...(live.tokens ?? [])],
      acl: [["/", "user:rolecall@pve", callerRole], ...(live.acl ?? [])],
    }),
  );
  const findings = judgePlan(plan, {
    safety: wanted.target.safety,
    credentials: wanted.target.credentials,
    approvals,
    declared: declaredIn(wanted),
    policies: wanted.policies,
    nowSeconds: instant,
    caller,
    superuser: aUserId("root@pam"),
    missingPrivilege: "error",
    paused: "error",
    allowExec: false,
  });
  return { plan, findings };
}

/** The findings of one code, each with the names of the changes that it concerns. */
export function foundOf(
  code: string,
  { plan, findings }: Judged,
): readonly (Pick<Finding, "severity" | "count" | "message"> & { readonly about: readonly string[] })[] {
  return findings
    .filter((finding) => finding.code === code)
    .map(({ severity, count, message, changes }) => ({
      severity,
      message,
      ...(count !== undefined && { count }),
      about: changes.map((index) => `${plan.changes[index]?.kind ?? ""} ${plan.changes[index]?.name ?? ""}`),
    }));
}
