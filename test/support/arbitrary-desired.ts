// In: nothing. Out: small live states and what manifests may want of them, with names so few that every rule meets
// every other. Must not know: what a law says.

import fc from "fast-check";
import type { AccessState, Pool } from "../../src/model/access-state.ts";
import type { Ensure } from "../../src/model/desired.ts";
import type { ObjectKind, PruneMode } from "../../src/model/target.ts";
import { aPool, aRealm, aState, aToken, aUser, type TerseState } from "./builders.ts";
import { aDelivery, type TerseDesired, type TerseRole } from "./desired-builders.ts";

const caller = { user: "rolecall@pve", token: "rolecall@pve!gitops" };
const users = ["a@pve", "b@pve", "c@pve", "out@pve", "d@corp"];
const groups = ["g1", "g2", "g3", "out", "staff-corp"];
const roles = ["R1", "R2", "R3", "Out"];
const tokens = ["a@pve!tok", "b@pve!tok", "b@pve!out", "root@pam!tok"];
const subjects = [
  ...users.map((id) => `user:${id}`),
  ...groups.map((id) => `group:${id}`),
  ...tokens.map((id) => `token:${id}`),
];
const paths = ["/", "/vms", "/vms/100", "/storage", "/pool", "/pool/p", "/pool/p/s", "/pool/q", "/pool/out"];
const pools = ["p", "p/s", "q", "out"];
const guests = ["100", "101"];
/** Long gone, but a group and an entry may still name it. */
const vanished = "gone@pve";

const privileges = fc.subarray(["VM.Audit", "VM.Console", "Sys.Audit"]);
const comment = fc.constantFrom("", "one", "two");
const expire = fc.constantFrom(0, 1_800_000_000, 1_900_000_000);

/** Of some of the keys a value each. */
function recordOf<T>(
  keys: readonly string[],
  value: fc.Arbitrary<T>,
): fc.Arbitrary<Readonly<Record<string, T>>> {
  return fc
    .tuple(fc.subarray([...keys]), fc.array(value, { minLength: keys.length, maxLength: keys.length }))
    .map(([chosen, values]) =>
      Object.fromEntries(
        chosen.flatMap((key, index) => {
          const found = values[index];
          return found === undefined ? [] : [[key, found] as const];
        }),
      ),
    );
}

const liveUser = fc.record({ enabled: fc.boolean(), expire, comment });
const liveToken = fc.record({ privilegeSeparation: fc.boolean(), expire, comment });
const row = fc.tuple(
  fc.constantFrom(...paths),
  fc.constantFrom(...subjects, `user:${vanished}`),
  fc.constantFrom(...roles, "PVEAuditor", "NoAccess"),
  fc.boolean(),
);

/** The pool that each guest is in, if any: one at most. */
const livePools: fc.Arbitrary<readonly Pool[]> = fc
  .record({
    comments: recordOf(pools, comment),
    homes: recordOf(guests, fc.constantFrom(...pools)),
    withLocal: fc.subarray(pools),
  })
  .map(({ comments, homes, withLocal }) =>
    Object.entries(comments)
      .filter(([id]) => id !== "p/s" || comments["p"] !== undefined)
      .map(([id, text]) => {
        const vms = guests.filter((vm) => homes[vm] === id).map(Number);
        return aPool(id, vms, withLocal.includes(id) ? ["local"] : [], text);
      }),
  );

/** Rows of subjects and roles that are there, and of a user that is long gone: the server hides all others. */
export const arbitraryLive: fc.Arbitrary<TerseState> = fc
  .record({
    users: recordOf(users, liveUser),
    groups: recordOf(groups, fc.subarray([...users, vanished])),
    roles: recordOf(roles, privileges),
    tokens: recordOf(tokens, liveToken),
    acl: fc.uniqueArray(row, { maxLength: 10, selector: ([path, who, role]) => `${path} ${who} ${role}` }),
    pools: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: livePools }),
  })
  .map((live) => {
    const there = new Set([...Object.keys(live.users), vanished, "root@pam"]);
    const owned = Object.entries(live.tokens).filter(([id]) => there.has(id.slice(0, id.indexOf("!"))));
    const known = new Set([
      ...[...there].map((id) => `user:${id}`),
      ...Object.keys(live.groups).map((id) => `group:${id}`),
      ...owned.map(([id]) => `token:${id}`),
      ...Object.keys(live.roles),
      "PVEAuditor",
      "NoAccess",
    ]);
    return {
      users: [...Object.entries(live.users).map(([id, fields]) => aUser(id, fields)), caller.user],
      groups: Object.fromEntries(
        Object.entries(live.groups).map(([id, members]) => [id, members.filter((user) => there.has(user))]),
      ),
      roles: live.roles,
      tokens: [...owned.map(([id, fields]) => aToken(id, fields)), caller.token],
      acl: [
        ...live.acl.filter(([, subject, role]) => known.has(subject) && known.has(role)),
        ["/", `user:${caller.user}`, "Administrator"] as const,
      ],
      realms: [aRealm("corp", "ldap")],
      pools: live.pools,
    };
  });

const ensure: fc.Arbitrary<Ensure> = fc.oneof(
  { weight: 6, arbitrary: fc.constant("present" as const) },
  { weight: 1, arbitrary: fc.constant("absent" as const) },
  { weight: 1, arbitrary: fc.constant("ignored" as const) },
);
const inScope = (id: string): boolean => !/out|staff-/iu.test(id);
const ourUsers = ["a@pve", "b@pve", "c@pve", "new@pve", vanished];
const ourGroups = ["g1", "g2", "g3", "new"];
const ourPools = ["p", "p/s", "q", "new", "new/s"];

/** Any field may be left out. */
const partly = { requiredKeys: [] };

const desiredUsers = recordOf(
  ourUsers,
  fc
    .tuple(
      ensure,
      fc.record(
        {
          enabled: fc.boolean(),
          expire,
          comment,
          firstName: comment,
          groups: fc.subarray([...ourGroups, "staff-corp"]),
        },
        partly,
      ),
    )
    .map(([said, fields]) => ({ ...fields, ensure: said })),
);
const desiredGroups = recordOf(
  ourGroups,
  fc
    .tuple(ensure, fc.record({ comment, members: fc.subarray([...ourUsers, "d@corp"]) }, partly))
    .map(([said, fields]) => ({ ...fields, ensure: said })),
);
const desiredRoles = recordOf(
  ["R1", "R2", "R3"],
  fc.record({ privileges, includes: fc.subarray(["R1", "PVEAuditor"]), ensure }),
);
const desiredTokens = recordOf(
  ["a@pve!tok", "b@pve!tok", "root@pam!tok"],
  fc
    .tuple(ensure, fc.record({ privilegeSeparation: fc.boolean(), expire, comment }, partly))
    .map(([said, fields]) => ({ ...fields, ensure: said, deliveries: [aDelivery()] })),
);
/** Each guest in one pool at most. */
const desiredPools = fc
  .record({
    said: recordOf(
      ourPools,
      fc.tuple(ensure, fc.record({ comment, storages: fc.subarray(["local"]) }, partly)),
    ),
    homes: recordOf(guests, fc.constantFrom(...ourPools)),
    withGuests: fc.subarray(ourPools),
  })
  .map(({ said, homes, withGuests }) =>
    Object.fromEntries(
      Object.entries(said).map(([id, [how, fields]]) => {
        const vms = guests.filter((vm) => homes[vm] === id).map(Number);
        return [id, { ...fields, ...(withGuests.includes(id) && { vms }), ensure: how }];
      }),
    ),
  );
const pair = fc.tuple(
  fc.constantFrom(...paths.filter((path) => path !== "/storage"), "/pool/new"),
  fc.constantFrom(...subjects.filter(inScope), "user:new@pve", "group:new", "group:staff-corp"),
  fc.oneof(
    { weight: 4, arbitrary: fc.subarray(["R1", "R2!", "R3", "PVEAuditor"], { minLength: 1 }) },
    { weight: 1, arbitrary: fc.constantFrom("absent" as const, "ignored" as const, { without: ["R1"] }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { outside: ["R1", "R2"], now: [] },
        { outside: ["R1"], now: ["R3"] },
        { outside: ["PVEAuditor"], now: ["R2!"] },
      ),
    },
  ),
);
const membership = fc.tuple(
  fc.constantFrom(...ourGroups),
  fc.constantFrom(...ourUsers, "d@corp"),
  fc.oneof({ weight: 6, arbitrary: ensure }, { weight: 1, arbitrary: fc.constant("outside" as const) }),
);
const prune: fc.Arbitrary<Partial<Record<ObjectKind, PruneMode>>> = fc.record({
  users: fc.constantFrom<PruneMode>(true, false, "disable"),
  groups: fc.boolean(),
  roles: fc.boolean(),
  acl: fc.boolean(),
  tokens: fc.boolean(),
  pools: fc.boolean(),
});

const scope: NonNullable<TerseDesired["scope"]> = {
  users: { exclude: ["out@pve"] },
  groups: { exclude: ["out"] },
  roles: { exclude: ["Out"] },
  tokens: { exclude: ["*!out"] },
  pools: { exclude: ["out"] },
  paths: { exclude: ["/storage/**"] },
  subjects: { exclude: ["*:out", "*:out@pve"] },
};

/** What valid manifests may want: what is absent is mentioned nowhere else, and nothing is out of scope. */
const arbitraryDesired: fc.Arbitrary<Wish> = fc
  .record({
    prune,
    safety: fc.record({
      allowEmpty: fc.subarray<ObjectKind>(["users", "groups", "roles", "acl", "tokens", "pools"]),
      protect: fc.subarray(["user:c@pve", "group:g3"]),
    }),
    users: desiredUsers,
    groups: desiredGroups,
    roles: desiredRoles,
    tokens: desiredTokens,
    pools: fc.oneof({ weight: 1, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: desiredPools }),
    acl: fc.uniqueArray(pair, { maxLength: 6, selector: ([path, who]) => `${path} ${who}` }),
    memberships: fc.uniqueArray(membership, {
      maxLength: 3,
      selector: ([group, user]) => `${group} ${user}`,
    }),
  })
  .map((wanted) => withoutMentions({ ...wanted, scope }));

/** What manifests want and what is live; mostly, what the manifests refer to is there. */
export const arbitraryWish: fc.Arbitrary<{ readonly wish: TerseDesired; readonly state: TerseState }> = fc
  .record({ wish: arbitraryDesired, state: arbitraryLive, isSound: fc.nat(4).map((die) => die > 0) })
  .map(({ wish, state, isSound }) => ({ wish: isSound ? withKnown(wish, state) : wish, state }));

function there(
  said: Readonly<Record<string, object>> | undefined,
  map: ReadonlyMap<string, unknown>,
): (id: string) => boolean {
  const declared = new Set(Object.keys(said ?? {}));
  return (id) => declared.has(id) || map.has(id);
}

/** Without references that lead nowhere. */
function withKnown(wish: Wish, live: TerseState): Wish {
  const state = aState(live);
  const isUser = there(wish.users, state.users);
  const isGroup = there(wish.groups, state.groups);
  const isRole = there(wish.roles, state.roles);
  const tokens = Object.entries(wish.tokens ?? {}).filter(([id]) => isUser(ownerIn(id)));
  const isToken = there(Object.fromEntries(tokens), state.tokens);
  const isSubject = (text: string): boolean => {
    const [kind, id] = [text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)];
    return kind === "group" ? isGroup(id) : kind === "token" ? isToken(id) : isUser(id);
  };
  return {
    ...wish,
    users: mapFields(wish.users ?? {}, ({ groups: joined, ...rest }) => ({
      ...rest,
      ...(joined && { groups: joined.filter(isGroup) }),
    })),
    groups: mapFields(wish.groups ?? {}, ({ members, ...rest }) => ({
      ...rest,
      ...(members && { members: members.filter(isUser) }),
    })),
    roles: mapFields(wish.roles, ({ includes = [], ...rest }) => ({
      ...rest,
      includes: includes.filter(isRole),
    })),
    tokens: Object.fromEntries(tokens),
    pools: knownPools(wish.pools ?? {}, state),
    acl: (wish.acl ?? [])
      .filter(([, subject]) => isSubject(subject))
      .map((pair) => withRoles(pair, (role) => isRole(role.replace("!", "")))),
    memberships: (wish.memberships ?? []).filter(([group, user]) => isGroup(group) && isUser(user)),
  };
}

type TersePools = NonNullable<TerseDesired["pools"]>;

/** Without pools in pools that are nowhere, and guests that are in pools which nobody declares. */
function knownPools(wanted: TersePools, state: AccessState): TersePools {
  const isPool = there(wanted, state.pools);
  const isOurs = (vm: number): boolean =>
    [...state.pools.values()].every(({ id, members }) => !members?.vms.includes(vm) || id in wanted);
  const entries = Object.entries(wanted).filter(
    ([id]) => !id.includes("/") || isPool(id.replace(/\/.*/u, "")),
  );
  return mapFields(Object.fromEntries(entries), ({ vms, ...rest }) => ({
    ...rest,
    ...(vms && { vms: vms.filter(isOurs) }),
  }));
}

type TersePair = NonNullable<TerseDesired["acl"]>[number];

/** A pair of which no role is left is still declared. */
function withRoles([path, subject, said]: TersePair, keeps: (role: string) => boolean): TersePair {
  if (typeof said === "string" || "without" in said) return [path, subject, said];
  if ("outside" in said) return [path, subject, { ...said, now: said.now.filter(keeps) }];
  const left = said.filter(keeps);
  return [path, subject, left.length > 0 ? left : "absent"];
}

function ownerIn(token: string): string {
  return token.replace(/!.*/u, "");
}

type Wish = Omit<TerseDesired, "roles"> & { readonly roles: Readonly<Record<string, TerseRole>> };

function withoutMentions(wanted: Wish): Wish {
  const {
    users: people = {},
    groups: teams = {},
    roles: duties,
    tokens: keys = {},
    pools: rooms = {},
  } = wanted;
  const isAbsent = (said: Readonly<Record<string, object>>, id: string): boolean => {
    const found = said[id];
    return found !== undefined && "ensure" in found && found.ensure === "absent";
  };
  const isGone = (subject: string): boolean => {
    const id = subject.slice(subject.indexOf(":") + 1);
    if (subject.startsWith("group:")) return isAbsent(teams, id);
    return isAbsent(keys, id) || isAbsent(people, ownerIn(id));
  };
  return {
    ...wanted,
    users: mapFields(people, ({ groups: joined, ...rest }) => ({
      ...rest,
      ...(joined && { groups: joined.filter((id) => !isAbsent(teams, id)) }),
    })),
    groups: mapFields(teams, ({ members, ...rest }) => ({
      ...rest,
      ...(members && { members: members.filter((id) => !isAbsent(people, id)) }),
    })),
    roles: mapFields(duties, ({ includes = [], ...rest }) => ({
      ...rest,
      includes: includes.filter((id) => !isAbsent(duties, id)),
    })),
    tokens: Object.fromEntries(Object.entries(keys).filter(([id]) => !isAbsent(people, ownerIn(id)))),
    pools: mapFields(rooms, (room, id) =>
      id.includes("/") && isAbsent(rooms, id.replace(/\/.*/u, "")) ? { ...room, ensure: "absent" } : room,
    ),
    acl: (wanted.acl ?? [])
      .filter(([, subject]) => !isGone(subject))
      .filter(([path]) => !poolsIn(path).some((id) => isAbsent(rooms, id)))
      .map((pair) => withRoles(pair, (role) => !isAbsent(duties, role.replace("!", "")))),
    memberships: (wanted.memberships ?? []).filter(
      ([group, user]) => !isAbsent(teams, group) && !isAbsent(people, user),
    ),
  };
}

/** `/pool/p/s` is of `p/s`, and of `p`. */
function poolsIn(path: string): readonly string[] {
  const id = /^\/pool\/(.+)$/u.exec(path)?.[1];
  return id === undefined ? [] : [id, id.replace(/\/.*/u, "")];
}

function mapFields<T, R>(
  record: Readonly<Record<string, T>>,
  change: (value: T, key: string) => R,
): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
