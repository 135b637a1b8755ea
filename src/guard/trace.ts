// Which changes can be behind what somebody gains or loses: what a finding on permissions concerns.

import { nodesOf } from "../access/nodes.ts";
import { pathOfPool, pathsOfMembers } from "../model/pool-paths.ts";
import {
  ownerOf,
  subjectKey,
  type AclPath,
  type SubjectKey,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import { groupsByUser } from "../plan/diff.ts";
import type { Change, Plan } from "../plan/plan.ts";
import { getOrAdd } from "../support/maps.ts";

/**
 * The indices of all changes that can have an effect on what these subjects hold, on these paths where some are given.
 * Without them nothing would be different for these subjects there.
 */
export type Trace = (subjects: Iterable<SubjectKey>, paths?: readonly AclPath[]) => readonly number[];

/** Nothing is looked up before something is asked. */
export function traceChanges(plan: Plan): Trace {
  let ready: Behind | undefined;
  return (subjects, paths) => {
    ready ??= behind(plan);
    const { standBehind, rolesOf, pools } = ready;
    const keys = new Set([...subjects].flatMap(standBehind));
    const nodes = paths && new Set<string>(paths.flatMap(nodesOf));
    return plan.changes.flatMap((change, index) =>
      !change.held && isBehind(change, { keys, nodes, rolesOf, pools }) ? [index] : [],
    );
  };
}

interface Behind {
  /** Whose entries count for a subject: its own, its owner's, its groups'. */
  readonly standBehind: (subject: SubjectKey) => readonly string[];
  /** The subjects of a changed role's entries. */
  readonly rolesOf: ReadonlyMap<string, ReadonlySet<string>>;
  readonly pools: ReadonlyMap<string, ChangedPool>;
}

/** The guests and storages that come in or leave, and whose entries reach the pool from above. */
interface ChangedPool {
  readonly moved: readonly AclPath[];
  readonly subjects: ReadonlySet<string>;
}

function behind({ before, after, changes }: Plan): Behind {
  const groups = [groupsByUser(before), groupsByUser(after)];
  const ofUser = (user: UserId): readonly string[] => [
    `user:${user}`,
    ...groups.flatMap((map) => (map.get(user) ?? []).map((group) => `group:${group}`)),
  ];
  const changed = new Set(changes.flatMap(({ kind, name }) => (kind === "Role" ? [name] : [])));
  const rolesOf = new Map<string, Set<string>>();
  for (const { role, subject } of [...before.acl, ...after.acl]) {
    if (changed.has(role)) getOrAdd(rolesOf, role, () => new Set<string>()).add(subjectKey(subject));
  }
  return {
    rolesOf,
    pools: changedPools({ before, after, changes }),
    standBehind: (subject) => {
      const id = subject.slice(subject.indexOf(":") + 1);
      // Proof: the one spelling of a SubjectKey is a subject's kind, a colon and its id.
      if (subject.startsWith("user:")) return ofUser(id as UserId);
      if (subject.startsWith("token:")) return [subject, ...ofUser(ownerOf(id as TokenId))];
      return [subject];
    },
  };
}

function changedPools({
  before,
  after,
  changes,
}: Pick<Plan, "before" | "after" | "changes">): Behind["pools"] {
  const names = new Set(changes.flatMap(({ kind, name }) => (kind === "Pool" ? [name] : [])));
  const pools = new Map<string, ChangedPool>();
  for (const id of new Set([...before.pools.keys(), ...after.pools.keys()])) {
    if (!names.has(id)) continue;
    const [was, is] = [before, after].map((state) => {
      const members = state.pools.get(id)?.members;
      return new Set(members && pathsOfMembers(members));
    });
    const moved = [...new Set([...(was ?? []), ...(is ?? [])])].filter(
      (path) => was?.has(path) !== is?.has(path),
    );
    const nodes = new Set(nodesOf(pathOfPool(id)));
    const entries = [...before.acl, ...after.acl].filter(({ path }) => nodes.has(path));
    pools.set(id, { moved, subjects: new Set(entries.map(({ subject }) => subjectKey(subject))) });
  }
  return pools;
}

interface Wanted {
  readonly keys: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string> | undefined;
  readonly rolesOf: Behind["rolesOf"];
  readonly pools: Behind["pools"];
}

/** What decides of a user's or a token's permissions beside entries. */
const deciding = new Set(["enabled", "expire", "groups", "privilegeSeparation"]);

function isBehind(change: Change, { keys, nodes, rolesOf, pools }: Wanted): boolean {
  switch (change.kind) {
    case "User":
    case "Token":
    case "Group":
      return (
        keys.has(`${change.kind.toLowerCase()}:${change.name}`) &&
        (change.action !== "update" || change.fields.some(({ field }) => deciding.has(field)))
      );
    case "Role":
      return [...(rolesOf.get(change.name) ?? [])].some((subject) => keys.has(subject));
    case "ACL": {
      // No id holds a blank.
      const end = change.name.lastIndexOf(" ");
      const path = change.name.slice(0, end);
      if (!keys.has(change.name.slice(end + 1))) return false;
      // A pool's entries count on its members, wherever they are.
      return nodes === undefined || nodes.has(path) || path.startsWith("/pool/") || path === "/pool";
    }
    // Who may log in where gives nobody a privilege.
    case "Realm":
      return false;
    case "Pool": {
      const { moved = [], subjects } = pools.get(change.name) ?? {};
      const isAsked = moved.some((path) => nodes === undefined || nodes.has(path));
      return isAsked && [...keys].some((key) => subjects?.has(key) === true);
    }
  }
}
