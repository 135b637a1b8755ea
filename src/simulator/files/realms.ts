// domains.cfg: sections `TYPE: REALM`, each with options on lines of their own.

import { decodeText, encodeText } from "../../usercfg/text.ts";
import { realmOptions } from "./realm-options.ts";

export interface RealmSection {
  readonly type: string;
  /** In the order of the file; the values as the API gives them. */
  readonly options: ReadonlyMap<string, string>;
}

/**
 * `broken` is a section that lacks a required option: the server lists it without a type, and from then on refuses to
 * write the file.
 */
export type Realms = ReadonlyMap<string, RealmSection | "broken">;

const builtIn = [
  ["pam", "Linux PAM standard authentication"],
  ["pve", "Proxmox VE authentication server"],
] as const;

/** The realms of a file; `pam` and `pve` are there whatever it says. */
export function parseRealms(text: string): Realms {
  const realms = new Map<string, RealmSection | "broken">();
  for (const block of text.split(/\n(?:[\t ]*\n)+/u)) addSection(realms, block.split("\n"));
  for (const [realm, comment] of builtIn) {
    const section = realms.get(realm);
    const options =
      section === undefined || section === "broken" ? new Map<string, string>() : section.options;
    realms.set(realm, {
      type: realm,
      options: options.has("comment") ? options : new Map([...options, ["comment", comment]]),
    });
  }
  return realms;
}

function addSection(realms: Map<string, RealmSection | "broken">, lines: readonly string[]): void {
  const start = lines.findIndex((line) => line.trim() !== "" && !line.startsWith("#"));
  const [, type, realm] = /^(\S+):\s*(\S+)\s*$/u.exec(lines[start] ?? "") ?? [];
  if (type === undefined || realm === undefined) return;
  const table = realmOptions(type);
  if (table === undefined) return;
  const options = new Map(lines.slice(start + 1).flatMap(optionFrom));
  const complete = table.required.every((name) => options.has(name));
  realms.set(realm, complete ? { type, options } : "broken");
}

function optionFrom(line: string): [string, string][] {
  const [, name, value = ""] = /^\s+(\S+)(?:\s+(.*\S))?\s*$/u.exec(line) ?? [];
  if (name === undefined) return [];
  return [[name, name === "comment" ? (decodeText(value) ?? "") : value]];
}

/** Comment first, then what the type requires, then the rest by name; options without a value are left out. */
export function writeRealms(realms: ReadonlyMap<string, RealmSection>): string {
  return [...realms]
    .map(([realm, { type, options }]) => {
      const required = realmOptions(type)?.required ?? [];
      const rank = (name: string): string =>
        `${name === "comment" ? 0 : required.includes(name) ? 1 : 2}${name}`;
      const lines = [...options]
        .filter(([, value]) => value !== "")
        .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1))
        .map(([name, value]) => `\t${name} ${name === "comment" ? encodeText(value) : value}\n`);
      return `${type}: ${realm}\n${lines.join("")}\n`;
    })
    .join("");
}
