// Why what one party has at a place is different: its decision before is held against its decision after.

import { subjectKey, type AclPath, type Privilege, type RoleId } from "../model/ids.ts";
import type { Cause, PrivilegeChange } from "./cause.ts";
import { decide, reasonKey, type Decision, type EntryReason } from "./decision.ts";
import type { Party } from "./holder.ts";
import type { AccessIndex, Place } from "./lookup.ts";

/** One party in one of the two states. */
export interface PartySide {
  readonly index: AccessIndex;
  readonly party: Party;
  readonly place: Place;
}

interface Decided extends PartySide {
  readonly decision: Decision;
  readonly held: ReadonlySet<Privilege>;
}

/** Empty where the difference does not lie with this party: a separated token's may be its owner's, and the reverse. */
export function partyCauses(
  difference: Pick<PrivilegeChange, "gained" | "lost">,
  beforeSide: PartySide,
  afterSide: PartySide,
): readonly Cause[] {
  const before = decidedBy(beforeSide);
  const after = decidedBy(afterSide);
  const gained = difference.gained.filter((name) => !before.held.has(name));
  const lost = difference.lost.filter((name) => !after.held.has(name));
  const appeared = notIn(after.decision.deciding, before.decision.deciding);
  const vanished = notIn(before.decision.deciding, after.decision.deciding);
  const givers = appeared.filter((reason) => gives(after, reason, gained));
  const losers = vanished.filter((reason) => gives(before, reason, lost));
  // What no longer hides something, and what hides it now, is told along.
  const uncovered = isReplacing(before.decision, givers) ? vanished : losers;
  const covering = isReplacing(after.decision, losers) ? appeared : givers;
  const stayed = after.decision.deciding.filter((reason) => !appeared.includes(reason));
  return [
    ...covering.flatMap((reason) => causesOfAppearing(reason, before)),
    ...uncovered.map((reason) => causeOfVanishing(reason, after)),
    ...stayed.flatMap(({ entry }) => roleCauses(entry.role, [...gained, ...lost], before.index, after.index)),
  ];
}

/** What gives a party privileges, where none of it counted before. */
export function givingCauses(gained: readonly Privilege[], side: PartySide): readonly Cause[] {
  const after = decidedBy(side);
  return after.decision.deciding
    .filter((reason) => gives(after, reason, gained))
    .map((reason) => ({ kind: "counts", reason }));
}

/** What a role gained and lost, as far as it matters. */
export function roleCauses(
  role: RoleId,
  relevant: readonly Privilege[],
  before: AccessIndex,
  after: AccessIndex,
): readonly Cause[] {
  const had = before.state.roles.get(role)?.privileges ?? [];
  const has = after.state.roles.get(role)?.privileges ?? [];
  const added = has.filter((name) => relevant.includes(name) && !had.includes(name));
  const removed = had.filter((name) => relevant.includes(name) && !has.includes(name));
  return added.length + removed.length > 0 ? [{ kind: "role", role, added, removed }] : [];
}

function decidedBy(side: PartySide): Decided {
  const decision = decide(side.index, side.party.subject, side.place);
  const { roles } = side.index.state;
  const held = new Set(decision.deciding.flatMap(({ entry }) => roles.get(entry.role)?.privileges ?? []));
  return { ...side, decision, held };
}

function notIn(reasons: readonly EntryReason[], others: readonly EntryReason[]): readonly EntryReason[] {
  const known = new Set(others.map(reasonKey));
  return reasons.filter((reason) => !known.has(reasonKey(reason)));
}

function isReplacing({ replaced }: Decision, sought: readonly EntryReason[]): boolean {
  const known = new Set(replaced.map(({ reason }) => reasonKey(reason)));
  return sought.some((reason) => known.has(reasonKey(reason)));
}

function gives({ index }: Decided, { entry }: EntryReason, privileges: readonly Privilege[]): boolean {
  const ofRole = index.state.roles.get(entry.role)?.privileges ?? [];
  return privileges.some((name) => ofRole.includes(name));
}

/** An entry that was there already counts now since its group was joined, or the guest or storage put into its pool. */
function causesOfAppearing(reason: EntryReason, before: Decided): readonly Cause[] {
  const { party } = before;
  const counts: Cause = { kind: "counts", reason };
  if (flagOf(before.index, reason) === undefined) return [counts];
  const { subject } = reason.entry;
  if (subject.kind === "group" && !isMember(before, reason))
    return [{ kind: "membership", of: party.of, group: subject.id, joined: true }, counts];
  return reason.pool !== undefined && !isInPool(before, reason)
    ? [poolCause(before.place, reason.pool, true), counts]
    : [counts];
}

function causeOfVanishing(reason: EntryReason, after: Decided): Cause {
  const { subject } = reason.entry;
  const flag = flagOf(after.index, reason);
  if (flag === undefined) return { kind: "revoked", reason };
  if (subject.kind === "group" && !isMember(after, reason))
    return { kind: "membership", of: after.party.of, group: subject.id, joined: false };
  if (reason.pool !== undefined && !isInPool(after, reason))
    return poolCause(after.place, reason.pool, false);
  const isReplaced = isReplacing(after.decision, [reason]);
  return { kind: isReplaced ? "replaced" : "unpropagated", reason };
}

/** The propagate of the entry in that state; undefined where there is no such entry. */
function flagOf(
  { layers }: AccessIndex,
  { entry: { path, subject, role } }: EntryReason,
): boolean | undefined {
  return layers.get(subjectKey(subject))?.get(path)?.here?.given.get(role);
}

function isMember({ index, party }: Decided, { entry: { subject } }: EntryReason): boolean {
  const groups = party.subject.kind === "user" ? index.groupsOf.get(party.subject.id) : undefined;
  return groups?.some((id) => id === subject.id) === true;
}

function isInPool({ place }: Decided, { pool }: EntryReason): boolean {
  return place.pools.some((nodes) => nodes[0] === pool);
}

function poolCause({ nodes }: Place, pool: AclPath, joined: boolean): Cause {
  return { kind: "pool", path: nodes[0] ?? pool, pool, joined };
}
