// In: nothing. Out: the names of things, as types that only parsers can make. Must not know: any product's rules
// (those are in product.ts and pve.ts).

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** `name@realm` */
export type UserId = Branded<"UserId">;
export type GroupId = Branded<"GroupId">;
export type RoleId = Branded<"RoleId">;
/** The full id: `name@realm!token`. */
export type TokenId = Branded<"TokenId">;
export type RealmId = Branded<"RealmId">;
/** One to three levels joined by `/`. */
export type PoolId = Branded<"PoolId">;
/** Normalised: begins with `/`, no double or trailing slash. */
export type AclPath = Branded<"AclPath">;
export type Privilege = Branded<"Privilege">;

/** Who an ACL entry speaks of. */
export type Subject =
  | { readonly kind: "user"; readonly id: UserId }
  | { readonly kind: "group"; readonly id: GroupId }
  | { readonly kind: "token"; readonly id: TokenId };

/** A user or a token: who can log in and call the API. */
export type AuthId = UserId | TokenId;

/** A subject as messages and options write it: `user:joe@pve`, `group:ops`, `token:ci@pve!deploy`. */
export type SubjectKey = Branded<"SubjectKey">;

export function subjectKey(subject: Subject): SubjectKey {
  // Proof: this is the one spelling that the brand stands for.
  return `${subject.kind}:${subject.id}` as SubjectKey;
}

/** The owner of a token: everything before the last `!`, since a user's name may hold one, a token's name never. */
export function ownerOf(token: TokenId): UserId {
  // Proof: a TokenId was parsed as a UserId, `!` and a name.
  return token.slice(0, token.lastIndexOf("!")) as UserId;
}

/** The part of a token's id behind the last `!`. */
export function tokenNameOf(token: TokenId): string {
  return token.slice(token.lastIndexOf("!") + 1);
}

/** The realm of a user: everything behind the last `@`. */
export function realmOf(user: UserId): RealmId {
  // Proof: a UserId was parsed as a name, `@` and a realm.
  return user.slice(user.lastIndexOf("@") + 1) as RealmId;
}

/** Tokens and users share one name space on the wire; only a token's id holds `!` behind its realm's `@`. */
export function isTokenId(id: AuthId): id is TokenId {
  return id.lastIndexOf("!") > id.lastIndexOf("@");
}

export function authKey(id: AuthId): SubjectKey {
  return isTokenId(id) ? subjectKey({ kind: "token", id }) : subjectKey({ kind: "user", id });
}
