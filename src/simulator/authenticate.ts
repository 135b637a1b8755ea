// Who is calling: from a request's headers to an identity.

import { isTokenId, ownerOf, type AuthId, type TokenId, type UserId } from "../model/ids.ts";
import { decodePercent } from "./http/body.ts";
import type { Host } from "./host.ts";
import type { RequestHead } from "./http/message.ts";
import { hasExpired, mayLogIn } from "./calls/passwords.ts";
import { isSame } from "./tickets.ts";

export interface Credentials {
  readonly ticket: string | undefined;
  readonly apiToken: string | undefined;
  readonly csrfToken: string | undefined;
}

export type Identity =
  /** Nobody, where nobody needs to be logged in. */
  | { readonly kind: "nobody" }
  | { readonly kind: "caller"; readonly id: AuthId }
  /** The server says no more than this. */
  | { readonly kind: "refused"; readonly reason: string };

export function credentialsOf({ headers }: RequestHead): Credentials {
  const authorization = headers.get("authorization");
  const ticket = valueFor(headers.get("cookie"), "PVEAuthCookie") ?? valueFor(authorization, "PVEAuthCookie");
  const apiToken = ticket === undefined ? valueFor(authorization, "PVEAPIToken") : undefined;
  return { ticket, apiToken, csrfToken: headers.get("csrfpreventiontoken") };
}

/** `KEY=VALUE` or `KEY VALUE`, up to a `;`, percent-decoded. An empty value is none. */
function valueFor(header: string | undefined, key: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${key}[= ]([^;]*)`, "u").exec(header ?? "")?.[1];
  return value === undefined || value === "" ? undefined : decodePercent(value);
}

/** Calls that need no login, whatever credentials they bring. */
const openCalls = new Set(["GET /access/domains", "GET /access/ticket", "POST /access/ticket"]);

export function authenticate(
  host: Host,
  { method, path }: { readonly method: string; readonly path: string },
  credentials: Credentials,
): Identity {
  if (openCalls.has(`${method} ${path}`)) return { kind: "nobody" };
  const { ticket, apiToken, csrfToken } = credentials;
  if (apiToken !== undefined) return identified(tokenFrom(host, apiToken));
  if (ticket === undefined) return { kind: "refused", reason: "No ticket" };
  const user = userFrom(host, ticket);
  if (user !== undefined && method !== "GET" && !host.tickets.ownsCsrfToken(user, csrfToken ?? ""))
    return { kind: "refused", reason: "Permission denied - invalid csrf token" };
  return identified(user);
}

function identified(id: AuthId | undefined): Identity {
  return id === undefined ? { kind: "refused", reason: "Authentication failed!" } : { kind: "caller", id };
}

function userFrom(host: Host, ticket: string): UserId | undefined {
  // Proof: what is not a user's id is no user of the file either, and `mayLogIn` looks there.
  const user = host.tickets.userOf(ticket) as UserId | undefined;
  return user !== undefined && mayLogIn(host, user) ? user : undefined;
}

/** `USER@REALM!NAME=SECRET`, with the secret behind the last `=`. */
function tokenFrom(host: Host, text: string): TokenId | undefined {
  const [, idText, secret] = /^(.*)=(.*)$/u.exec(text) ?? [];
  if (idText === undefined || secret === undefined) return undefined;
  // Proof: what is not a token's id is no token of the file either, and that is where it is looked for.
  const id = idText as TokenId;
  if (!isTokenId(id) || !mayLogIn(host, ownerOf(id))) return undefined;
  const token = host.userCfg.read().users.get(ownerOf(id))?.tokens.get(id);
  const stored = host.tokenSecrets.read().get(id);
  if (token === undefined || stored === undefined || hasExpired(host, token.expire)) return undefined;
  return isSame(stored, secret) ? id : undefined;
}
