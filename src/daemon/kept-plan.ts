// The last plan of a target, kept for whoever looks: what the plan's own document says, without the requests, and no more
// of it than a daemon of many targets can hold.

import { planDocument, type PlanDocument } from "../render/json.ts";
import type { TargetReport } from "../reconcile/report.ts";

type TargetDocument = PlanDocument["targets"][number];

export interface KeptPlan extends Omit<TargetDocument, "operations" | "version" | "caller" | "notice"> {
  /** A list was longer, and its end is missing. */
  readonly isCut: boolean;
}

const longest = 500;

export function keepPlan(report: TargetReport): KeptPlan {
  // Proof: one report makes one target.
  const [document] = planDocument([report]).targets as [TargetDocument];
  const { changes, accessDelta, findings, unmanaged, outcomes } = document;
  const lists = { changes, accessDelta, findings, unmanaged, outcomes };
  const isCut = Object.values(lists).some((list) => (list?.length ?? 0) > longest);
  return {
    name: document.name,
    product: document.product,
    status: document.status,
    ...(document.error && { error: document.error }),
    ...(document.summary && { summary: document.summary }),
    ...(changes && { changes: changes.slice(0, longest) }),
    ...(accessDelta && { accessDelta: accessDelta.slice(0, longest) }),
    ...(findings && { findings: findings.slice(0, longest) }),
    ...(unmanaged && { unmanaged: unmanaged.slice(0, longest) }),
    ...(outcomes && { outcomes: outcomes.slice(0, longest) }),
    isCut,
  };
}
