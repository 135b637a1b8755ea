import type { Group, Token, User } from "../model/access-state.ts";
import type { GroupId, TokenId, UserId } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import { sortedBy, sortedSet } from "../support/compare.ts";
import {
  fieldOf,
  flagOf,
  idOf,
  idsOf,
  listOf,
  requiredField,
  secondsOf,
  textOf,
  type Json,
} from "./decode.ts";

/** GET /access/users?full=1: users with their tokens, and the groups that each says it is in. */
export interface UserList {
  readonly users: ReadonlyMap<UserId, User>;
  readonly tokens: ReadonlyMap<TokenId, Token>;
  readonly members: ReadonlyMap<GroupId, ReadonlySet<UserId>>;
}

export function userListFrom(list: Json, product: Product): UserList {
  const users = new Map<UserId, User>();
  const tokens = new Map<TokenId, Token>();
  const members = new Map<GroupId, Set<UserId>>();
  for (const row of listOf(list)) {
    const user = userFrom(row, product);
    users.set(user.id, user);
    for (const token of tokensOf(row, user.id, product)) tokens.set(token.id, token);
    for (const group of idsOf(fieldOf(row, "groups"), product.parseGroupId)) {
      const known = members.get(group) ?? new Set<UserId>();
      members.set(group, known.add(user.id));
    }
  }
  return {
    users: new Map(sortedBy(users, ([id]) => id)),
    tokens: new Map(sortedBy(tokens, ([id]) => id)),
    members,
  };
}

function userFrom(row: Json, product: Product): User {
  return {
    id: idOf(requiredField(row, "userid"), product.parseUserId),
    enabled: flagOf(fieldOf(row, "enable"), true),
    expire: secondsOf(fieldOf(row, "expire")),
    firstName: textOf(fieldOf(row, "firstname")),
    lastName: textOf(fieldOf(row, "lastname")),
    email: textOf(fieldOf(row, "email")),
    comment: textOf(fieldOf(row, "comment")),
  };
}

function tokensOf(row: Json, owner: UserId, product: Product): readonly Token[] {
  const list = fieldOf(row, "tokens");
  if (list === undefined) return [];
  return listOf(list).map((token) => {
    const name = requiredField(token, "tokenid");
    return {
      id: idOf({ ...name, value: `${owner}!${textOf(name)}` }, product.parseTokenId),
      privilegeSeparation: flagOf(fieldOf(token, "privsep"), true),
      expire: secondsOf(fieldOf(token, "expire")),
      comment: textOf(fieldOf(token, "comment")),
    };
  });
}

/** GET /access/groups. Its member list also names users that are gone; the users' own lists fill in where it lacks one. */
export function groupsFrom(
  list: Json,
  members: UserList["members"],
  product: Product,
): ReadonlyMap<GroupId, Group> {
  const groups = new Map<GroupId, Group>();
  for (const row of listOf(list)) {
    const id = idOf(requiredField(row, "groupid"), product.parseGroupId);
    const users = fieldOf(row, "users");
    const listed = users === undefined ? (members.get(id) ?? []) : idsOf(users, product.parseUserId);
    const earlier = groups.get(id)?.members ?? [];
    const comment = textOf(fieldOf(row, "comment"));
    groups.set(id, { id, comment, members: sortedSet([...earlier, ...listed]) });
  }
  return new Map(sortedBy(groups, ([id]) => id));
}
