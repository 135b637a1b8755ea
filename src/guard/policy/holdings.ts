import { keyHolders } from "../../access/alike.ts";
import { reasonKey } from "../../access/decision.ts";
import { explain, type Reason } from "../../access/explain.ts";
import { holderOf } from "../../access/holder.ts";
import type { AccessIndex } from "../../access/lookup.ts";
import { reachOf, type Reach, type Sought } from "../../access/reach.ts";
import type { AuthId, Privilege } from "../../model/ids.ts";
import type { Power } from "../../model/policy.ts";
import { compileGlob } from "../../support/glob.ts";
import { getOrAdd } from "../../support/maps.ts";

/** Privileges that somebody has somewhere, with what gives them. */
export interface Holding extends Reach {
  readonly reasons: readonly Reason[];
}

/** Whom the same entries decide about share one answer: of thousands of users, few are looked at. */
export type FindHoldings = (id: AuthId, sought: Sought) => readonly Holding[];

export function findHoldingsIn(index: AccessIndex): FindHoldings {
  const keyOf = keyHolders();
  const known = new Map<Sought, Map<string, readonly Holding[]>>();
  return (id, sought) => {
    const holder = holderOf(index, id);
    const ofSought = getOrAdd(known, sought, () => new Map<string, readonly Holding[]>());
    return getOrAdd(ofSought, keyOf(holder), () =>
      reachOf(index, holder, sought).map((reach) => ({ ...reach, reasons: reasonsFor(index, id, reach) })),
    );
  };
}

export function compilePower({ privileges, paths }: Power): Sought {
  const globs = privileges.map((text) => compileGlob(text));
  const known = new Map<Privilege, boolean>();
  return {
    paths: paths.map((text) => compileGlob(text)),
    isSought: (name) => getOrAdd(known, name, () => globs.some((glob) => glob.takes(name))),
  };
}

function reasonsFor(index: AccessIndex, id: AuthId, { path, privileges }: Reach): readonly Reason[] {
  const held = explain(index, id, path).privileges;
  const reasons = new Map<string, Reason>();
  for (const privilege of privileges) {
    for (const reason of held.get(privilege)?.because ?? [])
      reasons.set(reason.kind === "entry" ? reasonKey(reason) : reason.kind, reason);
  }
  return [...reasons.values()];
}
