// In: the desired state, the live state, who calls. Out: the plan. Must not know: a client, the clock, how it is shown.
// The recipe of planning: settle what should be, compare, hold, order.

import { accessDelta, type AccessDelta } from "../access/delta.ts";
import { indexAccess } from "../access/lookup.ts";
import type { AccessState } from "../model/access-state.ts";
import type { DesiredState } from "../model/desired.ts";
import type { AclPath, AuthId, RealmId, TokenId, UserId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import { poolFeaturesOf } from "../model/pool-features.ts";
import type { Product } from "../model/product.ts";
import { sortedBy } from "../support/compare.ts";
import { findForeignCascades } from "./cascade.ts";
import { composeState, entriesOf } from "./compose.ts";
import { diffStates } from "./diff.ts";
import { keyOf } from "./difference.ts";
import { hiddenMembers } from "./hidden-members.ts";
import { draftOperations } from "./operations.ts";
import { ownershipOf, type Ownership } from "./ownership.ts";
import { pairName, pairsOf } from "./pairs.ts";
import type { Plan, Unmanaged } from "./plan.ts";
import { changeFor, findingsFrom } from "./present.ts";
import { proveOrder } from "./prove-order.ts";
import { lockingFactors, removedEntries, strandedUsers, unseenJobs } from "./realm-notes.ts";
import { hasSameRealms } from "./realm-ties.ts";
import { rotationsOf } from "./renewal.ts";
import { isKnown, selectedKeys, selectOnly, spreadHeld, tiesOf, type Selector } from "./select.ts";
import { settlePairs } from "./settle-acl.ts";
import { settleMembers } from "./settle-members.ts";
import { settleGroups, settleUsers } from "./settle-objects.ts";
import { settleRoles } from "./settle-roles.ts";
import { settlePools } from "./settle-pools.ts";
import { settleRealms } from "./settle-realms.ts";
import { settleTokens } from "./settle-tokens.ts";
import { changeKey, noRemarks, type ChangeKey, type Note, type Remarks, type Settling } from "./settling.ts";
import { replacedIn } from "./steps.ts";
import { tokenGaps } from "./token-gap.ts";
import { unenforceablePasswords } from "./unenforceable.ts";

export interface PlanInput {
  readonly desired: DesiredState;
  readonly live: LiveState;
  readonly product: Product;
  /** The identity that applies: guards and order judge as this one. */
  readonly caller: AuthId;
  /** All identities that the target's credentials name. */
  readonly callers: readonly AuthId[];
  /** Who can't log in at this instant holds nothing. Seconds since the epoch. */
  readonly nowSeconds: number;
  /** Only these and what they depend on; all where undefined. */
  readonly only?: readonly Selector[];
  /** Tokens that a person wants to have a new secret now. */
  readonly asked?: ReadonlySet<TokenId>;
  /** Realms whose secrets a person wants to have set now. */
  readonly askedRealms?: ReadonlySet<RealmId>;
  /** What apply looked at before; plan does not. */
  readonly found?: Found;
  /** Paths of guests and storages that a pool has taken in since: what it does not list of them, the server hides. */
  readonly taken?: ReadonlySet<AclPath>;
  /** Changes that are to wait, with what depends on them: what a guard said of an earlier plan. */
  readonly held?: ReadonlySet<ChangeKey>;
}

/** What only apply looks at: sinks, log-ins, and what the server says to a try that can't succeed. */
export interface Found {
  /** Tokens whose secret a sink does not hold. */
  readonly notInSink: ReadonlySet<TokenId>;
  /** Users whose declared password the server refuses. */
  readonly refusedPasswords: ReadonlySet<UserId>;
  /** Whether a token can be given a new secret in place; undefined where it was not tried. */
  readonly regenerates?: boolean;
}

export function makePlan(input: PlanInput): Plan {
  const { desired, live, product } = input;
  const before = withoutSuperuserEntries(live.state, product);
  const remarks = noRemarks();
  const ownershipWith = (realms: AccessState["realms"]): Ownership =>
    ownershipOf(desired.target, input.callers, { ...live, state: { ...live.state, realms } }, product);
  const first = settlingFor(input, before, ownershipWith(before.realms));
  const { settling, wanted } = settle(first, ownershipWith, remarks);
  const { ownership } = first;
  remarks.notes.push(
    ...findForeignCascades(before, wanted, settling),
    ...undeclaredKinds(remarks.unmanaged),
    ...unenforceablePasswords(desired),
    ...strandedUsers({ before, wanted }, settling, input.caller),
    ...lockingFactors({ before, wanted }, settling, input.caller),
    ...unseenJobs({ before, wanted }, settling),
    ...removedEntries(wanted, settling),
  );

  const all = diffStates(before, wanted, remarks);
  const ties = tiesOf(all, { before, after: wanted });
  const held = spreadHeld(new Set([...remarks.held, ...(input.held ?? [])]), ties);
  const chosen = input.only && selectOnly(input.only, desired, ties);
  for (const selector of input.only ?? []) {
    if (!isKnown(selector, desired, ties)) remarks.notes.push(unknownSelector(selector));
  }
  const shown = chosen ? all.filter((difference) => chosen.has(keyOf(difference))) : all;
  const taken = shown.filter((difference) => !held.has(keyOf(difference)));
  const after =
    taken.length === 0
      ? before
      : taken.length === all.length
        ? wanted
        : composeState({ before, after: wanted }, new Set(taken.map(keyOf)));

  const indices = new Map(shown.map((difference, index) => [keyOf(difference), index]));
  const numbered = shown.flatMap((difference, index) =>
    held.has(keyOf(difference)) ? [] : [{ ...difference, index }],
  );
  const { nowSeconds, caller } = input;
  const ends = { before, after, nowSeconds, caller, superuser: product.superuser };
  const draft = draftOperations(numbered, { ...ends, desired, poolFeatures: settling.poolFeatures });
  const replaced = replacedIn(draft);
  const regranted = regrantedWith(replaced, after, indices);
  const proved = proveOrder(draft, { ...ends, replaced }, (key) => indices.get(key) ?? regranted.get(key));
  remarks.notes.push(...proved.notes, ...tokenGaps(proved.operations, live.version));
  return {
    target: desired.target.name,
    product: product.name,
    version: live.version,
    caller,
    changes: shown.map((difference) => changeFor(difference, { desired, remarks, held })),
    operations: proved.operations,
    accessDelta: deltaOf(before, after, nowSeconds),
    findings: findingsFrom(remarks.notes, indices, input.only && selectedKeys(input.only, desired)),
    unmanaged: sortedBy(remarks.unmanaged, ({ kind, name }) => `${kind} ${name}`),
    rotations: rotationsOf(desired.tokens, after.tokens),
    boundaries: input.only ? boundariesOf(input.only, desired) : desired.boundaries,
    inScope: countInScope(before, ownership),
    before,
    after,
  };
}

function settlingFor(
  { desired, live, product, nowSeconds, asked, askedRealms, found, taken }: PlanInput,
  before: AccessState,
  ownership: Ownership,
): Settling {
  return {
    desired,
    live: before,
    supported: live.supportedPrivileges,
    product,
    ownership,
    nowSeconds,
    asked: asked ?? new Set(),
    askedRealms: askedRealms ?? new Set(),
    version: live.version,
    notInSink: found?.notInSink ?? new Set(),
    refusedPasswords: found?.refusedPasswords ?? new Set(),
    regenerates: found?.regenerates ?? !product.lacksRegenerate(live.version),
    keepsTokenComments: product.keepsTokenComments(live.version),
    poolFeatures: poolFeaturesOf(live.version),
    hiddenMembers: declaresMembers(desired) ? hiddenMembers(live, taken) : new Set(),
  };
}

function declaresMembers({ pools }: DesiredState): boolean {
  return [...pools.values()].some(({ vms = [], storages = [] }) => vms.length + storages.length > 0);
}

/** The entries that a token gets back when it is made again are of its own change. */
function regrantedWith(
  replaced: ReadonlySet<AuthId>,
  { acl }: AccessState,
  indices: ReadonlyMap<ChangeKey, number>,
): ReadonlyMap<ChangeKey, number> {
  if (replaced.size === 0) return new Map();
  return new Map(
    acl.flatMap(({ path, subject }) => {
      if (subject.kind !== "token" || !replaced.has(subject.id)) return [];
      const index = indices.get(changeKey("Token", subject.id));
      return index === undefined ? [] : [[changeKey("ACL", pairName(path, subject)), index] as const];
    }),
  );
}

/** Nothing is indexed where nothing changes: that is what most passes find. */
function deltaOf(before: AccessState, after: AccessState, nowSeconds: number): AccessDelta {
  if (before === after) return { shares: [], paths: [] };
  return accessDelta(indexAccess(before), indexAccess(after), nowSeconds);
}

function countInScope(
  { users, groups, roles, tokens, pools, realms }: AccessState,
  ownership: Ownership,
): Plan["inScope"] {
  const count = <K>(map: ReadonlyMap<K, unknown>, isIn: (key: K) => boolean): number =>
    [...map.keys()].filter(isIn).length;
  return {
    User: count(users, ownership.userInScope),
    Group: count(groups, ownership.groupInScope),
    Role: count(roles, ownership.roleInScope),
    Token: count(tokens, ownership.tokenInScope),
    Pool: count(pools, ownership.poolInScope),
    Realm: count(realms, ownership.realmInScope),
  };
}

/** With `--only`, those of the manifests that are named. */
function boundariesOf(selectors: readonly Selector[], { boundaries }: DesiredState): Plan["boundaries"] {
  return boundaries.filter(({ kind, name, objects }) =>
    selectors.some((one) => one.kind === kind && (one.name === name || objects.includes(one.name))),
  );
}

function unknownSelector({ kind, name }: Selector): Note {
  return {
    severity: "error",
    code: "only-unknown",
    message: `--only names ${kind}/${name}, which no manifest declares and no change concerns`,
    about: [],
  };
}

/** The server drops an entry for its superuser with the next write, so such a row counts as not there. */
function withoutSuperuserEntries(state: AccessState, { superuser }: Product): AccessState {
  const acl = state.acl.filter(({ subject }) => !(subject.kind === "user" && subject.id === superuser));
  return acl.length === state.acl.length ? state : { ...state, acl };
}

/**
 * The state that manifests lead to from a live one. Realms come first: which users and groups a directory owns depends on
 * those that there will be, so that the next plan thinks the same.
 */
export function settle(
  first: Settling,
  ownershipWith: (realms: AccessState["realms"]) => Ownership,
  remarks: Remarks,
): { readonly settling: Settling; readonly wanted: AccessState } {
  const realms = settleRealms(first, remarks);
  const settling = hasSameRealms(first.live.realms, realms)
    ? first
    : { ...first, ownership: ownershipWith(realms) };
  return { settling, wanted: { ...settleOthers(settling, remarks), realms } };
}

function settleOthers(settling: Settling, remarks: Remarks): Omit<AccessState, "realms"> {
  const roles = settleRoles(settling, remarks);
  const users = settleUsers(settling, remarks);
  const groups = settleMembers(settleGroups(settling, remarks), users, settling, remarks);
  const tokens = settleTokens(users, settling, remarks);
  const pools = settlePools(settling, remarks);
  const wanted = { users, groups, roles, tokens, pools };
  const live = pairsOf(settling.live.acl);
  const pairs = settlePairs(live, wanted, settling, remarks);
  const acl = pairs === live ? settling.live.acl : entriesOf(pairs);
  return { ...wanted, acl };
}

function undeclaredKinds(unmanaged: readonly Unmanaged[]): readonly Note[] {
  const counts = new Map<string, number>();
  for (const { kind, reason } of unmanaged) {
    if (reason === "kind-undeclared") counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => ({
    severity: "warning",
    code: "kind-undeclared",
    message:
      `no manifest declares a ${kind}, so ${count === 1 ? "the one live in scope is" : `the ${count} live in scope are`} not pruned: ` +
      "declare some, or name the kind in the target's safety.allowEmpty",
    about: [],
    count,
  }));
}
