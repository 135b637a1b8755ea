// In: an access state, then one write after the other. Out: who may do what after each, at the cost of what the write
// touches. Must not know: plans, requests, why anything is written.

import type { AccessState, Role, Token, User } from "../model/access-state.ts";
import {
  authKey,
  isTokenId,
  ownerOf,
  subjectKey,
  type AclPath,
  type AuthId,
  type GroupId,
  type Privilege,
  type RoleId,
  type Subject,
  type SubjectKey,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import { compareText } from "../support/compare.ts";
import { getOrAdd } from "../support/maps.ts";
import { holderOf, privilegesAt } from "./holder.ts";
import { indexAccess, poolsOfMembers, type AccessIndex, type Place } from "./lookup.ts";
import { nodesOf } from "./nodes.ts";
import { recomposed, sharedKey, type Sources } from "./profile.ts";
import { layerFrom, type Layer, type Privileges } from "./standing.ts";

type Rows = Map<AclPath, Map<RoleId, boolean>>;

/** Takes a write back; to be called in reverse order. */
export type Undo = () => void;

/**
 * An access state that writes are tried on. The answers are those of the engine (effective.ts) on an index that is kept
 * up to date in place: a new index for every write would cost the whole state each time.
 */
export class Trial {
  readonly #users: Map<UserId, User>;
  readonly #tokens: Map<TokenId, Token>;
  readonly #roles: Map<RoleId, Role>;
  readonly #members = new Map<GroupId, Set<UserId>>();
  readonly #groups = new Map<UserId, Set<GroupId>>();
  readonly #tokensOf = new Map<UserId, Set<TokenId>>();
  readonly #rows = new Map<SubjectKey, Rows>();
  readonly #holders = new Map<RoleId, Set<SubjectKey>>();
  readonly #holdersAt = new Map<AclPath, Set<SubjectKey>>();
  readonly #poolsOf: Map<AclPath, readonly AclPath[]>;
  readonly #layers = new Map<SubjectKey, Map<AclPath, Layer>>();
  readonly #groupsOf = new Map<UserId, readonly GroupId[]>();
  readonly #nodes = new Map<string, readonly AclPath[]>();
  readonly #index: AccessIndex;
  readonly #nowSeconds: number;

  constructor(state: AccessState, nowSeconds: number) {
    this.#nowSeconds = nowSeconds;
    this.#users = new Map(state.users);
    this.#tokens = new Map(state.tokens);
    this.#roles = new Map(state.roles);
    for (const { path, subject, role, propagate } of state.acl) {
      if (state.roles.has(role)) this.#setRow(path, subjectKey(subject), role, propagate);
    }
    for (const { id, members } of state.groups.values()) {
      for (const user of members) this.#link(user, id);
    }
    for (const token of state.tokens.keys())
      getOrAdd(this.#tokensOf, ownerOf(token), () => new Set<TokenId>()).add(token);
    // Places are only looked up here, so those of entries and of pool members, which change, need not be in it.
    const base = indexAccess({ ...state, acl: [], groups: new Map(), pools: new Map() });
    this.#poolsOf = poolsOfMembers(state);
    this.#index = {
      ...base,
      poolsOf: this.#poolsOf,
      state: { ...state, users: this.#users, tokens: this.#tokens, roles: this.#roles },
      layers: this.#layers,
      groupsOf: this.#groupsOf,
    };
    for (const subject of this.#rows.keys()) this.#relayer(subject);
    for (const user of this.#groups.keys()) this.#regroup(user);
  }

  /** What somebody can use on a path now: nothing where the log-in is refused. */
  held(id: AuthId, path: string): Privileges {
    return this.viewOf(id)(path);
  }

  /** The same for one path after the other, until the next write. */
  viewOf(id: AuthId): (path: string) => Privileges {
    if (!this.isUsable(id)) return () => nothing;
    const holder = holderOf(this.#index, id);
    return (path) => privilegesAt(this.#index, holder, this.#placeOf(path));
  }

  #placeOf(path: string): Place {
    const poolsOf: ReadonlyMap<string, readonly AclPath[]> = this.#index.poolsOf;
    const pools = poolsOf.get(path);
    const nodes = getOrAdd(this.#nodes, path, () => nodesOf(path));
    return { nodes, pools: pools === undefined ? noPools : pools.map(nodesOf) };
  }

  isUsable(id: AuthId): boolean {
    const user = this.#users.get(isTokenId(id) ? ownerOf(id) : id);
    if (user?.enabled !== true || this.#isPast(user.expire)) return false;
    if (!isTokenId(id)) return true;
    const token = this.#tokens.get(id);
    return token !== undefined && !this.#isPast(token.expire);
  }

  /** Whose rows can count for somebody: its own, its groups', its owner's. */
  standBehind(id: AuthId): readonly SubjectKey[] {
    const user = isTokenId(id) ? ownerOf(id) : id;
    return [authKey(id), authKey(user), ...[...(this.#groups.get(user) ?? [])].map(groupKey)];
  }

  /** The paths with rows of a subject. */
  pathsOf(subject: SubjectKey): Iterable<AclPath> {
    return this.#rows.get(subject)?.keys() ?? [];
  }

  /** The users and tokens whose permissions a change of the subject can change. */
  reachOf(subject: Subject): readonly AuthId[] {
    switch (subject.kind) {
      case "user":
        return [subject.id, ...(this.#tokensOf.get(subject.id) ?? [])];
      case "token":
        return [subject.id];
      case "group":
        return [...(this.#members.get(subject.id) ?? [])].flatMap((id) => this.reachOf({ kind: "user", id }));
    }
  }

  /** Equal for those whose permissions are equal everywhere, whatever else happens to entries of groups. */
  signatureOf(id: AuthId): string {
    const usable = this.isUsable(id) ? "+" : "-";
    if (!isTokenId(id))
      return usable + (this.#rows.get(authKey(id))?.size ? id : (this.#groupsOf.get(id) ?? []).join());
    const token = this.#tokens.get(id);
    return token?.privilegeSeparation === false ? usable + this.signatureOf(ownerOf(id)) : usable + id;
  }

  /** The role's privileges now; none where there is no such role. */
  privilegesOf(role: RoleId): readonly Privilege[] {
    return this.#roles.get(role)?.privileges ?? [];
  }

  hasRole(role: RoleId): boolean {
    return this.#roles.has(role);
  }

  /** The propagate flag of a row; undefined where there is none. */
  rowOf(path: AclPath, subject: Subject, role: RoleId): boolean | undefined {
    return this.#rows.get(subjectKey(subject))?.get(path)?.get(role);
  }

  /** What stands at a pair: each role with its propagate flag. */
  rolesOf(path: AclPath, subject: Subject): ReadonlyMap<RoleId, boolean> {
    return this.#rows.get(subjectKey(subject))?.get(path) ?? new Map<RoleId, boolean>();
  }

  userOf(id: UserId): User | undefined {
    return this.#users.get(id);
  }

  tokenOf(id: TokenId): Token | undefined {
    return this.#tokens.get(id);
  }

  /** The subjects that have a role somewhere. */
  holdersOf(role: RoleId): readonly Subject[] {
    return [...(this.#holders.get(role) ?? [])].map(subjectOf);
  }

  /** The subjects that have a row on exactly this path. */
  holdersAt(path: AclPath): readonly Subject[] {
    return [...(this.#holdersAt.get(path) ?? [])].map(subjectOf);
  }

  /** The paths of the pools that the guest or storage at a path is in. */
  poolsOf(member: AclPath): readonly AclPath[] {
    return this.#poolsOf.get(member) ?? [];
  }

  /** Puts the guest or storage at a path into exactly these pools. */
  setPools(member: AclPath, pools: readonly AclPath[]): Undo {
    return replaceIn(this.#poolsOf, member, pools.length === 0 ? undefined : pools);
  }

  /** The subjects that have a row on a path or below it. */
  subjectsBelow(path: AclPath): readonly Subject[] {
    return this.#pathsBelow(path).flatMap((one) => this.holdersAt(one));
  }

  /** Takes away every row on a path and below it. */
  dropRowsBelow(path: AclPath): Undo {
    return undoAll(
      this.#pathsBelow(path).flatMap((one) =>
        this.holdersAt(one).flatMap((subject) =>
          [...this.rolesOf(one, subject).keys()].map((role) => this.revoke(one, subject, role)),
        ),
      ),
    );
  }

  grant(path: AclPath, subject: Subject, role: RoleId, propagate: boolean): Undo {
    const key = subjectKey(subject);
    const before = this.#rows.get(key)?.get(path)?.get(role);
    this.#setRow(path, key, role, propagate);
    this.#relayer(key, [path]);
    return () => {
      this.#setRow(path, key, role, before);
      this.#relayer(key, [path]);
    };
  }

  revoke(path: AclPath, subject: Subject, role: RoleId): Undo {
    const key = subjectKey(subject);
    const before = this.#rows.get(key)?.get(path)?.get(role);
    if (before === undefined) return () => undefined;
    this.#setRow(path, key, role, undefined);
    this.#relayer(key, [path]);
    return () => {
      this.#setRow(path, key, role, before);
      this.#relayer(key, [path]);
    };
  }

  setUser(user: User): Undo {
    return replaceIn(this.#users, user.id, user);
  }

  setToken(token: Token): Undo {
    const known = getOrAdd(this.#tokensOf, ownerOf(token.id), () => new Set<TokenId>());
    const isNew = !known.has(token.id);
    const undo = replaceIn(this.#tokens, token.id, token);
    known.add(token.id);
    return () => {
      undo();
      if (isNew) known.delete(token.id);
    };
  }

  setRole(role: Role): Undo {
    const undo = replaceIn(this.#roles, role.id, role);
    this.#relayerHolders(role.id);
    return () => {
      undo();
      this.#relayerHolders(role.id);
    };
  }

  /** Makes the user a member of exactly these groups. */
  setGroups(user: UserId, groups: readonly GroupId[]): Undo {
    const before = [...(this.#groups.get(user) ?? [])];
    this.#regroupTo(user, groups);
    return () => {
      this.#regroupTo(user, before);
    };
  }

  groupsOf(user: UserId): readonly GroupId[] {
    return [...(this.#groups.get(user) ?? [])];
  }

  deleteUser(id: UserId): Undo {
    const tokens = [...(this.#tokensOf.get(id) ?? [])];
    return undoAll([
      ...tokens.map((token) => this.deleteToken(token)),
      this.setGroups(id, []),
      this.#dropRows(authKey(id)),
      replaceIn(this.#users, id, undefined),
    ]);
  }

  deleteToken(id: TokenId): Undo {
    const known = this.#tokensOf.get(ownerOf(id));
    known?.delete(id);
    const undo = undoAll([this.#dropRows(authKey(id)), replaceIn(this.#tokens, id, undefined)]);
    return () => {
      undo();
      known?.add(id);
    };
  }

  deleteGroup(id: GroupId): Undo {
    const members = [...(this.#members.get(id) ?? [])];
    return undoAll([
      ...members.map((user) =>
        this.setGroups(
          user,
          this.groupsOf(user).filter((group) => group !== id),
        ),
      ),
      this.#dropRows(groupKey(id)),
    ]);
  }

  /** Entries of a role that is gone count no more. */
  deleteRole(id: RoleId): Undo {
    const rows = [...(this.#holders.get(id) ?? [])].flatMap((holder) =>
      [...(this.#rows.get(holder) ?? [])].flatMap(([path, roles]) => {
        const propagate = roles.get(id);
        return propagate === undefined ? [] : [{ holder, path, propagate }];
      }),
    );
    for (const { holder, path } of rows) this.#setRow(path, holder, id, undefined);
    const undo = replaceIn(this.#roles, id, undefined);
    const relayer = (): void => {
      for (const { holder } of rows) this.#relayer(holder);
    };
    relayer();
    return () => {
      undo();
      for (const { holder, path, propagate } of rows) this.#setRow(path, holder, id, propagate);
      relayer();
    };
  }

  #pathsBelow(path: AclPath): readonly AclPath[] {
    return [...this.#holdersAt.keys()].filter((one) => one === path || one.startsWith(`${path}/`));
  }

  #dropRows(key: SubjectKey): Undo {
    const rows = [...(this.#rows.get(key) ?? [])].flatMap(([path, roles]) =>
      [...roles].map(([role, propagate]) => ({ path, role, propagate })),
    );
    for (const { path, role } of rows) this.#setRow(path, key, role, undefined);
    this.#relayer(key);
    return () => {
      for (const { path, role, propagate } of rows) this.#setRow(path, key, role, propagate);
      this.#relayer(key);
    };
  }

  #setRow(path: AclPath, key: SubjectKey, role: RoleId, propagate: boolean | undefined): void {
    const rows = getOrAdd(this.#rows, key, () => new Map<AclPath, Map<RoleId, boolean>>());
    const roles = getOrAdd(rows, path, () => new Map<RoleId, boolean>());
    if (propagate === undefined) roles.delete(role);
    else roles.set(role, propagate);
    if (roles.size === 0) {
      rows.delete(path);
      this.#holdersAt.get(path)?.delete(key);
    } else getOrAdd(this.#holdersAt, path, () => new Set<SubjectKey>()).add(key);
    if (propagate !== undefined) getOrAdd(this.#holders, role, () => new Set<SubjectKey>()).add(key);
    else if (![...rows.values()].some((others) => others.has(role))) this.#holders.get(role)?.delete(key);
  }

  #relayer(key: SubjectKey, paths?: Iterable<AclPath>): void {
    const rows = this.#rows.get(key) ?? new Map<AclPath, Map<RoleId, boolean>>();
    const layers = getOrAdd(this.#layers, key, () => new Map<AclPath, Layer>());
    for (const path of paths ?? new Set([...rows.keys(), ...layers.keys()])) {
      const roles = rows.get(path);
      if (roles === undefined) layers.delete(path);
      else layers.set(path, layerFrom(roles, this.#roles));
    }
    if (layers.size === 0) this.#layers.delete(key);
    this.#reprofile(key, paths);
  }

  /** Of profiles that are made from several subjects' layers, only what has changed is made anew. */
  #reprofile(key: SubjectKey, paths: Iterable<AclPath> | undefined): void {
    const subject = subjectOf(key);
    if (subject.kind !== "group") {
      this.#index.profiles.delete(key);
      return;
    }
    const seen = new Set<string>();
    for (const user of this.#members.get(subject.id) ?? []) {
      const groups = this.#groupsOf.get(user) ?? [];
      this.#recompose(sharedKey(groups), { own: undefined, groups }, paths, seen);
      this.#recompose(authKey(user), { own: authKey(user), groups }, paths, seen);
    }
  }

  #recompose(key: string, sources: Sources, paths: Iterable<AclPath> | undefined, seen: Set<string>): void {
    const profile = seen.has(key) ? undefined : this.#index.profiles.get(key);
    seen.add(key);
    if (profile === undefined) return;
    if (paths === undefined) this.#index.profiles.delete(key);
    else this.#index.profiles.set(key, recomposed(this.#index, sources, profile, paths));
  }

  #relayerHolders(role: RoleId): void {
    for (const holder of this.#holders.get(role) ?? []) this.#relayer(holder);
  }

  #link(user: UserId, group: GroupId): void {
    getOrAdd(this.#members, group, () => new Set<UserId>()).add(user);
    getOrAdd(this.#groups, user, () => new Set<GroupId>()).add(group);
  }

  #regroupTo(user: UserId, groups: readonly GroupId[]): void {
    // Nobody may be left who keeps that profile up to date.
    this.#index.profiles.delete(sharedKey(this.#groupsOf.get(user) ?? []));
    for (const group of this.#groups.get(user) ?? []) this.#members.get(group)?.delete(user);
    this.#groups.delete(user);
    for (const group of groups) this.#link(user, group);
    this.#regroup(user);
    this.#index.profiles.delete(authKey(user));
  }

  #regroup(user: UserId): void {
    this.#groupsOf.set(user, [...(this.#groups.get(user) ?? [])].sort(compareText));
  }

  #isPast(expire: number): boolean {
    return expire !== 0 && expire <= this.#nowSeconds;
  }
}

const nothing: Privileges = new Map();
const noPools: Place["pools"] = [];

function groupKey(id: GroupId): SubjectKey {
  return subjectKey({ kind: "group", id });
}

/** The subject that a key stands for. */
function subjectOf(key: SubjectKey): Subject {
  const colon = key.indexOf(":");
  // Proof: the one spelling of a SubjectKey is a subject's kind, a colon and its id.
  return { kind: key.slice(0, colon), id: key.slice(colon + 1) } as Subject;
}

function replaceIn<K, V>(map: Map<K, V>, key: K, value: V | undefined): Undo {
  const before = map.get(key);
  const put = (what: V | undefined): void => {
    if (what === undefined) map.delete(key);
    else map.set(key, what);
  };
  put(value);
  return () => {
    put(before);
  };
}

/** Takes several back, the last one first. */
export function undoAll(undos: readonly Undo[]): Undo {
  return () => {
    for (const undo of undos.toReversed()) undo();
  };
}
