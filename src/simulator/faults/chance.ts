import { createHash } from "node:crypto";

/** From 0 to less than 1, the same for the same text, and of no relation for another. */
export function chanceFrom(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
