import { keyHolders } from "../../access/alike.ts";
import { reasonKey } from "../../access/decision.ts";
import { explain, type Reason } from "../../access/explain.ts";
import { holderOf } from "../../access/holder.ts";
import type { AccessIndex } from "../../access/lookup.ts";
import { reachOf, seek, turnsOf, type Reach, type Sought, type Turns } from "../../access/reach.ts";
import { wordReason } from "../../access/words.ts";
import type { AclPath, AuthId, GroupId, Privilege } from "../../model/ids.ts";
import type { Power } from "../../model/policy.ts";
import { sortedSet } from "../../support/compare.ts";
import { compileGlob } from "../../support/glob.ts";
import { groupBy } from "../../support/group-by.ts";
import { getOrAdd } from "../../support/maps.ts";
import type { Declared } from "../declared.ts";
import { wordNames } from "../wording.ts";
import { wordSource } from "./violation.ts";

/** Privileges that somebody has on some paths by the same entries: on all members of a pool, or on one path. */
export interface Holding {
  readonly paths: readonly AclPath[];
  readonly privileges: readonly Privilege[];
  /** `VM.Audit on /vms and below, since group ops has PVEAuditor on /vms (access.yaml:4)` */
  readonly says: string;
  /** Whether a manifest declares one of the entries. */
  readonly isDeclared: boolean;
  /** The groups whose entries they are, sorted. */
  readonly groups: readonly GroupId[];
}

/** Whom the same entries decide about share one answer: of thousands of users, few are looked at. */
export type FindHoldings = (id: AuthId, sought: Sought) => readonly Holding[];

export function findHoldingsIn(index: AccessIndex, declared: Declared): FindHoldings {
  const keyOf = keyHolders();
  const turns = new Map<string, Turns>();
  const known = new Map<Sought, Map<string, readonly Holding[]>>();
  return (id, sought) => {
    const holder = holderOf(index, id);
    const key = keyOf(holder);
    const ofSought = getOrAdd(known, sought, () => new Map<string, readonly Holding[]>());
    return getOrAdd(ofSought, key, () => {
      const turnsOfHolder = (): Turns => getOrAdd(turns, key, () => turnsOf(index, holder));
      const reaches = reachOf(index, holder, sought, turnsOfHolder);
      const explained = reaches.map((reach) => ({ ...reach, reasons: reasonsFor(index, id, reach) }));
      return [...groupBy(explained, keyOfChain).values()].map((alike) => holdingFrom(alike, declared));
    });
  };
}

interface Explained extends Reach {
  readonly reasons: readonly Reason[];
}

function keyOfChain({ privileges, reasons }: Explained): string {
  return [...privileges, ...reasons.map(keyOfReason)].join("\n");
}

function keyOfReason(reason: Reason): string {
  return reason.kind === "entry" ? reasonKey(reason) : reason.kind;
}

/** Never none, and all with the same privileges for the same reasons. */
function holdingFrom(alike: readonly Explained[], { placeOfEntry }: Declared): Holding {
  const { privileges = [], reasons = [] }: Partial<Explained> = alike[0] ?? {};
  const places = reasons.map((reason) => (reason.kind === "entry" ? placeOfEntry(reason.entry) : undefined));
  const words = reasons.map((reason, at) =>
    reason.kind === "entry" ? `${wordReason(reason)} (${wordSource(places[at])})` : wordReason(reason),
  );
  const groups = reasons.flatMap((reason) =>
    reason.kind === "entry" && reason.entry.subject.kind === "group" ? [reason.entry.subject.id] : [],
  );
  const where = wordNames(alike.map((one) => one.where));
  return {
    paths: alike.map(({ path }) => path),
    privileges,
    says: `${wordNames(privileges)} on ${where}, since ${words.join(", ")}`,
    isDeclared: places.some((place) => place !== undefined),
    groups: sortedSet(groups),
  };
}

export function compilePower({ privileges, paths }: Power): Sought {
  const globs = privileges.map((text) => compileGlob(text));
  const known = new Map<Privilege, boolean>();
  return seek(
    paths.map((text) => compileGlob(text)),
    (name) => getOrAdd(known, name, () => globs.some((glob) => glob.takes(name))),
  );
}

function reasonsFor(index: AccessIndex, id: AuthId, { path, privileges }: Reach): readonly Reason[] {
  const held = explain(index, id, path).privileges;
  const reasons = new Map<string, Reason>();
  for (const privilege of privileges) {
    for (const reason of held.get(privilege)?.because ?? []) reasons.set(keyOfReason(reason), reason);
  }
  return [...reasons.values()];
}
