// The last plan of a target, kept for whoever looks: what the plan's own document says, without the requests, and no more
// of it than a daemon of many targets can hold.

import { accessSummary } from "../render/access.ts";
import { planDocument, type PlanDocument } from "../render/json.ts";
import type { TargetReport } from "../reconcile/report.ts";

type TargetDocument = PlanDocument["targets"][number];

export interface KeptPlan extends Omit<TargetDocument, "operations" | "version" | "caller" | "notice"> {
  /** The access delta, with what hits many alike in one row. */
  readonly access?: readonly SummaryRow[];
  /** A list was longer, and its end is missing. */
  readonly isCut: boolean;
}

type SummaryRow = ReturnType<typeof accessSummary>[number];

const longest = 500;

export function keepPlan(report: TargetReport): KeptPlan {
  // Proof: one report makes one target.
  const [document] = planDocument([report]).targets as [TargetDocument];
  const { changes, accessDelta, findings, unmanaged, outcomes, rotations, boundaries } = document;
  const access = report.plan && accessSummary(report.plan);
  const inRows = (access ?? []).flatMap(({ subjects, paths, except }) => [subjects, paths, except]);
  const lists = { changes, accessDelta, findings, unmanaged, outcomes, rotations, boundaries, access };
  const isCut = [...Object.values(lists), ...inRows].some((list) => (list?.length ?? 0) > longest);
  return {
    name: document.name,
    product: document.product,
    status: document.status,
    ...(document.error && { error: document.error }),
    ...(document.summary && { summary: document.summary }),
    ...(changes && { changes: changes.slice(0, longest) }),
    ...(accessDelta && { accessDelta: accessDelta.slice(0, longest) }),
    ...(access && { access: access.slice(0, longest).map(shortened) }),
    ...(findings && { findings: findings.slice(0, longest) }),
    ...(unmanaged && { unmanaged: unmanaged.slice(0, longest) }),
    ...(outcomes && { outcomes: outcomes.slice(0, longest) }),
    ...(rotations && { rotations: rotations.slice(0, longest) }),
    ...(boundaries && { boundaries: boundaries.slice(0, longest) }),
    isCut,
  };
}

function shortened(row: SummaryRow): SummaryRow {
  const { subjects, paths, except } = row;
  return {
    ...row,
    subjects: subjects.slice(0, longest),
    paths: paths.slice(0, longest),
    except: except.slice(0, longest),
  };
}
