// `require`: how users, groups, tokens and entries have to be.

import { isUsable } from "../../access/usable.ts";
import type { AclEntry, Expiry } from "../../model/access-state.ts";
import { isTokenId, subjectKey, type AuthId, type Subject } from "../../model/ids.ts";
import type { RequireRule, Requirement } from "../../model/policy.ts";
import { pairName } from "../../plan/pairs.ts";
import { changeKey, type ChangeKey } from "../../plan/settling.ts";
import { compileGlob, compileTextGlob } from "../../support/glob.ts";
import type { AccessIndex } from "../../access/lookup.ts";
import type { Facts } from "./facts.ts";
import { holdersTakenBy, namesTakenBy, objectsTakenBy } from "./subjects.ts";
import { wordSource, type Violation } from "./violation.ts";

type Required<Kind extends Requirement["kind"]> = Extract<Requirement, { readonly kind: Kind }>;

/** `ids` are those who can log in. */
export function unmet(facts: Facts, ids: readonly AuthId[], rule: RequireRule): readonly Violation[] {
  const { requirement } = rule;
  switch (requirement.kind) {
    case "privilege-separation":
      return unseparatedTokens(facts, ids, rule);
    case "expire-within":
      return lastingObjects(facts, ids, rule, requirement);
    case "comment":
      return uncommentedObjects(facts, ids, rule, requirement);
    case "entry-subjects":
      return foreignEntries(facts, rule, requirement);
  }
}

function unseparatedTokens(facts: Facts, ids: readonly AuthId[], rule: RequireRule): readonly Violation[] {
  const isTaken = holdersTakenBy(rule, facts.after.state);
  const isUnseparated = ({ state }: AccessIndex, id: AuthId): boolean =>
    isTokenId(id) && state.tokens.get(id)?.privilegeSeparation === false;
  return ids
    .filter((id) => isUnseparated(facts.after, id) && isTaken(id))
    .map((id) =>
      violation(facts, subjectOf(id), "is not separated from its owner", (index) => isUnseparated(index, id)),
    );
}

function lastingObjects(
  facts: Facts,
  ids: readonly AuthId[],
  rule: RequireRule,
  { seconds, words }: Required<"expire-within">,
): readonly Violation[] {
  const isTaken = objectsTakenBy(rule, facts.after.state);
  const isLasting = (index: AccessIndex, id: AuthId): boolean => {
    const expire = expiryOf(index, id);
    return expire === 0 || (expire !== undefined && expire > facts.nowSeconds + seconds);
  };
  return ids
    .filter((id) => isLasting(facts.after, id) && isTaken(id))
    .map((id) => {
      const says = `${wordExpiry(expiryOf(facts.after, id))}, not within ${words}`;
      return violation(facts, subjectOf(id), says, (index) => isLasting(index, id));
    });
}

function expiryOf({ state }: AccessIndex, id: AuthId): Expiry | undefined {
  return (isTokenId(id) ? state.tokens.get(id) : state.users.get(id))?.expire;
}

function wordExpiry(expire: Expiry = 0): string {
  if (expire === 0) return "never expires";
  const date = new Date(expire * 1000);
  // The server stores any number; beyond what a calendar has, it is for ever.
  return Number.isNaN(date.getTime()) ? "never expires" : `expires on ${date.toISOString().slice(0, 10)}`;
}

function uncommentedObjects(
  facts: Facts,
  ids: readonly AuthId[],
  rule: RequireRule,
  { globs }: Required<"comment">,
): readonly Violation[] {
  const isTaken = namesTakenBy(rule);
  const compiled = globs.map((text) => compileTextGlob(text));
  const isUncommented = (index: AccessIndex, subject: Subject): boolean => {
    const comment = commentOf(index, subject);
    if (comment === undefined) return false;
    return comment === "" || !compiled.some((glob) => glob.takes(comment));
  };
  const groups = [...facts.after.state.groups.keys()].map((id) => ({ kind: "group", id }) as const);
  return [...ids.map(subjectOf), ...groups]
    .filter((subject) => isUncommented(facts.after, subject) && isTaken(subjectKey(subject)))
    .map((subject) => {
      const isEmpty = commentOf(facts.after, subject) === "";
      const says = isEmpty ? "has no comment" : `its comment is none of ${globs.join(", ")}`;
      return violation(facts, subject, says, (index) => isUncommented(index, subject));
    });
}

function commentOf({ state }: AccessIndex, subject: Subject): string | undefined {
  switch (subject.kind) {
    case "user":
      return state.users.get(subject.id)?.comment;
    case "group":
      return state.groups.get(subject.id)?.comment;
    case "token":
      return state.tokens.get(subject.id)?.comment;
  }
}

function foreignEntries(
  facts: Facts,
  rule: RequireRule,
  { kinds, paths }: Required<"entry-subjects">,
): readonly Violation[] {
  const isTaken = namesTakenBy(rule);
  const globs = paths.map((text) => compileGlob(text));
  const isKnown = knownEntries(facts.before);
  return facts.after.state.acl
    .filter(({ path, subject }) => {
      if (kinds.includes(subject.kind) || !isTaken(subjectKey(subject))) return false;
      return globs.some((glob) => glob.takes(path));
    })
    .map((entry) => entryViolation(facts, entry, isKnown(entry)));
}

function entryViolation({ before, after, declared }: Facts, entry: AclEntry, isKnown: boolean): Violation {
  const { path, subject, role } = entry;
  const place = declared.placeOfEntry(entry);
  return {
    subject: subjectKey(subject),
    says: `has ${role} on ${path} by an entry of its own (${wordSource(place)})`,
    joins: [],
    isDeclared: place !== undefined,
    isBrought: before !== undefined && before !== after && !isKnown,
    concerns: { kind: "object", key: changeKey("ACL", pairName(path, subject)) },
  };
}

function knownEntries(before: AccessIndex | undefined): (entry: AclEntry) => boolean {
  const keyOf = ({ path, subject, role }: AclEntry): string => `${path} ${subjectKey(subject)} ${role}`;
  const known = new Set(before?.state.acl.map(keyOf));
  return (entry) => known.has(keyOf(entry));
}

/** `isSo`: whether the same can be said of a state. */
function violation(
  { before, after, declared, nowSeconds }: Facts,
  subject: Subject,
  says: string,
  isSo: (index: AccessIndex) => boolean,
): Violation {
  const place = declared.placeOf(subject);
  const wasSo =
    before !== undefined &&
    isSo(before) &&
    (subject.kind === "group" || isUsable(before.state, subject.id, nowSeconds));
  return {
    subject: subjectKey(subject),
    says: `${says} (${wordSource(place)})`,
    joins: [],
    isDeclared: place !== undefined,
    isBrought: before !== undefined && before !== after && !wasSo,
    concerns: { kind: "object", key: keyOfChange(subject) },
  };
}

function keyOfChange(subject: Subject): ChangeKey {
  const kinds = { user: "User", group: "Group", token: "Token" } as const;
  return changeKey(kinds[subject.kind], subject.id);
}

function subjectOf(id: AuthId): Subject {
  return isTokenId(id) ? { kind: "token", id } : { kind: "user", id };
}
