// How one identity stands in one state, and what changes for it at a place when the state does.

import type { Privilege } from "../model/ids.ts";
import { compareText, sortedBy } from "../support/compare.ts";
import { noChange, type Cause, type PrivilegeChange } from "./cause.ts";
import { privilegesAt, type Holder, type Party } from "./holder.ts";
import { administrator, type AccessIndex, type Place } from "./lookup.ts";
import { givingCauses, partyCauses, roleCauses } from "./party-causes.ts";
import type { LogIn } from "./usable.ts";
import { wordCause } from "./words.ts";

/** The holder of who cannot log in is nobody. */
export interface Standpoint {
  readonly index: AccessIndex;
  readonly logIn: LogIn;
  readonly holder: Holder;
}

/** A standpoint, looking at a place of its state. */
export interface View extends Standpoint {
  readonly place: Place;
}

/** `noChange` itself where there is none. */
export function changeBetween(before: View, after: View): PrivilegeChange {
  const had = privilegesAt(before.index, before.holder, before.place);
  const has = privilegesAt(after.index, after.holder, after.place);
  const gained = [...has.keys()].filter((name) => !had.has(name)).sort(compareText);
  const lost = [...had.keys()].filter((name) => !has.has(name)).sort(compareText);
  if (gained.length === 0 && lost.length === 0) return noChange;
  return { gained, lost, because: distinct(causesBetween({ gained, lost }, before, after)) };
}

type Difference = Pick<PrivilegeChange, "gained" | "lost">;

function causesBetween(difference: Difference, before: View, after: View): readonly Cause[] {
  if (before.logIn !== after.logIn) {
    const logIn: Cause = { kind: "log-in", before: before.logIn, after: after.logIn };
    return [logIn, ...grantsOf(difference.gained, after)];
  }
  return [
    ...separationCauses(before, after),
    ...superuserCauses(difference, before, after),
    ...partiesOf(after.holder).flatMap((party) => {
      const earlier = partiesOf(before.holder).find(({ of }) => of === party.of);
      return earlier === undefined
        ? []
        : partyCauses(difference, { ...before, party: earlier }, { ...after, party });
    }),
  ];
}

/** For who could do nothing before: what gives the privileges now, as if nothing of it had been there. */
function grantsOf(gained: readonly Privilege[], after: View): readonly Cause[] {
  return partiesOf(after.holder).flatMap((party) => givingCauses(gained, { ...after, party }));
}

function separationCauses(before: View, after: View): readonly Cause[] {
  const separated = isSeparated(after.holder);
  return isSeparated(before.holder) === separated ? [] : [{ kind: "separation", separated }];
}

function superuserCauses({ gained, lost }: Difference, before: View, after: View): readonly Cause[] {
  const isSuperuser = before.holder.kind === "superuser" && after.holder.kind === "superuser";
  return isSuperuser ? roleCauses(administrator, [...gained, ...lost], before.index, after.index) : [];
}

function partiesOf(holder: Holder): readonly Party[] {
  return holder.kind === "parties" ? holder.parties : [];
}

function isSeparated(holder: Holder): boolean {
  return partiesOf(holder).some(({ of, subject }) => of === "self" && subject.kind === "token");
}

/** In the order in which they are told. */
const ranks: Readonly<Record<Cause["kind"], number>> = {
  "log-in": 0,
  separation: 1,
  membership: 2,
  pool: 3,
  role: 4,
  counts: 5,
  revoked: 6,
  unpropagated: 7,
  replaced: 8,
};

function distinct(causes: readonly Cause[]): readonly Cause[] {
  const byKey = new Map(causes.map((cause) => [`${ranks[cause.kind]} ${wordCause(cause)}`, cause]));
  return sortedBy(byKey, ([key]) => key).map(([, cause]) => cause);
}
