// priv/shadow.cfg, priv/token.cfg and priv/tfa.cfg: passwords of the pve realm, secrets of tokens, second factors.

import { decodeUtf8, encodeUtf8 } from "../bytes.ts";
import { isRecord } from "../../support/is-record.ts";

/** `NAME:HASH:` a line. */
export function parseShadow(text: string): Map<string, string> {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, name, hash] = /^\s*([^:]+):([^:]*):/u.exec(line) ?? [];
      return name === undefined || hash === undefined ? [] : [[name, hash]];
    }),
  );
}

export function writeShadow(hashes: ReadonlyMap<string, string>): string {
  return [...hashes].map(([name, hash]) => `${name}:${hash}:\n`).join("");
}

/** `USER@REALM!NAME SECRET` a line. */
export function parseTokenSecrets(text: string): Map<string, string> {
  return new Map(
    text.split("\n").flatMap((line): [string, string][] => {
      const [, id, secret] = /^\s*(\S+)\s+(\S+)\s*$/u.exec(line) ?? [];
      return id === undefined || secret === undefined ? [] : [[id, secret]];
    }),
  );
}

export function writeTokenSecrets(secrets: ReadonlyMap<string, string>): string {
  return [...secrets].map(([id, secret]) => `${id} ${secret}\n`).join("");
}

/** What a user has of second factors: locks, and lists of factors by their type. */
export type SecondFactors = Readonly<Record<string, unknown>>;

/** `{"users": {USER: {…}}}`; what is none is an empty file. */
export function parseSecondFactors(text: string): Map<string, SecondFactors> {
  try {
    const file: unknown = JSON.parse(decodeUtf8(text));
    const users = isRecord(file) ? file["users"] : undefined;
    return new Map(Object.entries(isRecord(users) ? users : {}).filter(isFactorsEntry));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new Map();
  }
}

export function writeSecondFactors(users: ReadonlyMap<string, SecondFactors>): string {
  return `${encodeUtf8(JSON.stringify({ users: Object.fromEntries(users) }))}\n`;
}

function isFactorsEntry(entry: [string, unknown]): entry is [string, SecondFactors] {
  return isRecord(entry[1]);
}
