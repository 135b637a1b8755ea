// In: the two ends of a plan. Out: whether an order of writes exists in which nobody ever holds too much or too little,
// and the least number of writes that does it, found by trying all of them. Must not know: how a plan finds its order.
//
// Every write leads towards the second end: an object is made, changed or deleted, some memberships of a user change,
// some subjects are granted or lose some roles on a path. Helper objects are not among them.

import { effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import { isUsable } from "../../src/access/usable.ts";
import type { AccessState, AclEntry, Token, User } from "../../src/model/access-state.ts";
import {
  ownerOf,
  subjectKey,
  type AclPath,
  type AuthId,
  type GroupId,
  type RoleId,
  type Subject,
  type UserId,
} from "../../src/model/ids.ts";
import { pve } from "../../src/model/pve.ts";
import type { Write } from "../../src/plan/plan.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { sameTexts, sortedSet } from "../../src/support/compare.ts";
import { aDelivery } from "./desired-builders.ts";
import { subjectExists } from "../../src/model/subjects.ts";

export interface Ends {
  readonly before: AccessState;
  readonly after: AccessState;
  readonly nowSeconds: number;
}

/** Which faults an order may have on its way. */
export type Allowed = "none" | "gaps" | "all";

export type Found =
  { readonly kind: "order"; readonly writes: readonly Write[] } | { readonly kind: "none" | "unknown" };

interface Reached {
  readonly state: AccessState;
  readonly writes: readonly Write[];
}

/** The shortest order with no other faults than those allowed; unknown where more states than `mostStates` are met. */
export function leastOrder(ends: Ends, allowed: Allowed, mostStates = 4000): Found {
  const isAllowed = judgeOf(ends, allowed);
  const goal = stateKey(ends.after);
  const seen = new Set([stateKey(ends.before)]);
  if (seen.has(goal)) return { kind: "order", writes: [] };
  let layer: readonly Reached[] = [{ state: ends.before, writes: [] }];
  while (layer.length > 0) {
    const next: Reached[] = [];
    for (const { key, reached } of layer.flatMap((from) => stepsFrom(from, ends.after))) {
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > mostStates) return { kind: "unknown" };
      if (!isAllowed(reached.state)) continue;
      if (key === goal) return { kind: "order", writes: reached.writes };
      next.push(reached);
    }
    layer = next;
  }
  return { kind: "none" };
}

function stepsFrom(
  { state, writes }: Reached,
  goal: AccessState,
): readonly { readonly key: string; readonly reached: Reached }[] {
  return writesTowards(state, goal).map((write) => {
    const next = applyWrite(state, write);
    return { key: stateKey(next), reached: { state: next, writes: [...writes, write] } };
  });
}

function judgeOf(ends: Ends, allowed: Allowed): (state: AccessState) => boolean {
  if (allowed === "all") return () => true;
  const faults = faultsBetween(ends);
  return (state) => faults(state).every(({ kind }) => allowed === "gaps" && kind === "gap");
}

export interface Fault {
  readonly kind: "excess" | "gap";
  readonly what: string;
}

/** What is wrong with a state between the two ends, looked at on every path that one of them or it names. */
export function faultsBetween({ before, after, nowSeconds }: Ends): (state: AccessState) => readonly Fault[] {
  const paths = pathsOf([before, after]);
  const [had, will] = [heldIn(before, paths, nowSeconds), heldIn(after, paths, nowSeconds)];
  return (state) => {
    const has = heldIn(state, paths, nowSeconds);
    const excess = [...has].filter((row) => !had.has(row) && !will.has(row));
    const gaps = [...had].filter((row) => will.has(row) && !has.has(row));
    return [
      ...excess.map((what) => ({ kind: "excess" as const, what })),
      ...gaps.map((what) => ({ kind: "gap" as const, what })),
    ];
  };
}

/** Paths with entries, guests and storages in pools, and a fresh child of each. */
function pathsOf(states: readonly AccessState[]): readonly string[] {
  const paths = states.flatMap(({ acl, pools }) => [
    ...acl.map(({ path }): string => path),
    ...[...pools.values()].flatMap(({ members }) => [
      ...(members?.vms ?? []).map((id) => `/vms/${id}`),
      ...(members?.storages ?? []).map((id) => `/storage/${id}`),
    ]),
  ]);
  return sortedSet(paths.flatMap((path) => [path, `${path === "/" ? "" : path}/fresh`]));
}

/** `joe@pve /vms VM.Audit` of everybody who can log in. */
function heldIn(state: AccessState, paths: readonly string[], nowSeconds: number): ReadonlySet<string> {
  const index = indexAccess(state);
  const ids: AuthId[] = [...state.users.keys(), ...state.tokens.keys()];
  return new Set(
    ids
      .filter((id) => id !== pve.superuser && isUsable(state, id, nowSeconds))
      .flatMap((id) =>
        paths.flatMap((path) =>
          [...effectivePrivileges(index, id, path).keys()].map((name) => `${id} ${path} ${name}`),
        ),
      ),
  );
}

function stateKey({ users, groups, roles, tokens, acl }: AccessState): string {
  const rows = acl.map(
    ({ path, subject, role, propagate }) => `${path} ${subjectKey(subject)} ${role} ${propagate}`,
  );
  return JSON.stringify([
    [...users.values()].map(textOf).sort(),
    [...groups.values()].map(({ id, members }) => [id, ...members].join()).sort(),
    [...roles.values()]
      .filter(({ builtIn }) => !builtIn)
      .map(({ id, privileges }) => [id, ...privileges].join())
      .sort(),
    [...tokens.values()].map(textOf).sort(),
    rows.sort(),
  ]);
}

function textOf(value: User | Token): string {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function writesTowards(state: AccessState, goal: AccessState): readonly Write[] {
  return [
    ...roleWrites(state, goal),
    ...groupWrites(state, goal),
    ...userWrites(state, goal),
    ...tokenWrites(state, goal),
    ...aclWrites(state, goal),
  ];
}

function roleWrites(state: AccessState, goal: AccessState): Write[] {
  const wanted = [...goal.roles.values()].flatMap((role): Write[] => {
    const now = state.roles.get(role.id);
    if (now === undefined) return [{ kind: "create-role", role }];
    return sameTexts(now.privileges, role.privileges) ? [] : [{ kind: "update-role", role }];
  });
  return [
    ...wanted,
    ...missingIn(goal.roles, state.roles).map((id) => ({ kind: "delete-role", id }) as const),
  ];
}

function groupWrites(state: AccessState, goal: AccessState): Write[] {
  return [
    ...missingIn(state.groups, goal.groups).map(
      (id) => ({ kind: "create-group", group: { id, comment: "", members: [] } }) as const,
    ),
    ...missingIn(goal.groups, state.groups).map((id) => ({ kind: "delete-group", id }) as const),
  ];
}

function userWrites(state: AccessState, goal: AccessState): Write[] {
  const writes: Write[] = missingIn(goal.users, state.users).map((id) => ({ kind: "delete-user", id }));
  for (const user of goal.users.values()) {
    const now = state.users.get(user.id);
    const [has, wanted] = [groupsOf(state, user.id), groupsOf(goal, user.id)];
    if (now === undefined) {
      const groups = wanted.filter((id) => state.groups.has(id));
      writes.push({ kind: "create-user", user, groups });
      continue;
    }
    const { id, ...fields } = user;
    const sets = textOf(now) === textOf(user) ? [{}] : [{}, fields];
    // Leaving a group that goes away is left to its deletion, too.
    const moves = [...has, ...wanted].filter((group) => has.includes(group) !== wanted.includes(group));
    const possible = [...new Set(moves)].filter((group) => state.groups.has(group));
    for (const moved of subsetsOf(possible)) {
      const groups = sortedSet([
        ...has.filter((group) => !moved.includes(group)),
        ...moved.filter((group) => wanted.includes(group)),
      ]);
      for (const set of sets) {
        writes.push({ kind: "update-user", id, set, ...(moved.length > 0 && { groups }) });
      }
    }
  }
  return writes;
}

function tokenWrites(state: AccessState, goal: AccessState): Write[] {
  const writes: Write[] = missingIn(goal.tokens, state.tokens).map((id) => ({ kind: "delete-token", id }));
  for (const token of goal.tokens.values()) {
    const now = state.tokens.get(token.id);
    const { id, ...set } = token;
    if (now === undefined) {
      if (state.users.has(ownerOf(id)))
        writes.push({ kind: "create-token", token, deliveries: [aDelivery()] });
    } else if (textOf(now) !== textOf(token)) writes.push({ kind: "update-token", id, set });
  }
  return writes;
}

/** Every set of subjects with every set of roles on a path, as far as it writes nothing that is not wanted at the end. */
function aclWrites(state: AccessState, goal: AccessState): Write[] {
  const paths = sortedSet([...state.acl, ...goal.acl].map(({ path }) => path));
  return paths.flatMap((path) => aclWritesOn(path, cellsOn(path, state), cellsOn(path, goal), state));
}

type Cells = ReadonlyMap<string, AclEntry>;

function cellsOn(path: AclPath, { acl }: AccessState): Cells {
  return new Map(acl.filter((entry) => entry.path === path).map((entry) => [cellKey(entry), entry]));
}

function cellKey({ subject, role }: { readonly subject: Subject; readonly role: RoleId }): string {
  return `${subjectKey(subject)} ${role}`;
}

function aclWritesOn(path: AclPath, now: Cells, goal: Cells, state: AccessState): Write[] {
  const entries = [...now.values(), ...goal.values()].filter(
    ({ subject, role }) => subjectExists(subject, state) && state.roles.has(role),
  );
  const subjects = [...new Map(entries.map(({ subject }) => [subjectKey(subject), subject])).values()];
  const roles = [...new Set(entries.map(({ role }) => role))];
  return rectanglesOf(subjects, roles).flatMap((rectangle): Write[] => {
    const cells = rectangle.subjects.flatMap((subject) =>
      rectangle.roles.map((role) => cellKey({ subject, role })),
    );
    const grants = [true, false]
      .filter((flag) => mayGrant(cells, flag, { now, goal }))
      .map((propagate) => ({ kind: "grant", path, ...rectangle, propagate }) as const);
    const isRevoke = cells.every((key) => !goal.has(key)) && cells.some((key) => now.has(key));
    return isRevoke ? [...grants, { kind: "revoke", path, ...rectangle }] : grants;
  });
}

/** Something is granted that is wanted, and all else in the rectangle is granted already. */
function mayGrant(
  cells: readonly string[],
  flag: boolean,
  { now, goal }: { readonly now: Cells; readonly goal: Cells },
): boolean {
  const isWanted = (key: string): boolean => goal.get(key)?.propagate === flag;
  const isGranted = (key: string): boolean => now.get(key)?.propagate === flag;
  return (
    cells.every((key) => isWanted(key) || isGranted(key)) &&
    cells.some((key) => isWanted(key) && !isGranted(key))
  );
}

function rectanglesOf(
  subjects: readonly Subject[],
  roles: readonly RoleId[],
): readonly { readonly subjects: readonly Subject[]; readonly roles: readonly RoleId[] }[] {
  const sets = subsetsOf(roles).filter(({ length }) => length > 0);
  return subsetsOf(subjects)
    .filter(({ length }) => length > 0)
    .flatMap((some) => sets.map((few) => ({ subjects: some, roles: few })));
}

function groupsOf({ groups }: AccessState, user: UserId): readonly GroupId[] {
  return sortedSet([...groups.values()].filter(({ members }) => members.includes(user)).map(({ id }) => id));
}

/** Keys of the second that the first lacks. */
function missingIn<K>(map: ReadonlyMap<K, unknown>, other: ReadonlyMap<K, unknown>): K[] {
  return [...other.keys()].filter((key) => !map.has(key));
}

function subsetsOf<T>(values: readonly T[]): readonly (readonly T[])[] {
  return values.reduce<readonly (readonly T[])[]>(
    (subsets, value) => [...subsets, ...subsets.map((subset) => [...subset, value])],
    [[]],
  );
}
