import { parseBech32 } from "../support/bech32.ts";
import { parsed, unparsed, type Parsed } from "../support/parsed.ts";

/** Prefixes of the public keys that age takes by itself, and how many bytes such a key has. */
const keyBytes: ReadonlyMap<string, number> = new Map([
  ["age", 32],
  ["age1pq", 1216],
  ["age1tag", 33],
  ["age1tagpq", 1249],
]);

/** A public key of age; keys of SSH and of age's plugins are none that encrypt here. */
export function parseAgeRecipient(text: string): Parsed<string> {
  if (/^ssh-/u.test(text)) return unparsed("is a key of SSH: age encrypts here to its own keys only (age1…)");
  if (!text.startsWith("age1")) return unparsed("is no public key of age: those begin with age1");
  const key = parseBech32(text);
  if (!key.ok) return key;
  const bytes = keyBytes.get(key.value.prefix);
  if (bytes === undefined) return unparsed("is a key of a plugin of age, which can't be used here");
  return key.value.bytes === bytes ? parsed(text) : unparsed("is not as long as a public key of age");
}
