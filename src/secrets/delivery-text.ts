import type { Issued, SecretDelivery } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";

/**
 * What a sink is given. `raw`: the secret and nothing else, as a Target's `secret: { file }` reads it. `env`: one line
 * that a shell can source; a token's value is `USER@REALM!NAME=SECRET`, as Terraform's provider and the PVEAPIToken
 * header take it, a password's is the password. `json`: the parts by name, and those of a token joined.
 */
export function deliveryText(
  { format, key }: Pick<SecretDelivery, "format" | "key">,
  issued: Issued,
): Secret {
  switch (format) {
    case "raw":
      return new Secret(issued.secret.reveal());
    case "env":
      return new Secret(`${key}=${shellQuoted(wholeOf(issued))}\n`);
    case "json":
      return new Secret(`${JSON.stringify(partsOf(issued), null, 2)}\n`);
  }
}

function wholeOf(issued: Issued): string {
  const secret = issued.secret.reveal();
  return issued.kind === "token" ? `${issued.tokenId}=${secret}` : secret;
}

function partsOf(issued: Issued): Readonly<Record<string, string>> {
  const secret = issued.secret.reveal();
  return issued.kind === "token"
    ? { tokenid: issued.tokenId, secret, token: wholeOf(issued) }
    : { userid: issued.userId, password: secret };
}

/** Whether a shell takes it as the name of a variable: what does not could be a command. */
export function isVariableName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(text);
}

/** In single quotes a POSIX shell leaves everything alone but the quote itself. */
function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
