// Reasons and causes in short words, as plans and answers show them.

import { subjectKey, type SubjectKey } from "../model/ids.ts";
import type { Cause } from "./cause.ts";
import type { EntryReason } from "./decision.ts";
import type { Reason } from "./explain.ts";
import type { LogIn } from "./usable.ts";

/** As `group operators has VMOperator on /vms`. */
export function wordReason(reason: Reason): string {
  return reason.kind === "superuser" ? `${reason.id} holds every privilege` : wordEntry(reason, "has");
}

/** Where many share a cause, `self` is the one in whose place the words say `each`. */
export function wordCause(cause: Cause, self?: SubjectKey): string {
  switch (cause.kind) {
    case "log-in":
      return cause.after === "open" ? openings[cause.before] : closings[cause.after];
    case "separation":
      return cause.separated ? "the token is now separated" : "the token is no longer separated";
    case "membership":
      return `${cause.of === "owner" ? "its owner is " : ""}${cause.joined ? "now" : "no longer"} in group ${cause.group}`;
    case "pool":
      return `${cause.path} is ${cause.joined ? "now" : "no longer"} in ${cause.pool}`;
    case "role":
      return [
        ...(cause.added.length > 0 ? [`role ${cause.role} now has ${cause.added.join(", ")}`] : []),
        ...(cause.removed.length > 0 ? [`role ${cause.role} no longer has ${cause.removed.join(", ")}`] : []),
      ].join("; ");
    case "counts":
      return wordEntry(cause.reason, "has", self);
    case "revoked":
      return wordEntry(cause.reason, "no longer has", self);
    case "unpropagated":
      return `${wordEntry(cause.reason, "has", self)}, no longer with propagate`;
    case "replaced":
      return `${wordEntry(cause.reason, "has", self)}, which is replaced here`;
  }
}

/** A cause wherever it has an effect: by way of whichever pool, for whichever of its members. */
export function wordGround(cause: Cause, self?: SubjectKey): string {
  switch (cause.kind) {
    case "counts":
    case "revoked":
    case "unpropagated":
    case "replaced":
      return wordCause({ ...cause, reason: { ...cause.reason, pool: undefined } }, self);
    case "pool":
      return `each is ${cause.joined ? "now" : "no longer"} in ${cause.pool}`;
    case "log-in":
    case "separation":
    case "membership":
    case "role":
      return wordCause(cause, self);
  }
}

function wordEntry({ entry, pool }: EntryReason, verb: string, self?: SubjectKey): string {
  const key = subjectKey(entry.subject);
  const who = key === self ? "each" : `${entry.subject.kind} ${entry.subject.id}`;
  const way = pool === undefined || pool === entry.path ? "" : `, by way of ${pool}`;
  return `${who} ${verb} ${entry.role} on ${entry.path}${way}`;
}

/** What stopped somebody, over now. Somebody who could log in before was stopped by nothing. */
const openings: Readonly<Record<LogIn, string>> = {
  open: "could log in before",
  absent: "is new",
  disabled: "is no longer disabled",
  expired: "is no longer expired",
  "owner-absent": "its owner is new",
  "owner-disabled": "its owner is no longer disabled",
  "owner-expired": "its owner is no longer expired",
};

const closings: Readonly<Record<LogIn, string>> = {
  open: "can log in",
  absent: "is deleted",
  disabled: "is disabled",
  expired: "is expired",
  "owner-absent": "its owner is deleted",
  "owner-disabled": "its owner is disabled",
  "owner-expired": "its owner is expired",
};
