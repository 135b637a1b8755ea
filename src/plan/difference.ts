// One object at both ends of a plan. Must not know: how the two were compared, what is written.

import type { Group, Pool, Realm, Role, Token, User } from "../model/access-state.ts";
import type { GroupId } from "../model/ids.ts";
import type { SecretReference } from "../model/secret.ts";
import { pairName, type Pair } from "./pairs.ts";
import { changeKey, type ChangeKey, type RealmRemark, type TokenRemark } from "./settling.ts";

/** A user with the groups that it is in, sorted: a membership is the field `groups` of its user. */
export interface UserView {
  readonly user: User;
  readonly groups: readonly GroupId[];
}

export interface Sides<T> {
  readonly before?: T;
  readonly after?: T;
}

export type Difference =
  | ({ readonly kind: "User"; readonly password?: SecretReference } & Sides<UserView>)
  | ({ readonly kind: "Group" } & Sides<Group>)
  | ({ readonly kind: "Role" } & Sides<Role>)
  | ({ readonly kind: "Token" } & Sides<Token> & TokenRemark)
  | ({ readonly kind: "Pool" } & Sides<Pool>)
  | ({ readonly kind: "Realm" } & Sides<Realm> & RealmRemark)
  | ({ readonly kind: "ACL" } & Sides<Pair>);

export function actionOf({ before, after }: Difference): "create" | "update" | "delete" {
  if (before === undefined) return "create";
  return after === undefined ? "delete" : "update";
}

export function nameOf(difference: Difference): string {
  if (difference.kind === "User") return (difference.after ?? difference.before)?.user.id ?? "";
  if (difference.kind === "ACL") {
    const pair = difference.after ?? difference.before;
    return pair ? pairName(pair.path, pair.subject) : "";
  }
  return (difference.after ?? difference.before)?.id ?? "";
}

export function keyOf(difference: Difference): ChangeKey {
  return changeKey(difference.kind, nameOf(difference));
}
