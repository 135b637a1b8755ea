// In: a UserCfg and its release. Out: the access state that the server would show, with the pool members that its API
// hides. Must not know: files, realms but the built-in ones.

import type { AccessState, AclEntry, Pool, Realm, Role, Token, User } from "../model/access-state.ts";
import type { Privilege, RealmId, RoleId, TokenId, UserId } from "../model/ids.ts";
import { compareText, sortedSet } from "../support/compare.ts";
import { mapValues } from "../support/maps.ts";
import type { Release } from "./release.ts";
import type { CfgPool, CfgUser, UserCfg } from "./user-cfg.ts";

/** Realms are in another file: only the two that every server has are given. Entries of root@pam are kept. */
export function accessStateFrom(cfg: UserCfg, release: Release): AccessState {
  return {
    users: mapValues(cfg.users, userFrom),
    groups: mapValues(cfg.groups, ({ comment = "", members }, id) => ({
      id,
      comment,
      members: sortedSet(members),
    })),
    roles: new Map([
      ...mapValues(release.builtInRoles, (privileges, id) => roleFrom(privileges, id, true)),
      ...mapValues(cfg.roles, (privileges, id) => roleFrom(privileges, id, false)),
    ]),
    tokens: new Map([...cfg.users.values()].flatMap(tokensFrom)),
    acl: aclFrom(cfg),
    realms: new Map([builtInRealm("pam"), builtInRealm("pve")]),
    pools: mapValues(cfg.pools, (pool, id) => ({ id, ...poolFrom(pool) })),
  };
}

function userFrom(user: CfgUser, id: UserId): User {
  const { enabled, expire, firstName = "", lastName = "", email = "", comment = "" } = user;
  return { id, enabled, expire, firstName, lastName, email, comment };
}

function roleFrom(privileges: ReadonlySet<Privilege>, id: RoleId, builtIn: boolean): Role {
  return { id, privileges: sortedSet(privileges), builtIn };
}

function tokensFrom({ tokens }: CfgUser): [TokenId, Token][] {
  return [...tokens].map(([id, token]) => [id, { id, ...token, comment: token.comment ?? "" }]);
}

function aclFrom(cfg: UserCfg): AclEntry[] {
  return [...cfg.acl].flatMap(([path, node]) =>
    [...node.values()].flatMap(({ subject, roles }) =>
      [...roles].map(([role, propagate]) => ({ path, subject, role, propagate })),
    ),
  );
}

function builtInRealm(type: "pam" | "pve"): [RealmId, Realm] {
  // Proof: the product's own name, in its own spelling.
  const id = type as string as RealmId;
  return [id, { id, type, comment: "" }];
}

function poolFrom({ comment = "", vms, storages }: CfgPool): Omit<Pool, "id"> {
  const members = { vms: [...vms].sort((a, b) => a - b), storages: [...storages].sort(compareText) };
  return { comment, members };
}
