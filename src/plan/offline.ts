// The state that manifests lead to on a server that nobody looked at.

import type { AccessState, Group, Pool, Token, User } from "../model/access-state.ts";
import type { DesiredState, Ensure } from "../model/desired.ts";
import {
  ownerOf,
  type GroupId,
  type PoolId,
  type Privilege,
  type RoleId,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import { poolFeaturesOf } from "../model/pool-features.ts";
import { parentOf } from "../model/pool-paths.ts";
import type { Product } from "../model/product.ts";
import { settle } from "./make-plan.ts";
import { ownershipOf, type Ownership } from "./ownership.ts";
import { noRemarks } from "./settling.ts";

/** A server as it comes. */
export interface Fresh {
  readonly state: AccessState;
  readonly version: string;
  readonly privileges: ReadonlySet<Privilege>;
}

/**
 * What only a server could settle is taken as the manifests have it: users, groups and tokens that they mention and
 * nobody declares are there, with nothing that the manifests don't say, and so are roles, of which is then not known
 * what they hold.
 */
export function stateOffline(
  desired: DesiredState,
  fresh: Fresh,
  product: Product,
  nowSeconds: number,
): AccessState {
  const state = withMentioned(fresh.state, desired);
  const live = {
    version: fresh.version,
    caller: product.superuser,
    callerPermissions: new Map(),
    state,
    supportedPrivileges: fresh.privileges,
    incomplete: [],
  };
  const kept = withoutPrune(desired);
  const ownershipWith = (realms: AccessState["realms"]): Ownership =>
    ownershipOf(kept.target, [], { ...live, state: { ...state, realms } }, product);
  const { wanted } = settle(
    {
      desired: kept,
      live: state,
      supported: fresh.privileges,
      product,
      ownership: ownershipWith(state.realms),
      // A pool of whatever name may be there since an older release.
      poolFeatures: { ...poolFeaturesOf(fresh.version), nested: true, letterFirst: false },
      hiddenMembers: new Set(),
      nowSeconds,
      asked: new Set(),
      askedRealms: new Set(),
      version: fresh.version,
      notInSink: new Set(),
      refusedPasswords: new Set(),
      regenerates: !product.lacksRegenerate(fresh.version),
      keepsTokenComments: false,
    },
    ownershipWith,
    noRemarks(),
  );
  return wanted;
}

/** What is mentioned and not declared would be pruned, where it would not be live at all. */
function withoutPrune(desired: DesiredState): DesiredState {
  const prune = {
    users: false,
    groups: false,
    roles: false,
    acl: false,
    tokens: false,
    pools: false,
    realms: false,
  };
  return { ...desired, target: { ...desired.target, prune } };
}

interface Mentioned {
  readonly users: Set<UserId>;
  readonly groups: Set<GroupId>;
  readonly roles: Set<RoleId>;
  readonly tokens: Set<TokenId>;
  readonly pools: Set<PoolId>;
}

function withMentioned(state: AccessState, desired: DesiredState): AccessState {
  const { users, groups, roles, tokens, pools } = mentionedIn(desired);
  // What the annotation leaves alone is there, too, in whatever state.
  const missing = <Id>(
    ids: Set<Id>,
    declared: ReadonlyMap<Id, { readonly ensure: Ensure }>,
    live: ReadonlyMap<Id, unknown>,
  ): Id[] => [...ids].filter((id) => !live.has(id) && (declared.get(id)?.ensure ?? "ignored") === "ignored");
  return {
    ...state,
    users: new Map([
      ...state.users,
      ...missing(users, desired.users, state.users).map((id) => [id, bareUser(id)] as const),
    ]),
    groups: new Map([
      ...state.groups,
      ...missing(groups, desired.groups, state.groups).map((id) => [id, bareGroup(id)] as const),
    ]),
    roles: new Map([
      ...state.roles,
      ...missing(roles, desired.roles, state.roles).map(
        (id) => [id, { id, privileges: [], builtIn: false }] as const,
      ),
    ]),
    tokens: new Map([
      ...state.tokens,
      ...missing(tokens, desired.tokens, state.tokens).map((id) => [id, bareToken(id)] as const),
    ]),
    pools: new Map([
      ...state.pools,
      ...missing(pools, desired.pools, state.pools).map((id) => [id, barePool(id)] as const),
    ]),
  };
}

function mentionedIn({ users, groups, memberships, roles, acl, tokens, pools }: DesiredState): Mentioned {
  const subjects = acl.flatMap(({ subject, ensure }) => (ensure === "present" ? [subject] : []));
  const entryTokens = subjects.flatMap((subject) => (subject.kind === "token" ? [subject.id] : []));
  return {
    users: new Set([
      ...[...groups.values()].flatMap(({ members = [] }) => members),
      ...memberships.map(({ user }) => user),
      ...subjects.flatMap((subject) => (subject.kind === "user" ? [subject.id] : [])),
      ...[...tokens.keys(), ...entryTokens].map(ownerOf),
    ]),
    groups: new Set([
      ...[...users.values()].flatMap(({ groups: joined = [] }) => joined),
      ...memberships.map(({ group }) => group),
      ...subjects.flatMap((subject) => (subject.kind === "group" ? [subject.id] : [])),
    ]),
    roles: new Set([
      ...acl.flatMap(({ grants }) => grants.map(({ role }) => role)),
      ...[...roles.values()].flatMap(({ includes }) => includes),
    ]),
    tokens: new Set(entryTokens),
    pools: new Set(
      [...pools.values()].flatMap(({ id, ensure }) => (ensure === "present" ? ancestorsOf(id) : [])),
    ),
  };
}

/** The pools that a nested one is in, the outermost first. */
function ancestorsOf(pool: PoolId): readonly PoolId[] {
  const parent = parentOf(pool);
  return parent === undefined ? [] : [...ancestorsOf(parent), parent];
}

function barePool(id: PoolId): Pool {
  return { id, comment: "", members: { vms: [], storages: [] } };
}

function bareUser(id: UserId): User {
  return { id, enabled: true, expire: 0, firstName: "", lastName: "", email: "", comment: "" };
}

function bareGroup(id: GroupId): Group {
  return { id, comment: "", members: [] };
}

function bareToken(id: TokenId): Token {
  return { id, privilegeSeparation: true, expire: 0, comment: "" };
}
