// What somebody else changed between two reads, in words: an error that says only "it moved" helps nobody.

import type { AccessState, Pool, Realm } from "../model/access-state.ts";
import type { AclPath } from "../model/ids.ts";
import { pathOfGuest, pathOfStorage } from "../model/pool-paths.ts";
import { isSameState } from "./compare.ts";
import { diffStates } from "./diff.ts";
import { actionOf, nameOf, type Difference } from "./difference.ts";
import { fieldsOf } from "./fields.ts";

/** As many as a message bears. */
const named = 5;

/**
 * `Group ops was created`, …; empty where both are the same state. `taken` are paths of guests and storages that writes
 * have put into pools since the first read: the server does not list those that do not exist.
 */
export function wordMoves(
  before: AccessState,
  after: AccessState,
  taken: ReadonlySet<AclPath> = new Set(),
): readonly string[] {
  const [had, has] = [comparable(before, after, taken), comparable(after, before)];
  if (isSameState(had, has)) return [];
  const moves = diffStates(had, has).map(wordMove);
  if (moves.length === 0) return ["a realm was changed"];
  const rest = moves.length - named;
  return rest > 0 ? [...moves.slice(0, named), `and ${rest} more`] : moves;
}

/** Which pools a read asks for with their members depends on the entries: what was asked once only can't have moved. */
function comparable(
  state: AccessState,
  other: AccessState,
  taken: ReadonlySet<AclPath> = new Set(),
): AccessState {
  const pools = [...state.pools.values()].map((pool) => asSeenIn(other.pools.get(pool.id), pool, taken));
  const realms = [...state.realms.values()].map((realm) =>
    comparableRealm(realm, other.realms.get(realm.id)),
  );
  return {
    ...state,
    pools: new Map(pools.map((pool) => [pool.id, pool])),
    realms: new Map(realms.map((realm) => [realm.id, realm])),
  };
}

/** What only one of the reads looked at can't have moved. */
function comparableRealm(realm: Realm, other: Realm | undefined): Realm {
  const { options, syncJobs, ...listed } = realm;
  if (other === undefined) return realm;
  return {
    ...listed,
    ...(options && other.options && { options }),
    ...(syncJobs && other.syncJobs && { syncJobs }),
  };
}

function asSeenIn(other: Pool | undefined, pool: Pool, taken: ReadonlySet<AclPath>): Pool {
  const { id, comment, members } = pool;
  if (other === undefined || members === undefined) return pool;
  const seen = other.members;
  if (seen === undefined) return { id, comment };
  const vms = members.vms.filter((vm) => !taken.has(pathOfGuest(vm)) || seen.vms.includes(vm));
  const storages = members.storages.filter(
    (name) => !taken.has(pathOfStorage(name)) || seen.storages.includes(name),
  );
  return { id, comment, members: { vms, storages } };
}

function wordMove(difference: Difference): string {
  const object = `${difference.kind} ${nameOf(difference)}`;
  switch (actionOf(difference)) {
    case "create":
      return `${object} was created`;
    case "delete":
      return `${object} was deleted`;
    case "update":
      return `${object} was changed (${fieldsOf(difference)
        .map(({ field }) => field)
        .join(", ")})`;
  }
}
