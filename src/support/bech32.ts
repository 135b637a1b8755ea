import { charactersOf } from "./printable.ts";
import { parsed, unparsed, type Parsed } from "./parsed.ts";

const alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** The parts of a Bech32 text (BIP 173, without its limit of 90 characters): its prefix, and how many bytes it holds. */
export interface Bech32 {
  readonly prefix: string;
  readonly bytes: number;
}

export function parseBech32(text: string): Parsed<Bech32> {
  if (text !== text.toLowerCase() && text !== text.toUpperCase())
    return unparsed("mixes small and capital letters");
  const lower = text.toLowerCase();
  const end = lower.lastIndexOf("1");
  if (end < 1 || lower.length - end - 1 < 6) return unparsed("is too short");
  const prefix = lower.slice(0, end);
  const values = charactersOf(lower.slice(end + 1)).map((letter) => alphabet.indexOf(letter));
  if (values.includes(-1)) return unparsed("holds a letter that does not belong there");
  if (checksumOf(prefix, values) !== 1)
    return unparsed("has a letter wrong, or lacks some: its checksum does not fit");
  return parsed({ prefix, bytes: Math.floor(((values.length - 6) * 5) / 8) });
}

function checksumOf(prefix: string, values: readonly number[]): number {
  const codes = charactersOf(prefix).map((letter) => letter.charCodeAt(0));
  const all = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...values];
  return all.reduce((sum, value) => {
    const top = sum >> 25;
    const next = ((sum & 0x1ffffff) << 5) ^ value;
    return generators.reduce((mixed, generator, bit) => ((top >> bit) & 1 ? mixed ^ generator : mixed), next);
  }, 1);
}
