import { ownerIdOf, type SecretDelivery, type SecretOwner } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import { writtenValue } from "./env-text.ts";

/** The secret in what a sink holds, as deliveryText writes it; the problem completes "SINK PROBLEM". */
export function secretFrom(
  text: string,
  { format, key }: Pick<SecretDelivery, "format" | "key">,
  owner: SecretOwner,
): Parsed<Secret> {
  switch (format) {
    case "raw":
      return present(text.replace(/\r?\n$/u, ""));
    case "env":
      return fromVariable(text, key, owner);
    case "json": {
      const delivered = readDelivered(text);
      if (delivered === undefined) return unparsed("does not hold what was delivered as json");
      return delivered.id === ownerIdOf(owner) ? present(delivered.secret) : ofAnother(delivered.id);
    }
  }
}

/** What `json` writes: whose it is, and the secret. */
export function readDelivered(text: string): { readonly id: string; readonly secret: string } | undefined {
  const read = parseJson(text);
  if (typeof read !== "object" || read === null) return undefined;
  if ("tokenid" in read && "secret" in read) return pairOf(read.tokenid, read.secret);
  return "userid" in read && "password" in read ? pairOf(read.userid, read.password) : undefined;
}

function pairOf(id: unknown, secret: unknown): { readonly id: string; readonly secret: string } | undefined {
  return typeof id === "string" && typeof secret === "string" ? { id, secret } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's words quote the text, which is a secret's.
    return undefined;
  }
}

function fromVariable(text: string, key: string, owner: SecretOwner): Parsed<Secret> {
  const written = writtenValue(text, key);
  if (!written.ok) return written;
  if (written.value === undefined) return unparsed(`sets no variable ${key}`);
  const value = unquoted(written.value);
  if (owner.kind === "password") return present(value);
  const prefix = `${owner.tokenId}=`;
  return value.startsWith(prefix) ? present(value.slice(prefix.length)) : ofAnother(undefined);
}

/** The text in a shell's single quotes, with the escaped quotes in between and a comment behind it; or as it is. */
function unquoted(value: string): string {
  const inner = /^'((?:[^']|'\\'')*)'(?:\s+#.*)?$/su.exec(value)?.[1];
  return inner === undefined ? value : inner.replaceAll(String.raw`'\''`, "'");
}

function present(text: string): Parsed<Secret> {
  return text === "" ? unparsed("holds no secret") : parsed(new Secret(text));
}

function ofAnother(id: string | undefined): Parsed<never> {
  return unparsed(
    id === undefined ? "does not hold this token's secret" : `holds the secret of ${JSON.stringify(id)}`,
  );
}
