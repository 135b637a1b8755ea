// What of a server is exported: what is in the target's scope, within --scope, and named by --only where that is given.

import { InvalidArgumentError } from "commander";
import type { Extent } from "../export/exported.ts";
import type { AccessState } from "../model/access-state.ts";
import { subjectKey } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import type { Scope, Target } from "../model/target.ts";
import { ownershipOf } from "../plan/ownership.ts";
import { pairName } from "../plan/pairs.ts";
import type { Selector } from "../plan/select.ts";
import { compileGlobs, type GlobSet } from "../support/glob.ts";
import { getOrAdd } from "../support/maps.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";

const scopeKinds = ["users", "groups", "roles", "tokens", "pools", "realms", "paths", "subjects"] as const;

type ScopeKind = (typeof scopeKinds)[number];

/** `users=*@pve`, or with a `!` what is left out: `users=!backup@pve`. */
export interface ScopeWord {
  readonly kind: ScopeKind;
  readonly glob: string;
  readonly isExcluded: boolean;
}

export function parseScopeWord(text: string): ScopeWord {
  const [, name = "", mark = "", glob = ""] = /^([a-z]+)=(!?)([^!].*)$/su.exec(text) ?? [];
  const kind = scopeKinds.find((known) => known === name);
  if (kind === undefined)
    throw new InvalidArgumentError(
      `It takes KIND=GLOB, or KIND=!GLOB for what to leave out, as users=*@pve; kinds are ${scopeKinds.join(", ")}.`,
    );
  return { kind, glob, isExcluded: mark === "!" };
}

export interface ExtentOptions {
  readonly scope?: readonly ScopeWord[];
  readonly only?: readonly Selector[];
}

/** Everything but built-ins and directory objects, as a Target says that says nothing. */
const everything: Scope = {
  users: all(),
  groups: all(),
  roles: all(),
  tokens: all(),
  pools: all(),
  realms: all(),
  acl: { paths: all(), subjects: all() },
  directories: [],
};

function all(): GlobSet {
  return { include: ["**"], exclude: [] };
}

export function extentOf(
  target: Target | undefined,
  state: AccessState,
  product: Product,
  { scope = [], only }: ExtentOptions,
): Extent {
  const bounds = target ?? { scope: everything, safety: { protect: [] } };
  const ownership = ownershipOf(bounds, [], { state }, product);
  const within = narrowed(scope);
  // Not ownership's: of the built-in ones there is something to declare, too.
  const realms = compileGlobs(bounds.scope.realms);
  const chosen = only && choiceOf(only);
  const takes = (kind: Selector["kind"], name: string): boolean => chosen?.get(kind)?.has(name) ?? !chosen;
  return {
    user: (user) => ownership.userInScope(user) && within.users(user) && takes("User", user),
    group: (group) => ownership.groupInScope(group) && within.groups(group) && takes("Group", group),
    role: (role) => ownership.roleInScope(role) && within.roles(role) && takes("Role", role),
    token: (token) => ownership.tokenInScope(token) && within.tokens(token) && takes("Token", token),
    pool: (pool) => ownership.poolInScope(pool) && within.pools(pool) && takes("Pool", pool),
    realm: (realm) => realms(realm) && within.realms(realm) && takes("Realm", realm),
    pair: (path, subject) =>
      ownership.pairInScope(path, subject) &&
      within.paths(path) &&
      within.subjects(subjectKey(subject)) &&
      (takes("ACL", pairName(path, subject)) || takes("ACL", path)),
    isLeftAlone: (user) => ownership.isSuperuser(user) || ownership.userExcluded(user),
    isDirectoryUser: ownership.isDirectoryUser,
    isDirectoryGroup: ownership.isDirectoryGroup,
  };
}

function narrowed(words: readonly ScopeWord[]): Readonly<Record<ScopeKind, (text: string) => boolean>> {
  const globsOf = (kind: ScopeKind): ((text: string) => boolean) => {
    const own = words.filter((word) => word.kind === kind);
    const include = own.filter(({ isExcluded }) => !isExcluded).map(({ glob }) => glob);
    const exclude = own.filter(({ isExcluded }) => isExcluded).map(({ glob }) => glob);
    return compileGlobs({ include: include.length === 0 ? ["**"] : include, exclude });
  };
  return {
    users: globsOf("users"),
    groups: globsOf("groups"),
    roles: globsOf("roles"),
    tokens: globsOf("tokens"),
    pools: globsOf("pools"),
    realms: globsOf("realms"),
    paths: globsOf("paths"),
    subjects: globsOf("subjects"),
  };
}

function choiceOf(selectors: readonly Selector[]): ReadonlyMap<Selector["kind"], ReadonlySet<string>> {
  const names = new Map<Selector["kind"], Set<string>>();
  for (const { kind, name } of selectors) getOrAdd(names, kind, () => new Set<string>()).add(name);
  return names;
}

/** Whoever names something wants it: that it is not there, or not in scope, is not passed over. */
export function refuseUnknown(only: readonly Selector[], state: AccessState, extent: Extent): void {
  const unknown = only.filter((selector) => !isExported(selector, state, extent));
  const [first] = unknown;
  if (first === undefined) return;
  if (first.kind === "Membership")
    throw new Failure(
      "--only names a membership, and those are exported with their group",
      exitStatus.error,
      "name the group, as Group/operators",
    );
  const names = unknown.map(({ kind, name }) => `${kind}/${name}`).join(", ");
  const hint =
    first.kind === "ACL"
      ? "entries are named by their path, or by path and subject: ACL//vms, 'ACL//vms group:operators'"
      : "built-ins and directory objects are not, nor is what the target's scope leaves out";
  throw new Failure(
    `--only names what is not on the server, or not to be exported: ${names}`,
    exitStatus.error,
    hint,
  );
}

function isExported({ kind, name }: Selector, state: AccessState, extent: Extent): boolean {
  const has = <Id extends string>(ids: Iterable<Id>, isIn: (id: Id) => boolean): boolean =>
    [...ids].some((id) => id === name && isIn(id));
  switch (kind) {
    case "User":
      return has(state.users.keys(), extent.user);
    case "Group":
      return has(state.groups.keys(), extent.group);
    case "Role":
      return has(state.roles.keys(), extent.role);
    case "Token":
      return has(state.tokens.keys(), extent.token);
    case "Pool":
      return has(state.pools.keys(), extent.pool);
    case "Realm":
      return has(state.realms.keys(), extent.realm);
    case "Membership":
      return false;
    case "ACL":
      return state.acl.some(
        ({ path, subject }) =>
          (path === name || pairName(path, subject) === name) && extent.pair(path, subject),
      );
  }
}
