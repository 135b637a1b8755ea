import { errorAt, wordPlace } from "../manifest/diagnostic.ts";
import {
  ownerOf,
  type GroupId,
  type PoolId,
  type RealmId,
  type RoleId,
  type TokenId,
  type UserId,
} from "../model/ids.ts";
import type {
  AclDeclaration,
  Declaration,
  GroupDeclaration,
  MembershipDeclaration,
  PolicyDeclaration,
  PoolDeclaration,
  RealmDeclaration,
  RoleDeclaration,
  TokenDeclaration,
  UserDeclaration,
} from "./declaration.ts";
import type { Report } from "./reading.ts";

/** The declarations for one target, each object once. */
export interface Objects {
  readonly users: ReadonlyMap<UserId, UserDeclaration>;
  readonly groups: ReadonlyMap<GroupId, GroupDeclaration>;
  readonly roles: ReadonlyMap<RoleId, RoleDeclaration>;
  readonly tokens: ReadonlyMap<TokenId, TokenDeclaration>;
  readonly pools: ReadonlyMap<PoolId, PoolDeclaration>;
  readonly realms: ReadonlyMap<RealmId, RealmDeclaration>;
  readonly memberships: readonly MembershipDeclaration[];
  readonly acl: readonly AclDeclaration[];
  readonly policies: ReadonlyMap<string, PolicyDeclaration>;
}

/** Sorts declarations by kind. The second one of an object is reported and left out. */
export function objectsOf(declarations: readonly Declaration[], target: string, report: Report): Objects {
  const users = new Map<UserId, UserDeclaration>();
  const groups = new Map<GroupId, GroupDeclaration>();
  const roles = new Map<RoleId, RoleDeclaration>();
  const tokens = new Map<TokenId, TokenDeclaration>();
  const pools = new Map<PoolId, PoolDeclaration>();
  const realms = new Map<RealmId, RealmDeclaration>();
  const memberships: MembershipDeclaration[] = [];
  const acl: AclDeclaration[] = [];
  const policies = new Map<string, PolicyDeclaration>();
  const once = <Id, D extends Declaration>(map: Map<Id, D>, id: Id, declaration: D): void => {
    const first = map.get(id);
    if (first === undefined) map.set(id, declaration);
    else reportDuplicate(first, declaration, target, report);
  };
  for (const declaration of declarations) {
    switch (declaration.kind) {
      case "User":
        once(users, declaration.user.id, declaration);
        break;
      case "Group":
        once(groups, declaration.group.id, declaration);
        break;
      case "Role":
        once(roles, declaration.role.id, declaration);
        break;
      case "Token":
        once(tokens, declaration.token.id, declaration);
        break;
      case "Pool":
        once(pools, declaration.pool.id, declaration);
        break;
      case "Realm":
        once(realms, declaration.realm.id, declaration);
        break;
      case "Membership":
        memberships.push(declaration);
        break;
      case "ACL":
        acl.push(declaration);
        break;
      case "Policy":
        once(policies, declaration.policy.name, declaration);
        break;
    }
  }
  return { users, groups, roles, tokens, pools, realms, memberships, acl, policies };
}

function reportDuplicate(first: Declaration, second: Declaration, target: string, report: Report): void {
  const { kind, name, locate } = second.manifest;
  const related = first.manifest.place;
  const message = `${kind} ${name} is declared for target ${target} at ${wordPlace(related)} already`;
  report(errorAt(locate("/metadata/name"), { code: "duplicate-object", message, related }));
}

/** Whether something is declared not to exist: mentions of it count as not there. */
export interface Absent {
  readonly user: (id: UserId) => boolean;
  readonly group: (id: GroupId) => boolean;
  readonly role: (id: RoleId) => boolean;
  /** Also where its owner is absent: the server deletes a user's tokens with the user. */
  readonly token: (id: TokenId) => boolean;
  /** Not those in it: they are declared absent themselves, or it is a mistake. */
  readonly pool: (id: PoolId) => boolean;
}

export function absentIn({ users, groups, roles, tokens, pools }: Objects): Absent {
  const user = (id: UserId): boolean => users.get(id)?.user.ensure === "absent";
  return {
    user,
    group: (id) => groups.get(id)?.group.ensure === "absent",
    role: (id) => roles.get(id)?.role.ensure === "absent",
    token: (id) => tokens.get(id)?.token.ensure === "absent" || user(ownerOf(id)),
    pool: (id) => pools.get(id)?.pool.ensure === "absent",
  };
}
