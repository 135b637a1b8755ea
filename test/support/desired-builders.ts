// In: terse texts. Out: desired states, targets, live states and the plans between them. Must not know: what a test asks.

import type { AccessState, Setting } from "../../src/model/access-state.ts";
import type { SecretDelivery } from "../../src/model/delivery.ts";
import type {
  DesiredGroup,
  DesiredMembership,
  DesiredPair,
  DesiredPool,
  DesiredRealm,
  DesiredRole,
  DesiredState,
  DesiredToken,
  DesiredUser,
  Ensure,
} from "../../src/model/desired.ts";
import type { DesiredOverTime } from "../../src/model/desired-over-time.ts";
import type { Privilege, RoleId } from "../../src/model/ids.ts";
import type { LiveState } from "../../src/model/live-state.ts";
import { pve } from "../../src/model/pve.ts";
import type { Policy } from "../../src/model/policy.ts";
import type {
  Credentials,
  FileSinkSettings,
  ObjectKind,
  PruneMode,
  Safety,
  Scope,
  Target,
} from "../../src/model/target.ts";
import type { GlobSet } from "../../src/support/glob.ts";
import { makePlan, type Found, type PlanInput } from "../../src/plan/make-plan.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { pairName } from "../../src/plan/pairs.ts";
import type { Place } from "../../src/support/place.ts";
import { sortedBy } from "../../src/support/compare.ts";
import {
  aGroupId,
  aPoolId,
  aRealmId,
  aRoleId,
  aState,
  aSubject,
  aTokenId,
  aUserId,
  type TerseState,
} from "./builders.ts";

/** Where a declared object stands: a file for each. */
export function aPlace(name: string): Place {
  return { file: `${name}.yaml`, line: 1, column: 1 };
}

export interface TerseTarget {
  /** One mode for every kind, or by kind; what is left out is not pruned. */
  readonly prune?: PruneMode | Partial<Record<ObjectKind, PruneMode>>;
  readonly scope?: {
    readonly users?: Partial<GlobSet>;
    readonly groups?: Partial<GlobSet>;
    readonly roles?: Partial<GlobSet>;
    readonly tokens?: Partial<GlobSet>;
    readonly pools?: Partial<GlobSet>;
    readonly realms?: Partial<GlobSet>;
    readonly paths?: Partial<GlobSet>;
    readonly subjects?: Partial<GlobSet>;
    readonly directories?: readonly string[];
  };
  readonly safety?: Partial<Safety>;
  readonly credentials?: Credentials;
}

const ownToken: Credentials = {
  kind: "token",
  id: { text: "rolecall@pve!gitops" },
  secret: { source: "env", name: "DC1_TOKEN" },
};

/** A target that prunes nothing, with everything in scope and with budgets that let everything pass. */
export function aTarget({
  prune = false,
  scope = {},
  safety = {},
  credentials = ownToken,
}: TerseTarget = {}): Target {
  const all = typeof prune === "object" ? false : prune;
  const byKind = typeof prune === "object" ? prune : {};
  return {
    name: "dc1",
    labels: {},
    product: "pve",
    endpoints: [{ text: "https://pve1.example:8006" }],
    credentials,
    tls: {},
    prune: {
      users: all,
      groups: all,
      roles: all,
      acl: all,
      tokens: all,
      pools: all,
      realms: all,
      ...byKind,
    },
    scope: scopeFrom(scope),
    safety: {
      maxDeletes: { percent: 100 },
      maxRevocations: { percent: 100 },
      allowEmpty: [],
      protect: [],
      requireAdmin: [],
      holdEscalations: false,
      onFinding: "stop",
      maxPauseMs: 4 * 3_600_000,
      approved: [],
      ...safety,
    },
    secrets: { envPrefix: "ROLECALL_SECRET_", dir: "secrets" },
    sinks: new Map([["ci", aFileSink]]),
    suspend: false,
    mode: "enforce",
    intervalMs: 300_000,
    source: aPlace("target"),
  };
}

function scopeFrom(scope: NonNullable<TerseTarget["scope"]>): Scope {
  return {
    users: globs(scope.users),
    groups: globs(scope.groups),
    roles: globs(scope.roles),
    tokens: globs(scope.tokens),
    pools: globs(scope.pools),
    realms: globs(scope.realms),
    acl: { paths: globs(scope.paths), subjects: globs(scope.subjects) },
    directories: (scope.directories ?? []).map(aRealmId),
  };
}

function globs({ include = ["**"], exclude = [] }: Partial<GlobSet> = {}): GlobSet {
  return { include, exclude };
}

type Terse<T> = Partial<Omit<T, "id" | "source">>;

export interface TerseDesired extends TerseTarget {
  readonly users?: Readonly<
    Record<string, Terse<Omit<DesiredUser, "groups">> & { readonly groups?: readonly string[] }>
  >;
  readonly groups?: Readonly<
    Record<string, Terse<Omit<DesiredGroup, "members">> & { readonly members?: readonly string[] }>
  >;
  /** Group, user, ensure (present), and the manifest's name (the two, joined by `-`). */
  readonly memberships?: readonly (readonly [string, string, DesiredMembership["ensure"]?, string?])[];
  readonly roles?: Readonly<Record<string, readonly string[] | TerseRole>>;
  /** Path, subject, roles (each propagating unless it ends in `!`) or what is said of the pair, the manifest's name. */
  readonly acl?: readonly (readonly [string, string, readonly string[] | PairSaid, string?])[];
  readonly tokens?: Readonly<Record<string, Terse<DesiredToken>>>;
  readonly policies?: readonly Policy[];
  readonly pools?: Readonly<Record<string, Terse<DesiredPool>>>;
  readonly realms?: Readonly<Record<string, TerseRealm>>;
}

type PairSaid =
  | "absent"
  | "ignored"
  | { readonly without: readonly string[] }
  /** Roles of another time, and those of now. */
  | { readonly outside: readonly string[]; readonly now: readonly string[] };

export interface TerseRole {
  readonly privileges?: readonly string[];
  readonly optionalPrivileges?: readonly string[];
  readonly includes?: readonly string[];
  readonly ensure?: Ensure;
}

export function aDesiredState(terse: TerseDesired = {}): DesiredState {
  const {
    users = {},
    groups = {},
    memberships = [],
    roles = {},
    acl = [],
    tokens = {},
    policies = [],
    pools = {},
    realms = {},
  } = terse;
  return {
    target: aTarget(terse),
    users: mapOf(users, (id, fields): DesiredUser => {
      const { groups: joined, ...rest } = fields;
      return { ...declared(id), ...rest, id: aUserId(id), ...(joined && { groups: joined.map(aGroupId) }) };
    }),
    groups: mapOf(groups, (id, fields): DesiredGroup => {
      const { members, ...rest } = fields;
      return {
        ...declared(id),
        ...rest,
        id: aGroupId(id),
        ...(members && { members: members.map(aUserId) }),
      };
    }),
    memberships: memberships.map((membership) => membershipFrom(...membership)),
    roles: mapOf(roles, roleFrom),
    acl: sortedBy(
      acl.map((pair) => pairFrom(...pair)),
      ({ path, subject }) => pairName(path, subject),
    ),
    tokens: mapOf(tokens, (id, fields): DesiredToken => ({
      ...declared(id),
      deliveries: [],
      ...fields,
      id: aTokenId(id),
    })),
    boundaries: [],
    policies,
    pools: mapOf(pools, (id, fields): DesiredPool => ({ ...declared(id), ...fields, id: aPoolId(id) })),
    realms: mapOf(realms, realmFrom),
  };
}

interface TerseRealm extends Omit<Terse<DesiredRealm>, "options" | "secrets" | "places"> {
  readonly options?: Readonly<Record<string, Setting | undefined>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

/** Secrets by their variable's name. */
function realmFrom(id: string, { options = {}, secrets = {}, ...fields }: TerseRealm): DesiredRealm {
  return {
    ...declared(id),
    ...fields,
    id: aRealmId(id),
    options: new Map(Object.entries(options)),
    secrets: new Map(
      Object.entries(secrets).map(([setting, name]) => [setting, { source: "env", name } as const]),
    ),
    places: new Map(),
  };
}

/** The same at every instant, but for the memberships that are outside a validity: these say nothing. */
export function overTime({ memberships, ...desired }: DesiredState): DesiredOverTime {
  const said = memberships.flatMap(({ ensure, ...membership }) =>
    ensure === "outside" ? [] : [{ ...membership, ensure }],
  );
  return { ...desired, memberships: said, timeBoxes: [] };
}

function declared(name: string): { readonly ensure: Ensure; readonly source: Place } {
  return { ensure: "present", source: aPlace(name) };
}

function mapOf<T, V extends { readonly id: string }>(
  terse: Readonly<Record<string, T>>,
  make: (id: string, fields: T) => V,
): ReadonlyMap<V["id"], V> {
  const values = Object.entries(terse).map(([id, fields]) => make(id, fields));
  return new Map(values.map((value) => [value.id, value]));
}

function membershipFrom(
  group: string,
  user: string,
  ensure: DesiredMembership["ensure"] = "present",
  name = `${group}-${user}`,
): DesiredMembership {
  return { name, group: aGroupId(group), user: aUserId(user), ensure, source: aPlace(name) };
}

function roleFrom(id: string, terse: readonly string[] | TerseRole): DesiredRole {
  const {
    privileges,
    optionalPrivileges = [],
    includes = [],
    ensure = "present",
  }: TerseRole = isList(terse) ? { privileges: terse } : terse;
  return {
    ...declared(id),
    ensure,
    id: aRoleId(id),
    ...(privileges && { privileges: privileges.map(aPrivilege) }),
    optionalPrivileges: optionalPrivileges.map(aPrivilege),
    includes: includes.map(aRoleId),
  };
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value);
}

export function aPrivilege(text: string): Privilege {
  const privilege = pve.parsePrivilege(text);
  if (!privilege.ok) throw new Error(`${text} ${privilege.problem}`);
  return privilege.value;
}

function pairFrom(
  path: string,
  subject: string,
  said: readonly string[] | PairSaid,
  name = "acl",
): DesiredPair {
  const source = aPlace(name);
  const taken = (roles: readonly string[]): DesiredPair["revoked"] =>
    roles.map((role) => ({ role: aRoleId(role), source }));
  const isTimed = typeof said === "object" && "outside" in said;
  const grants = isList(said) ? said : isTimed ? said.now : [];
  return {
    path: pve.normalizeAclPath(path),
    subject: aSubject(subject),
    ensure: typeof said === "string" ? said : isTimed && grants.length === 0 ? "absent" : "present",
    grants: grants.map((role) => ({ ...grantFrom(role), source })),
    revoked: typeof said === "object" && "without" in said ? taken(said.without) : [],
    outside: isTimed ? taken(said.outside) : [],
    declaredBy: [name],
    source,
  };
}

function grantFrom(text: string): { readonly role: RoleId; readonly propagate: boolean } {
  return text.endsWith("!")
    ? { role: aRoleId(text.slice(0, -1)), propagate: false }
    : { role: aRoleId(text), propagate: true };
}

const aFileSink: FileSinkSettings = { kind: "file", name: "ci", dir: "sinks/ci", mode: 0o600 };

/** Where a token's secret goes. */
export function aDelivery(name = "deploy"): SecretDelivery {
  return { sink: aFileSink, as: `${name}.env`, format: "env", key: "TOKEN" };
}

export interface TerseLive extends TerseState {
  /** What the server's Administrator lacks of what the product knows. */
  readonly lacks?: readonly string[];
  readonly version?: string;
}

/** A complete read of a server, of release 9.2.11 unless it says another, by the target's own token. */
export function aLiveState({ lacks = [], version = "9.2.11", ...terse }: TerseLive = {}): LiveState {
  return { ...aReadOf(aState(terse), lacks), version };
}

export function aReadOf(state: AccessState, lacks: readonly string[] = []): LiveState {
  const missing = new Set(lacks);
  return {
    version: "9.2.11",
    caller: aTokenId("rolecall@pve!gitops"),
    callerPermissions: new Map(),
    state,
    supportedPrivileges: new Set([...pve.privileges].filter((word) => !missing.has(word)).map(aPrivilege)),
    incomplete: [],
  };
}

/** The instant at which plans of tests are made. */
export const planInstant = Date.UTC(2026, 0, 1) / 1000;

interface Planning extends Partial<
  Pick<PlanInput, "only" | "callers" | "asked" | "askedRealms" | "nowSeconds">
> {
  readonly found?: Partial<Found>;
}

export function planBetween(
  desired: DesiredState,
  live: LiveState,
  { callers, found, ...planning }: Planning = {},
): Plan {
  const caller = aTokenId("rolecall@pve!gitops");
  return makePlan({
    desired,
    live,
    product: pve,
    caller,
    callers: callers ?? [caller],
    nowSeconds: planInstant,
    found: { notInSink: new Set(), refusedPasswords: new Set(), ...found },
    ...planning,
  });
}

/** The plan between what is declared and what is live. */
export function aPlan(desired: TerseDesired, live: TerseLive = {}, planning: Planning = {}): Plan {
  return planBetween(aDesiredState(desired), aLiveState(live), planning);
}

/** The changes as a story: `update User joe@pve`, the held ones in brackets. */
export function changesOf({ changes }: Plan): readonly string[] {
  return changes.map(({ action, kind, name, held }) =>
    held ? `(${action} ${kind} ${name})` : `${action} ${kind} ${name}`,
  );
}

/** What is found: `error reference-unknown`. */
export function findingsOf({ findings }: Pick<Plan, "findings">): readonly string[] {
  return findings.map(({ severity, code }) => `${severity} ${code}`);
}
