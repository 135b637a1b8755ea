import type { Change, ChangeKind, Finding, Plan, Unmanaged } from "../plan/plan.ts";
import type { Boundary } from "../model/validity.ts";
import type { Place } from "../support/place.ts";
import { wordInstant } from "./values.ts";

/** The kinds in the order in which they are shown: what is referred to before what refers to it. */
export const kindTitles: Readonly<Record<ChangeKind, string>> = {
  Realm: "Realms",
  Role: "Roles",
  Group: "Groups",
  User: "Users",
  Token: "Tokens",
  Pool: "Pools",
  ACL: "ACL",
};

export const marks: Readonly<Record<Change["action"], string>> = { create: "+", update: "~", delete: "-" };

const unmanagedReasons: Readonly<Record<Unmanaged["reason"], string>> = {
  "prune-off": "prune is off for its kind",
  "kind-undeclared": "nothing of its kind is declared, and allowEmpty does not name it",
  protected: "it is protected",
  directory: "its directory made it",
  caller: "the caller needs it",
};

export function wordUnmanaged(unmanaged: Pick<Unmanaged, "reason">): string {
  return unmanagedReasons[unmanaged.reason];
}

/** `user joe@pve`, `ACL /vms user:joe@pve` */
export function nameChange(change: { readonly kind: ChangeKind; readonly name: string }): string {
  return `${change.kind === "ACL" ? "ACL" : change.kind.toLowerCase()} ${change.name}`;
}

/** Why a change is there, where the manifest's place does not say it all. */
export const reasonWords: Readonly<Record<Change["reason"], string>> = {
  declared: "",
  absent: "ensure: absent",
  "outside-validity": "outside its validity",
  prune: "not declared",
  cascade: "goes along",
};

/** When, and which manifest: `ends 2026-12-05T18:00:00Z: Membership anna-on-call` */
export function wordBoundary({ event, atSeconds, kind, name }: Boundary): string {
  return `${event} ${wordInstant(atSeconds)}: ${kind} ${name}`;
}

export function wordPlace(place: Place): string {
  return `${place.file}:${place.line}`;
}

/** How a person lets an error pass. */
export interface ApprovalWords {
  /** An option of `apply`, for one run; it bounds all findings of the code together. */
  readonly option: string;
  /** An annotation of the Target, for this finding as long as it is the same. */
  readonly annotation: string;
}

export function wordApproval({ code, digest }: Finding, { findings }: Plan): ApprovalWords | undefined {
  if (digest === undefined) return undefined;
  const alike = findings.filter((finding) => finding.code === code && finding.digest !== undefined);
  const isCounted = alike.some(({ count }) => count !== undefined);
  const sum = alike.reduce((total, { count = 1 }) => total + count, 0);
  return {
    option: `--approve ${code}${isCounted ? `=${sum}` : ""}`,
    annotation: `rolecall.dev/approve: ${code}=${digest}`,
  };
}

/** The objects that a finding concerns. */
export function concernedBy(plan: Plan, indices: readonly number[]): string[] {
  return indices.flatMap((index) => {
    const change = plan.changes[index];
    return change === undefined ? [] : [nameChange(change)];
  });
}

/** The first `limit` texts, and how many there are beyond. */
export function firstOf(texts: readonly string[], limit: number): { shown: readonly string[]; more: number } {
  return { shown: texts.slice(0, limit), more: Math.max(0, texts.length - limit) };
}
