// ACL paths as the API takes them: letters and digits of any script pass where only the form is looked at.

import { pve } from "../../model/pve.ts";

/** Runs of `/` are one, the last is cut, a first is added; undefined for what cannot be a path. */
export function normalizePath(text: string | undefined): string | undefined {
  if (text === undefined || text === "" || text === "0") return undefined;
  const cut = text.replace(/\/+/gu, "/").replace(/\/$/u, "");
  const path = cut.startsWith("/") ? cut : `/${cut}`;
  return /^[\p{Alphabetic}\p{Nd}._/-]+$/u.test(path) ? path : undefined;
}

/** Patterns that came or went, by the access library that did it (its history; from 7.4 on). */
const dated: readonly (readonly [pattern: RegExp, since: number, before?: number])[] = [
  [/^\/sdn\/vnets(?:\/|$)/u, 0, 80000],
  [/^\/mapping(?:\/|$)/u, 80000],
  [/^\/sdn\/zones(?:$|\/[^/]+\/)/u, 80000],
  [/^\/sdn\/(?:controllers|dns|ipams)(?:\/|$)/u, 80006],
  [/^\/pool\/[^/]+\//u, 80007],
  [/^\/sdn\/fabrics(?:\/|$)/u, 90001],
  [/^\/sdn\/(?:prefix-lists|route-maps)(?:\/|$)/u, 90100],
];

/** Whether entries may be added at a normalised path. `0` is no name: what is put there lands above. */
export function takesEntries(path: string, library: number): boolean {
  const isForeign = dated.some(
    ([pattern, since, before = Infinity]) => pattern.test(path) && (library < since || library >= before),
  );
  // Wrong segments `0` must not slip through the model's normal form, nor /sdn/vnets without a name.
  if (isForeign || path === "/sdn/vnets") return false;
  const marked = path.replace(/(?<=\/)0(?=\/|$)/gu, "zero");
  return pve.parseAclPath(marked).ok;
}
