// ACL paths as the API takes them: letters and digits of any script pass where only the form is looked at.

import { pve } from "../../model/pve.ts";

/** Runs of `/` are one, the last is cut, a first is added; undefined for what cannot be a path. */
export function normalizePath(text: string | undefined): string | undefined {
  if (text === undefined || text === "" || text === "0") return undefined;
  const cut = text.replace(/\/+/gu, "/").replace(/\/$/u, "");
  const path = cut.startsWith("/") ? cut : `/${cut}`;
  return /^[\p{Alphabetic}\p{Nd}._/-]+$/u.test(path) ? path : undefined;
}

/** Whether entries may be added at a normalised path. `0` is no name: what is put there lands above. */
export function takesEntries(path: string): boolean {
  // Paths of older releases and wrong segments `0` must not slip through the model's normal form.
  if (/^\/sdn\/vnets(?:\/|$)/u.test(path)) return false;
  const marked = path.replace(/(?<=\/)0(?=\/|$)/gu, "zero");
  return pve.parseAclPath(marked).ok;
}
