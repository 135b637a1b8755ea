// In: the desired state, the live state, who calls. Out: the plan. Must not know: a client, the clock, how it is shown.
// The recipe of planning: settle what should be, compare, hold, order.

import { accessDelta, type AccessDelta } from "../access/delta.ts";
import { indexAccess } from "../access/lookup.ts";
import type { AccessState } from "../model/access-state.ts";
import type { DesiredState } from "../model/desired.ts";
import type { AuthId, TokenId, UserId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Product } from "../model/product.ts";
import { sortedBy } from "../support/compare.ts";
import { findForeignCascades } from "./cascade.ts";
import { composeState, entriesOf } from "./compose.ts";
import { diffStates } from "./diff.ts";
import { keyOf } from "./difference.ts";
import { draftOperations } from "./operations.ts";
import { ownershipOf, type Ownership } from "./ownership.ts";
import { pairName, pairsOf } from "./pairs.ts";
import type { Plan, Unmanaged } from "./plan.ts";
import { changeFor, findingsFrom } from "./present.ts";
import { proveOrder } from "./prove-order.ts";
import { rotationsOf } from "./renewal.ts";
import { isKnown, selectedKeys, selectOnly, spreadHeld, tiesOf, type Selector } from "./select.ts";
import { settlePairs } from "./settle-acl.ts";
import { settleMembers } from "./settle-members.ts";
import { settleGroups, settleUsers } from "./settle-objects.ts";
import { settleRoles } from "./settle-roles.ts";
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
  /** What apply looked at before; plan does not. */
  readonly found?: Found;
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
  const ownership = ownershipOf(desired.target, input.callers, live, product);
  const settling: Settling = {
    desired,
    live: before,
    supported: live.supportedPrivileges,
    product,
    ownership,
    nowSeconds: input.nowSeconds,
    asked: input.asked ?? new Set(),
    notInSink: input.found?.notInSink ?? new Set(),
    refusedPasswords: input.found?.refusedPasswords ?? new Set(),
    regenerates: input.found?.regenerates ?? !product.lacksRegenerate(live.version),
  };
  const remarks = noRemarks();
  const wanted = settle(settling, remarks);
  remarks.notes.push(
    ...findForeignCascades(before, wanted, settling),
    ...undeclaredKinds(remarks.unmanaged),
    ...unenforceablePasswords(desired),
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
  const { superuser } = product;
  const draft = draftOperations(numbered, { before, after, desired, nowSeconds, caller, superuser });
  const replaced = replacedIn(draft);
  const proved = proveOrder(
    draft,
    { before, after, nowSeconds, caller, superuser, replaced },
    (path, subject) =>
      indices.get(changeKey("ACL", pairName(path, subject))) ??
      (subject.kind === "token" && replaced.has(subject.id)
        ? indices.get(changeKey("Token", subject.id))
        : undefined),
  );
  remarks.notes.push(...proved.notes, ...tokenGaps(proved.operations, live.version));
  return {
    target: desired.target.name,
    product: product.name,
    version: live.version,
    caller: input.caller,
    changes: shown.map((difference) => changeFor(difference, { desired, remarks, held })),
    operations: proved.operations,
    accessDelta: deltaOf(before, after, input.nowSeconds),
    findings: findingsFrom(remarks.notes, indices, input.only && selectedKeys(input.only, desired)),
    unmanaged: sortedBy(remarks.unmanaged, ({ kind, name }) => `${kind} ${name}`),
    rotations: rotationsOf(desired.tokens, after.tokens),
    inScope: countInScope(before, ownership),
    before,
    after,
  };
}

/** Nothing is indexed where nothing changes: that is what most passes find. */
function deltaOf(before: AccessState, after: AccessState, nowSeconds: number): AccessDelta {
  if (before === after) return { shares: [], paths: [] };
  return accessDelta(indexAccess(before), indexAccess(after), nowSeconds);
}

function countInScope({ users, groups, roles, tokens }: AccessState, ownership: Ownership): Plan["inScope"] {
  const count = <K>(map: ReadonlyMap<K, unknown>, isIn: (key: K) => boolean): number =>
    [...map.keys()].filter(isIn).length;
  return {
    User: count(users, ownership.userInScope),
    Group: count(groups, ownership.groupInScope),
    Role: count(roles, ownership.roleInScope),
    Token: count(tokens, ownership.tokenInScope),
  };
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

function settle(settling: Settling, remarks: Remarks): AccessState {
  const roles = settleRoles(settling, remarks);
  const users = settleUsers(settling, remarks);
  const groups = settleMembers(settleGroups(settling, remarks), users, settling, remarks);
  const tokens = settleTokens(users, settling, remarks);
  const pairs = settlePairs(pairsOf(settling.live.acl), { users, groups, roles, tokens }, settling, remarks);
  const { realms, pools } = settling.live;
  return { users, groups, roles, tokens, acl: entriesOf(pairs), realms, pools };
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
      `no manifest declares a ${kind}, so the ${count} live in scope are not pruned: ` +
      "declare some, or name the kind in the target's safety.allowEmpty",
    about: [],
    count,
  }));
}
