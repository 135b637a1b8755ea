import { createHash, timingSafeEqual } from "node:crypto";
import type { SecretReference } from "../model/secret.ts";
import { resolveSecret, type SecretSurroundings } from "./source.ts";

/**
 * Whether somebody shows the secret that the reference leads to, read anew so that it can be replaced while the program
 * runs. What can't be read is shown by nobody.
 */
export async function isBearerOf(
  reference: SecretReference,
  shown: string,
  surroundings: SecretSurroundings,
): Promise<boolean> {
  const secret = await resolveSecret(reference, surroundings);
  return secret.ok && timingSafeEqual(hashOf(shown), hashOf(secret.value.reveal()));
}

/** Of one length, as the comparison in constant time asks for. */
function hashOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
