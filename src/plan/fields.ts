// What a difference says of its fields, as plans show and save it.

import type { Realm, SyncJob } from "../model/access-state.ts";
import type { RoleId } from "../model/ids.ts";
import { wordSeconds } from "../model/lifetime.ts";
import { wordReference } from "../model/secret.ts";
import { compareText } from "../support/compare.ts";
import type { Difference, Sides } from "./difference.ts";
import type { FieldChange, FieldValue, GrantValue } from "./plan.ts";
import type { RenewalReason } from "./renewal.ts";

export function fieldsOf(difference: Difference): readonly FieldChange[] {
  switch (difference.kind) {
    case "User":
      return userFields(difference);
    case "Group":
      return changedFields(difference, ({ comment }) => ({ comment }));
    case "Role":
      return changedFields(difference, ({ privileges }) => ({ privileges }));
    case "Token":
      return tokenFields(difference);
    case "Pool":
      return changedFields(difference, ({ comment, members }) => ({
        comment,
        vms: members?.vms.map(String) ?? null,
        storages: members?.storages ?? null,
      }));
    case "Realm":
      return realmFields(difference);
    case "ACL":
      return changedFields(difference, ({ roles }) => ({ roles: grantValues(roles) }));
  }
}

function userFields(difference: Extract<Difference, { kind: "User" }>): readonly FieldChange[] {
  const fields = changedFields(difference, ({ user, groups }) => ({
    enabled: user.enabled,
    expire: user.expire,
    firstName: user.firstName,
    lastName: user.lastName,
    email: user.email,
    comment: user.comment,
    groups,
  }));
  if (difference.password === undefined) return fields;
  const after = `set again from ${wordReference(difference.password)}, since it does not log in`;
  return [...fields, { field: "password", before: null, after, foundByApply: true }];
}

/** A secret stands in no state, so there is only what becomes of it. */
function realmFields({
  before,
  after,
  secrets = {},
}: Extract<Difference, { kind: "Realm" }>): readonly FieldChange[] {
  // Of a new or vanishing realm only that it is the default is worth a line.
  const viewOf = (realm: Realm): Record<string, FieldValue> =>
    realmView(realm, before && after ? false : null);
  // Both sides have the same fields, though either may lack an option.
  const absent = Object.fromEntries(
    [before, after].flatMap((realm) => (realm ? Object.keys(viewOf(realm)) : [])).map((name) => [name, null]),
  );
  const fields = changedFields({ ...(before && { before }), ...(after && { after }) }, (realm: Realm) => ({
    ...absent,
    ...viewOf(realm),
  }));
  const how = before === undefined ? "from" : "set from";
  return [
    ...fields,
    ...Object.entries(secrets).map(([field, reference]) => ({
      field,
      before: null,
      after: `${how} ${wordReference(reference)}; it can't be read back`,
    })),
  ];
}

function realmView(
  { type, comment, isDefault, options = {}, syncJobs = [] }: Realm,
  unmarked: FieldValue,
): Record<string, FieldValue> {
  return { type, comment, default: isDefault ?? unmarked, ...options, sync: syncJobs.map(wordJob) };
}

function wordJob({ id, schedule, scope, removeVanished, enabled, enableNew, comment }: SyncJob): string {
  const said = [`${id}: ${schedule}`, scope, `removes ${removeVanished}`];
  if (enableNew !== undefined) said.push(`new users ${enableNew ? "enabled" : "disabled"}`);
  if (!enabled) said.push("disabled");
  return `${said.join(", ")}${comment === "" ? "" : ` (${comment})`}`;
}

/** A secret is named by what becomes of it; a lifetime by its length, since an instant would differ in every plan. */
function tokenFields(difference: Extract<Difference, { kind: "Token" }>): readonly FieldChange[] {
  const { renewal, lifetime } = difference;
  const isFound = renewal?.reason === "not-in-sink";
  const fields = changedFields(difference, ({ privilegeSeparation, expire, comment }) => ({
    privilegeSeparation,
    expire,
    comment,
  })).map((field) => {
    if (field.field !== "expire" || lifetime === undefined) return field;
    const after = `in ${wordSeconds(lifetime.seconds)}`;
    return { ...field, after, ...(isFound && { foundByApply: true as const }) };
  });
  if (renewal === undefined) return fields;
  const secret = { field: "secret", before: null, after: secretWords[renewal.reason] };
  return [...fields, { ...secret, ...(isFound && { foundByApply: true as const }) }];
}

const secretWords: Readonly<Record<RenewalReason, string>> = {
  undelivered: "new, since the last one was not delivered",
  earlier: "new, since the last one ends earlier than declared",
  due: "new, since the last one is due",
  asked: "new, as asked for",
  "not-in-sink": "new, since a sink does not hold the last one",
};

function changedFields<T>(
  { before, after }: Sides<T>,
  view: (value: T) => Record<string, FieldValue>,
): FieldChange[] {
  const left = before && view(before);
  const right = after && view(after);
  return Object.keys(left ?? right ?? {}).flatMap((field) => {
    const change = { field, before: left?.[field] ?? null, after: right?.[field] ?? null };
    if (left && right) return isSameValue(change.before, change.after) ? [] : [change];
    // A new or vanishing object shows what it has; an empty text or list is nothing to show.
    return isEmpty(change.before) && isEmpty(change.after) ? [] : [change];
  });
}

function isEmpty(value: FieldValue): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function isSameValue(a: FieldValue, b: FieldValue): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function grantValues(roles: ReadonlyMap<RoleId, boolean>): readonly GrantValue[] {
  return [...roles]
    .map(([role, propagate]) => ({ role, propagate }))
    .sort((a, b) => compareText(a.role, b.role));
}
