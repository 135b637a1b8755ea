// Who gains and who loses what where, and why, from one state to another. Users whose entries are the same share one
// answer; whom the difference does not touch costs a look.

import { authKey, isTokenId, type AclPath, type AuthId, type SubjectKey } from "../model/ids.ts";
import type { AccessState } from "../model/access-state.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { keyHolders } from "./alike.ts";
import { holderOf, nobody } from "./holder.ts";
import type { AccessIndex } from "./lookup.ts";
import { regionsBetween, type Regions } from "./regions.ts";
import type { Standpoint } from "./standpoint.ts";
import { movedMembers } from "./touched-pools.ts";
import { touchBetween } from "./touched.ts";
import { logInOf, type LogIn } from "./usable.ts";

/** Users and tokens for whom the same changes. */
export interface DeltaShare {
  /** Sorted. */
  readonly subjects: readonly SubjectKey[];
  /** Never empty. */
  readonly regions: Regions;
}

export interface AccessDelta {
  /** Sorted by their first subjects. */
  readonly shares: readonly DeltaShare[];
  /** Every path that either state names, those above them and those of pool members, sorted. */
  readonly paths: readonly AclPath[];
}

/** On usable permissions: who cannot log in at the instant has nothing to gain or lose. */
export function accessDelta(before: AccessIndex, after: AccessIndex, nowSeconds: number): AccessDelta {
  const ids = new Set(
    [before, after].flatMap(({ state }) => [...state.users.keys(), ...state.tokens.keys()]),
  );
  return deltaBetween(before, after, ids, (state, id) => logInOf(state, id, nowSeconds));
}

/** On computed permissions, as GET /access/permissions gives them: for users too whom only entries or groups name. */
export function computedDelta(before: AccessIndex, after: AccessIndex): AccessDelta {
  const ids = new Set([before, after].flatMap(namedIds));
  return deltaBetween(before, after, ids, (state, id) =>
    isTokenId(id) && !state.tokens.has(id) ? "absent" : "open",
  );
}

function namedIds({ state }: AccessIndex): readonly AuthId[] {
  const members = [...state.groups.values()].flatMap((group) => group.members);
  const named = state.acl.flatMap(({ subject }) => (subject.kind === "user" ? [subject.id] : []));
  return [...state.users.keys(), ...state.tokens.keys(), ...members, ...named];
}

interface Pair {
  readonly before: Standpoint;
  readonly after: Standpoint;
  readonly subjects: SubjectKey[];
}

function deltaBetween(
  before: AccessIndex,
  after: AccessIndex,
  ids: Iterable<AuthId>,
  logIn: (state: AccessState, id: AuthId) => LogIn,
): AccessDelta {
  const moved = movedMembers(before, after);
  const isTouched = touchBetween(before, after, moved);
  const pairs = new Map<string, Pair>();
  const standpointKey = keyStandpoints();
  for (const id of ids) {
    const [logInBefore, logInAfter] = [logIn(before.state, id), logIn(after.state, id)];
    if (logInBefore !== "open" && logInAfter !== "open") continue;
    if (logInBefore === logInAfter && !isTouched(id)) continue;
    const pair = {
      before: standpointOf(before, id, logInBefore),
      after: standpointOf(after, id, logInAfter),
    };
    const key = `${standpointKey(pair.before)} ${standpointKey(pair.after)}`;
    getOrAdd(pairs, key, () => ({ ...pair, subjects: [] })).subjects.push(authKey(id));
  }
  const shares = [...pairs.values()].map((pair) => ({
    subjects: sortedSet(pair.subjects),
    regions: regionsBetween(pair.before, pair.after, moved),
  }));
  return {
    shares: sortedBy(
      shares.filter(({ regions }) => regions.size > 0),
      ({ subjects }) => subjects[0] ?? "",
    ),
    paths: sortedSet([...before.places.keys(), ...after.places.keys()]),
  };
}

function standpointOf(index: AccessIndex, id: AuthId, logIn: LogIn): Standpoint {
  return { index, logIn, holder: logIn === "open" ? holderOf(index, id) : nobody };
}

/** Equal keys for those of one state who stand alike. The holders of both states are numbered together. */
function keyStandpoints(): (standpoint: Standpoint) => string {
  const holderKey = keyHolders();
  return ({ logIn, holder }) => `${logIn}:${holderKey(holder)}`;
}
