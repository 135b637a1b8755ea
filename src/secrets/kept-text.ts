import { ownerIdOf, type Issued, type SecretDelivery, type SecretOwner } from "../model/delivery.ts";
import { Secret } from "../model/secret.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import { deliveryText } from "./delivery-text.ts";
import { withVariable, writtenValue } from "./env-text.ts";
import { readDelivered } from "./delivered.ts";

/**
 * What a file is to hold once the secret is in it. A file of format `env` keeps its other lines. One of `json` or `raw`
 * is replaced whole, so only where it holds what Rolecall writes: nobody's notes, and no other one's secret.
 */
export function keptText(
  existing: string | undefined,
  delivery: SecretDelivery,
  issued: Issued,
): Parsed<Secret> {
  const text = deliveryText(delivery, issued);
  if (existing === undefined || existing.trim() === "") return parsed(text);
  const problem = occupant(existing, delivery, issued);
  if (problem !== undefined) return unparsed(problem);
  if (delivery.format !== "env") return parsed(text);
  const merged = withVariable(existing, delivery.key, text.reveal());
  return merged.ok ? parsed(new Secret(merged.value)) : merged;
}

const foreign = "holds something that Rolecall did not write";

/** Why what is there must stay; undefined where it may go. */
function occupant(existing: string, { format, key }: SecretDelivery, owner: SecretOwner): string | undefined {
  switch (format) {
    case "raw":
      return /^[^\n]{1,4096}\n?$/u.test(existing) ? undefined : foreign;
    case "env": {
      const value = writtenValue(existing, key);
      if (!value.ok) return value.problem;
      return occupiedBy(/^'?([^\s'"=]+![^\s'"=]+)=/u.exec(value.value ?? "")?.[1], owner);
    }
    case "json": {
      const delivered = readDelivered(existing);
      return delivered === undefined ? foreign : occupiedBy(delivered.id, owner);
    }
  }
}

/** Of a secret that says whose it is, it is known that it is another one's. */
function occupiedBy(id: string | undefined, owner: SecretOwner): string | undefined {
  return id === undefined || id === ownerIdOf(owner)
    ? undefined
    : `holds the secret of ${JSON.stringify(id)}`;
}
