import { ownerIdOf, type Issued, type SecretDelivery } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import { readDelivered } from "./delivered.ts";
import { deliveryText } from "./delivery-text.ts";
import { withVariable, writtenValue } from "./env-text.ts";

/**
 * What a file is to hold once the secret is in it. A file of format `env` keeps its other lines. One of `json` or `raw`
 * is replaced whole, so only where it holds what Rolecall writes: nobody's notes, and no other one's secret
 * (docs/decisions/024-what-a-sink-may-replace.md). The problem completes "FILE PROBLEM".
 */
export function keptText(
  existing: string | undefined,
  delivery: SecretDelivery,
  issued: Issued,
): Parsed<Secret> {
  const text = deliveryText(delivery, issued);
  if (existing === undefined || existing.trim() === "") return parsed(text);
  const whole = writtenWhole(existing);
  if (whole)
    return whole.id === undefined || whole.id === ownerIdOf(issued) ? parsed(text) : ofAnother(whole.id);
  if (delivery.format !== "env") return unparsed("holds something that Rolecall did not write");
  const value = writtenValue(existing, delivery.key);
  if (!value.ok) return value;
  const id = tokenIn(value.value ?? "");
  if (id !== undefined && id !== ownerIdOf(issued)) return ofAnother(id);
  const merged = withVariable(existing, delivery.key, text.reveal());
  return merged.ok ? parsed(new Secret(merged.value)) : merged;
}

/** A file that is a delivery and nothing else, whichever format it is of; `id`: whose it is, where it says so. */
function writtenWhole(existing: string): { readonly id?: string } | undefined {
  const delivered = readDelivered(existing);
  if (delivered) return { id: delivered.id };
  const value = /^[A-Za-z_]\w*=('[^'\n]*')\n?$/u.exec(existing)?.[1];
  const token = value === undefined ? undefined : tokenIn(value);
  if (token !== undefined) return { id: token };
  // One word that gives no variable a value: a secret alone.
  return /^(?![A-Za-z_]\w*=)\S{1,4096}\n?$/u.test(existing) ? {} : undefined;
}

/** The token whose secret a variable holds, as `env` writes it. */
function tokenIn(value: string): string | undefined {
  return /^'?([^\s'"=]+![^\s'"=]+)=/u.exec(value)?.[1];
}

function ofAnother(id: string): Parsed<never> {
  return unparsed(`holds the secret of ${JSON.stringify(id)}`);
}
