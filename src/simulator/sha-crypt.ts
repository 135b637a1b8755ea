// SHA-256 crypt (`$5$`), as in shadow files: after Ulrich Drepper's public specification "Unix crypt using SHA-256".

import { createHash, timingSafeEqual } from "node:crypto";

const alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const defaultRounds = 5000;
const settingPattern = /^\$5\$(?:rounds=([0-9]+)\$)?([^$]{0,16})/u;

/** The three bytes that make four characters, in the specification's order; the last group has two. */
const byteOrder: readonly (readonly [number, number, number])[] = [
  [0, 10, 20],
  [21, 1, 11],
  [12, 22, 2],
  [3, 13, 23],
  [24, 4, 14],
  [15, 25, 5],
  [6, 16, 26],
  [27, 7, 17],
  [18, 28, 8],
  [9, 19, 29],
];

/** Hashes a password with the salt and rounds of a setting: `$5$SALT` or a whole hash. Undefined where it is none. */
export function shaCrypt(password: string, setting: string): string | undefined {
  const found = settingPattern.exec(setting);
  if (found === null) return undefined;
  const [, roundsText, salt = ""] = found;
  const rounds = roundsText === undefined ? defaultRounds : clampRounds(Number(roundsText));
  const digest = digestOf(Buffer.from(password), Buffer.from(salt), rounds);
  const shown = roundsText === undefined ? "" : `rounds=${rounds}$`;
  return `$5$${shown}${salt}$${encodeDigest(digest)}`;
}

/** Whether the password is the one that was hashed. False for anything that is no SHA-256 crypt. */
export function matchesShaCrypt(password: string, hash: string): boolean {
  const computed = Buffer.from(shaCrypt(password, hash) ?? "");
  const stored = Buffer.from(hash);
  return computed.length > 0 && computed.length === stored.length && timingSafeEqual(computed, stored);
}

function clampRounds(rounds: number): number {
  return Math.min(Math.max(rounds, 1000), 999_999_999);
}

function digestOf(password: Buffer, salt: Buffer, rounds: number): Buffer {
  const inner = sha256(password, salt, password);
  const parts = [password, salt, repeated(inner, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push((bits & 1) === 1 ? inner : password);
  const start = sha256(...parts);
  const first = start[0] ?? 0;
  const p = repeated(sha256(...times(password, password.length)), password.length);
  const s = repeated(sha256(...times(salt, 16 + first)), salt.length);
  let digest = start;
  for (let round = 0; round < rounds; round++) digest = roundDigest(round, digest, { p, s });
  return digest;
}

function roundDigest(
  round: number,
  digest: Buffer,
  { p, s }: { readonly p: Buffer; readonly s: Buffer },
): Buffer {
  const odd = round % 2 === 1;
  return sha256(
    odd ? p : digest,
    ...(round % 3 === 0 ? [] : [s]),
    ...(round % 7 === 0 ? [] : [p]),
    odd ? digest : p,
  );
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function times(part: Buffer, count: number): Buffer[] {
  return Array.from({ length: count }, () => part);
}

/** As many bytes as asked for, the digest over and over. */
function repeated(digest: Buffer, length: number): Buffer {
  return Buffer.concat(times(digest, Math.ceil(length / digest.length))).subarray(0, length);
}

function encodeDigest(digest: Buffer): string {
  const groups = byteOrder.map(([high, middle, low]) =>
    encodeBits(((digest[high] ?? 0) << 16) | ((digest[middle] ?? 0) << 8) | (digest[low] ?? 0), 4),
  );
  return `${groups.join("")}${encodeBits(((digest[31] ?? 0) << 8) | (digest[30] ?? 0), 3)}`;
}

function encodeBits(bits: number, characters: number): string {
  return Array.from({ length: characters }, (_, index) => alphabet.charAt((bits >> (6 * index)) & 63)).join(
    "",
  );
}
