import type { SecretDelivery } from "../model/desired.ts";
import type { TokenId } from "../model/ids.ts";
import { Secret } from "../model/secret.ts";

/** A token with the secret that its creation answered with. */
export interface IssuedToken {
  readonly tokenId: TokenId;
  readonly secret: Secret;
}

/**
 * What a sink's file holds. `raw`: the secret and nothing else, as a Target's `secret: { file }` reads it.
 * `env`: one line that a shell can source, its value `USER@REALM!NAME=SECRET` as Terraform's provider and the
 * PVEAPIToken header take it. `json`: both parts by name, and the two joined.
 */
export function deliveryText(delivery: SecretDelivery, issued: IssuedToken): Secret {
  const secret = issued.secret.reveal();
  const token = `${issued.tokenId}=${secret}`;
  switch (delivery.format) {
    case "raw":
      return new Secret(secret);
    case "env":
      return new Secret(`${delivery.key}=${shellQuoted(token)}\n`);
    case "json":
      return new Secret(`${JSON.stringify({ tokenid: issued.tokenId, secret, token }, null, 2)}\n`);
  }
}

/** Whether a shell takes it as the name of a variable: what does not could be a command. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(text);
}

/** In single quotes a POSIX shell leaves everything alone but the quote itself. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
