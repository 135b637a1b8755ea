import { createHash } from "node:crypto";

/**
 * 128 bits of SHA-256, as 32 hexadecimal digits: short enough to be copied, and too long for two texts of one digest to be
 * found by trying. The same text gives the same digest everywhere.
 */
export function digestOf(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex").slice(0, 32);
}
