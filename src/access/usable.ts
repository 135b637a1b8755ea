// Who can log in at an instant: who can't, can use nothing of what is computed.

import type { AccessState, Expiry } from "../model/access-state.ts";
import { isTokenId, ownerOf, realmOf, type AuthId, type UserId } from "../model/ids.ts";

type UserLogIn = "open" | "absent" | "disabled" | "expired";

/** Whether somebody can log in, or why not; what stops a token's owner stops the token. */
export type LogIn = UserLogIn | `owner-${Exclude<UserLogIn, "open">}`;

/** The instant in seconds since the epoch, as expiries are. */
export function logInOf(state: AccessState, id: AuthId, nowSeconds: number): LogIn {
  if (!isTokenId(id)) return userLogInOf(state, id, nowSeconds);
  const token = state.tokens.get(id);
  if (token === undefined) return "absent";
  const owner = userLogInOf(state, ownerOf(id), nowSeconds);
  if (owner !== "open") return `owner-${owner}`;
  return isPast(token.expire, nowSeconds) ? "expired" : "open";
}

/** What is answered of one by itself: without its realm a user can't log in, while its tokens work on. */
export type LogInNow = LogIn | "no-realm";

/** A state that has no realm at all is one whose realms nobody read. */
export function logInNow(state: AccessState, id: AuthId, nowSeconds: number): LogInNow {
  const logIn = logInOf(state, id, nowSeconds);
  const isStranded = !isTokenId(id) && state.realms.size > 0 && !state.realms.has(realmOf(id));
  return logIn === "open" && isStranded ? "no-realm" : logIn;
}

export function isUsable(state: AccessState, id: AuthId, nowSeconds: number): boolean {
  return logInOf(state, id, nowSeconds) === "open";
}

function userLogInOf({ users }: AccessState, id: UserId, nowSeconds: number): UserLogIn {
  const user = users.get(id);
  if (user === undefined) return "absent";
  if (!user.enabled) return "disabled";
  return isPast(user.expire, nowSeconds) ? "expired" : "open";
}

function isPast(expire: Expiry, nowSeconds: number): boolean {
  return expire !== 0 && expire <= nowSeconds;
}
