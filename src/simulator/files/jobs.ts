// jobs.cfg: sections `realm-sync: ID`, each with options on lines of their own; jobs of other kinds are kept as they are.
// As the public documentation has it; not recorded.

import { decodeText, encodeText } from "../../usercfg/text.ts";

export interface Jobs {
  /** By id; the values as the API gives them. */
  readonly syncs: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whole sections of other kinds. */
  readonly others: readonly string[];
}

export function parseJobs(text: string): Jobs {
  const syncs = new Map<string, ReadonlyMap<string, string>>();
  const others: string[] = [];
  for (const block of text.split(/\n(?:[\t ]*\n)+/u).filter((one) => one.trim() !== "")) {
    const [head = "", ...lines] = block.trim().split("\n");
    const id = /^realm-sync:\s*(\S+)\s*$/u.exec(head)?.[1];
    if (id === undefined) others.push(block.trim());
    else syncs.set(id, new Map(lines.flatMap(optionFrom)));
  }
  return { syncs, others };
}

function optionFrom(line: string): [string, string][] {
  const [, name, value = ""] = /^\s+(\S+)(?:\s+(.*\S))?\s*$/u.exec(line) ?? [];
  if (name === undefined) return [];
  return [[name, name === "comment" ? (decodeText(value) ?? "") : value]];
}

export function writeJobs({ syncs, others }: Jobs): string {
  const sections = [...syncs].map(([id, options]) => {
    const lines = [...options]
      .filter(([, value]) => value !== "")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `\t${name} ${name === "comment" ? encodeText(value) : value}`);
    return [`realm-sync: ${id}`, ...lines].join("\n");
  });
  return [...others, ...sections].map((section) => `${section}\n\n`).join("");
}
