import type { FromSchema } from "json-schema-to-ts";
import { listChanges, type AccessChange } from "../access/changes.ts";
import type { Outcome } from "../apply/outcome.ts";
import type {
  Change,
  FieldValue,
  Finding,
  FindingDetail,
  GrantValue,
  Operation,
  Plan,
} from "../plan/plan.ts";
import { requestFor } from "../plan/requests.ts";
import type { Boundary } from "../model/validity.ts";
import type { Place } from "../support/place.ts";
import { countPlan } from "./count.ts";
import { printableJson } from "./escape.ts";
import type { planSchema } from "./plan-schema.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { wordInstant } from "./values.ts";

/** The published form. Its type comes from the published schema, so the two can't drift apart. */
export type PlanDocument = FromSchema<typeof planSchema>;
type TargetDocument = PlanDocument["targets"][number];
type Documents<K extends keyof TargetDocument> =
  NonNullable<TargetDocument[K]> extends (infer T)[] ? T : never;

/** What `-o json` prints. Keys stand in the order of the schema, so that two plans can be compared as texts. */
export function renderJson(reports: readonly TargetReport[]): string {
  return printableJson(planDocument(reports));
}

export function planDocument(reports: readonly TargetReport[]): PlanDocument {
  return { formatVersion: 1, targets: reports.map(targetDocument) };
}

function targetDocument(report: TargetReport): TargetDocument {
  const { name, product, plan, error, outcomes } = report;
  const version = plan?.version ?? report.version;
  const caller = plan?.caller ?? report.caller;
  return {
    name,
    product,
    ...(version !== undefined && { version }),
    ...(caller !== undefined && { caller }),
    status: report.status,
    ...(error !== undefined && { error: { ...error } }),
    ...(report.notice !== undefined && { notice: report.notice }),
    ...(report.basis !== undefined && { basis: report.basis }),
    ...(plan !== undefined && planPart(plan)),
    ...(plan !== undefined && outcomes !== undefined && { outcomes: outcomes.map(outcomeDocument) }),
  };
}

function planPart(plan: Plan): Partial<TargetDocument> {
  const counts = countPlan(plan);
  return {
    changes: plan.changes.map(changeDocument),
    operations: plan.operations.map(operationDocument),
    accessDelta: listChanges(plan.accessDelta).map(deltaDocument),
    findings: plan.findings.map(findingDocument),
    unmanaged: plan.unmanaged.map(({ kind, name, reason }) => ({ kind, name, reason })),
    rotations: plan.rotations.map(({ token, expire, rotatesAt }) => ({ token, expire, rotatesAt })),
    boundaries: plan.boundaries.map(boundaryDocument),
    summary: {
      create: counts.create,
      update: counts.update,
      delete: counts.delete,
      operations: counts.operations,
    },
  };
}

function deltaDocument(change: AccessChange): Documents<"accessDelta"> {
  const { subject, path, propagate, gained, lost, because } = change;
  return { subject, path, propagate, gained: [...gained], lost: [...lost], because: [...because] };
}

function changeDocument(change: Change): Documents<"changes"> {
  const { action, kind, name, held } = change;
  return {
    action,
    kind,
    name,
    fields: change.fields.map(({ field, before, after, foundByApply }) => ({
      field,
      before: valueDocument(before),
      after: valueDocument(after),
      ...(foundByApply && { foundByApply }),
    })),
    ...(change.source !== undefined && { source: placeDocument(change.source) }),
    held,
  };
}

type ValueDocument = Documents<"changes">["fields"][number]["before"];

function valueDocument(value: FieldValue): ValueDocument {
  if (value === null || typeof value !== "object") return value;
  return isTexts(value) ? [...value] : value.map(({ role, propagate }) => ({ role, propagate }));
}

function isTexts(value: readonly string[] | readonly GrantValue[]): value is readonly string[] {
  return value.every((member) => typeof member === "string");
}

function operationDocument(operation: Operation): Documents<"operations"> {
  const { method, path, parameters } = requestFor(operation);
  return { method, path, parameters: { ...parameters }, changes: [...operation.changes] };
}

export function findingDocument(finding: Finding): Documents<"findings"> {
  const { severity, code, message, changes, source, digest, details } = finding;
  return {
    severity,
    code,
    message,
    changes: [...changes],
    ...(source !== undefined && { source: placeDocument(source) }),
    ...(digest !== undefined && { digest }),
    ...(details !== undefined && { details: details.map(detailDocument) }),
  };
}

function detailDocument({ subjects, says }: FindingDetail): { subjects: string[]; says: string } {
  return { subjects: [...subjects], says };
}

function boundaryDocument(boundary: Boundary): Documents<"boundaries"> {
  const { event, atSeconds, kind, name, objects, source } = boundary;
  const at = wordInstant(atSeconds);
  return { event, at, kind, name, objects: [...objects], source: placeDocument(source) };
}

function placeDocument(place: Place): { file: string; line: number } {
  return { file: place.file, line: place.line };
}

function outcomeDocument(outcome: Outcome): Documents<"outcomes"> {
  const { change, status, error } = outcome;
  return { change, status, ...(error !== undefined && { error }) };
}
