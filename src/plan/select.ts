// Which differences are carried out: all, but for what is held and what depends on it, and for what `--only` leaves out.

import { parentOf, poolsAlong } from "../model/pool-paths.ts";
import type { DesiredState } from "../model/desired.ts";
import { ownerOf, realmOf } from "../model/ids.ts";
import { mapValues } from "../support/maps.ts";
import { keyOf, type Difference } from "./difference.ts";
import { dropsOf, type Ends } from "./drops.ts";
import { pairName } from "./pairs.ts";
import { poolTies } from "./pool-ties.ts";
import { realmTies } from "./realm-ties.ts";
import { changeKey, type ChangeKey } from "./settling.ts";
import { subjectExists } from "../model/subjects.ts";

/** Kinds of manifests, as `--only KIND/NAME` writes them. */
export type SelectorKind = "User" | "Group" | "Membership" | "Role" | "ACL" | "Token" | "Pool" | "Realm";

/** What `--only` names: a manifest, or a change as the plan names it. */
export interface Selector {
  readonly kind: SelectorKind;
  readonly name: string;
}

/** How differences hang together; only keys of differences that exist. */
export interface Ties {
  /** What must be there before: the new group that a user joins, the role that an entry grants. */
  readonly needs: ReadonlyMap<ChangeKey, readonly ChangeKey[]>;
  /** The deletes on the server that carry a difference out. */
  readonly drops: ReadonlyMap<ChangeKey, readonly ChangeKey[]>;
}

export function tiesOf(differences: readonly Difference[], ends: Ends): Ties {
  const known = new Set(differences.map(keyOf));
  // What is there can be referred to as it is, but for a role: a grant means what the role will hold.
  const needed = new Set(differences.filter((one) => one.kind === "Role" || !one.before).map(keyOf));
  const map = (
    keysFor: (difference: Difference) => readonly ChangeKey[],
    among: ReadonlySet<ChangeKey>,
  ): Ties["needs"] =>
    new Map(
      differences.map((one) => [
        keyOf(one),
        keysFor(one).filter((key) => among.has(key) && key !== keyOf(one)),
      ]),
    );
  const [ofPools, ofRealms] = [poolTies(differences, ends), realmTies(differences, ends)];
  const needs = map((one) => [...refersTo(one), ...waysToRemove(one, ends)], needed);
  const otherNeeds = map(
    (one) => [...(ofPools.get(keyOf(one)) ?? []), ...(ofRealms.get(keyOf(one)) ?? [])],
    known,
  );
  return {
    needs: mapValues(needs, (keys, key) => [...keys, ...(otherNeeds.get(key) ?? [])]),
    drops: map((difference) => dropsOf(difference, ends), known),
  };
}

/** Rows of a user that does not exist can't be revoked: they go when it is there again, or with their role. */
function waysToRemove(difference: Difference, ends: Ends): readonly ChangeKey[] {
  if (difference.kind !== "ACL" || !difference.before) return [];
  const { subject } = difference.before;
  if (subject.kind !== "user" || subjectExists(subject, ends.before)) return [];
  return [changeKey("User", subject.id), ...dropsOf(difference, ends)];
}

function refersTo(difference: Difference): readonly ChangeKey[] {
  switch (difference.kind) {
    case "Role":
    case "Group":
    case "Realm":
      return [];
    case "User": {
      const { before, after } = difference;
      return [
        ...(after?.groups ?? []).map((group) => changeKey("Group", group)),
        // Who is there already does not wait for a realm to log in to.
        ...(after && !before ? [changeKey("Realm", realmOf(after.user.id))] : []),
      ];
    }
    case "Token":
      return difference.after ? [changeKey("User", ownerOf(difference.after.id))] : [];
    case "ACL": {
      if (!difference.after) return [];
      const { path, subject, roles } = difference.after;
      const kind = ({ user: "User", group: "Group", token: "Token" } as const)[subject.kind];
      return [
        changeKey(kind, subject.id),
        ...[...roles.keys()].map((role) => changeKey("Role", role)),
        ...poolsAlong(path).map((pool) => changeKey("Pool", pool)),
      ];
    }
    case "Pool": {
      const parent = difference.after && parentOf(difference.after.id);
      return parent === undefined ? [] : [changeKey("Pool", parent)];
    }
  }
}

/** The held ones, all that needs them, and the deletes that would take away what they are to replace. */
export function spreadHeld(held: ReadonlySet<ChangeKey>, { needs, drops }: Ties): ReadonlySet<ChangeKey> {
  const dependents = invert(needs);
  return reach(
    [...held].filter((key) => needs.has(key)),
    (key) => [...(dependents.get(key) ?? []), ...(drops.get(key) ?? [])],
  );
}

/**
 * The chosen ones, what they need, and what the server does along with them. Not the delete that would carry a chosen
 * one out along with others: it then gets a write of its own.
 */
export function selectOnly(
  selectors: readonly Selector[],
  desired: DesiredState,
  ties: Ties,
): ReadonlySet<ChangeKey> {
  const takenAlong = invert(ties.drops);
  const chosen = selectors
    .flatMap((selector) => keysFor(selector, desired))
    .filter((key) => ties.needs.has(key));
  return reach(chosen, (key) => [...(ties.needs.get(key) ?? []), ...(takenAlong.get(key) ?? [])]);
}

/** All changes that the selectors name, whether there is anything to change or not. */
export function selectedKeys(selectors: readonly Selector[], desired: DesiredState): ReadonlySet<ChangeKey> {
  return new Set(selectors.flatMap((selector) => keysFor(selector, desired)));
}

/** The changes that a selector names. */
function keysFor({ kind, name }: Selector, desired: DesiredState): readonly ChangeKey[] {
  switch (kind) {
    case "User":
    case "Group":
    case "Role":
    case "Token":
    case "Pool":
    case "Realm":
      return [changeKey(kind, name)];
    case "Membership":
      return desired.memberships
        .filter((membership) => membership.name === name)
        .map(({ user }) => changeKey("User", user));
    case "ACL":
      return [
        changeKey("ACL", name),
        ...desired.acl
          .filter(({ declaredBy }) => declaredBy.includes(name))
          .map(({ path, subject }) => changeKey("ACL", pairName(path, subject))),
      ];
  }
}

/** Whether a manifest or a change has the name: `--only` with a slip in it must not read as "nothing to do". */
export function isKnown(selector: Selector, desired: DesiredState, ties: Ties): boolean {
  const { kind, name } = selector;
  if (keysFor(selector, desired).some((key) => ties.needs.has(key))) return true;
  const has = (map: ReadonlyMap<string, unknown>): boolean => map.has(name);
  switch (kind) {
    case "User":
      return has(desired.users);
    case "Group":
      return has(desired.groups);
    case "Role":
      return has(desired.roles);
    case "Token":
      return has(desired.tokens);
    case "Pool":
      return has(desired.pools);
    case "Realm":
      return has(desired.realms);
    case "Membership":
      return desired.memberships.some((membership) => membership.name === name);
    case "ACL":
      return desired.acl.some(
        ({ declaredBy, path, subject }) => declaredBy.includes(name) || pairName(path, subject) === name,
      );
  }
}

function invert(
  ties: ReadonlyMap<ChangeKey, readonly ChangeKey[]>,
): ReadonlyMap<ChangeKey, readonly ChangeKey[]> {
  const inverted = new Map<ChangeKey, ChangeKey[]>();
  for (const [key, others] of ties) {
    for (const other of others) {
      const known = inverted.get(other);
      if (known) known.push(key);
      else inverted.set(other, [key]);
    }
  }
  return inverted;
}

function reach(
  from: readonly ChangeKey[],
  next: (key: ChangeKey) => readonly ChangeKey[],
): ReadonlySet<ChangeKey> {
  const reached = new Set<ChangeKey>();
  const open = [...from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    open.push(...next(key));
  }
  return reached;
}
