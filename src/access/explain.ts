// Why somebody holds a privilege on a path, and why not another that an entry gives.

import type { AuthId, Privilege, UserId } from "../model/ids.ts";
import { sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { decide, type Decision, type EntryReason, type Replaced } from "./decision.ts";
import { holderOf, type Party } from "./holder.ts";
import { placeAt, type AccessIndex, type Place } from "./lookup.ts";

/** What gives a privilege. */
export type Reason = { readonly kind: "superuser"; readonly id: UserId } | EntryReason;

interface HeldPrivilege {
  /** Whether it also holds below. */
  readonly propagate: boolean;
  readonly because: readonly Reason[];
}

/** What a separated token or its owner has, and not the other: so the token doesn't, on the path or below it. */
interface Cut {
  readonly privilege: Privilege;
  readonly extent: "here" | "below";
  readonly lackedBy: AuthId;
  readonly because: readonly Reason[];
}

export interface Explanation {
  readonly id: AuthId;
  readonly path: string;
  /** Computed, sorted by name: who cannot log in can use nothing of it. */
  readonly privileges: ReadonlyMap<Privilege, HeldPrivilege>;
  readonly cut: readonly Cut[];
  readonly replaced: readonly Replaced[];
}

export function explain(index: AccessIndex, id: AuthId, path: string): Explanation {
  const holder = holderOf(index, id);
  switch (holder.kind) {
    case "nobody":
      return { id, path, privileges: new Map(), cut: [], replaced: [] };
    case "superuser": {
      const held = { propagate: true, because: [{ kind: "superuser", id: holder.id }] } as const;
      const names = sortedSet(index.superuserPrivileges.keys());
      return { id, path, privileges: new Map(names.map((name) => [name, held])), cut: [], replaced: [] };
    }
    case "parties":
      return { id, path, ...explainParties(index, holder.parties, placeAt(index, path)) };
  }
}

function explainParties(
  index: AccessIndex,
  parties: readonly [Party] | readonly [Party, Party],
  place: Place,
): Pick<Explanation, "privileges" | "cut" | "replaced"> {
  const [first, second] = parties.map(({ subject }) => {
    const decision = decide(index, subject, place);
    return { id: subject.id, decision, held: heldBy(index, decision) };
  });
  if (first === undefined) return { privileges: new Map(), cut: [], replaced: [] };
  const replaced = [...first.decision.replaced, ...(second?.decision.replaced ?? [])];
  if (second === undefined) return { privileges: first.held, cut: [], replaced };
  const cut = [...cutBy(first, second), ...cutBy(second, first)];
  return { privileges: intersect(first.held, second.held), cut, replaced };
}

type Held = ReadonlyMap<Privilege, HeldPrivilege>;

/** What pools give does not hold below. */
function heldBy({ state }: AccessIndex, { deciding }: Decision): Held {
  const reasons = new Map<Privilege, EntryReason[]>();
  for (const reason of deciding) {
    for (const privilege of state.roles.get(reason.entry.role)?.privileges ?? [])
      getOrAdd(reasons, privilege, () => []).push(reason);
  }
  return new Map(
    sortedSet(reasons.keys()).map((privilege) => {
      const because = reasons.get(privilege) ?? [];
      const propagate = because.some(({ entry, pool }) => entry.propagate && pool === undefined);
      return [privilege, { propagate, because }];
    }),
  );
}

function intersect(own: Held, owner: Held): Held {
  const both = new Map<Privilege, HeldPrivilege>();
  for (const [privilege, { propagate, because }] of own) {
    const backed = owner.get(privilege);
    if (backed === undefined) continue;
    both.set(privilege, {
      propagate: propagate && backed.propagate,
      because: [...because, ...backed.because],
    });
  }
  return both;
}

function cutBy(having: { held: Held }, lacking: { id: AuthId; held: Held }): readonly Cut[] {
  return [...having.held].flatMap(([privilege, { propagate, because }]): Cut[] => {
    const backed = lacking.held.get(privilege);
    const cut = { privilege, lackedBy: lacking.id, because };
    if (backed === undefined) return [{ ...cut, extent: "here" }];
    return propagate && !backed.propagate ? [{ ...cut, extent: "below" }] : [];
  });
}
