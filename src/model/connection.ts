// In: ids and read secrets. Out: all that it takes to talk to one target. Must not know: where any of it was read from.

import type { TokenId, UserId } from "./ids.ts";
import type { ProductName } from "./product.ts";
import type { Secret } from "./secret.ts";

/** Credentials with their references read. */
export type ResolvedCredentials =
  | { readonly kind: "token"; readonly id: TokenId; readonly secret: Secret }
  | { readonly kind: "password"; readonly user: UserId; readonly password: Secret };

/** How the server is known. Verification is never off: without either field the system's trust decides. */
export interface TlsTrust {
  /** SHA-256 of the server's own certificate, upper case pairs joined by `:`. */
  readonly fingerprint?: string;
  /** Certificates in PEM form that are trusted in place of the system's. */
  readonly ca?: string;
}

export interface Connection {
  readonly product: ProductName;
  /** At least one, as `https://pve1.example:8006`; tried in order. */
  readonly endpoints: readonly string[];
  readonly credentials: ResolvedCredentials;
  readonly tls: TlsTrust;
}
