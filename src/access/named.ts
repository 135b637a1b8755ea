// The words of a question, who, what and where, as one server knows them; or what is wrong with them.

import { isTokenId, type AclPath, type AuthId, type Privilege } from "../model/ids.ts";
import type { Product } from "../model/product.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import type { AccessIndex } from "./lookup.ts";

export type Named<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly hint: string | undefined };

/** `user:joe@pve`, `token:ci@pve!deploy`, or the id alone; of somebody who exists. */
export function subjectNamed(text: string, { state }: AccessIndex): Named<AuthId> {
  const [, kind, id = text] = /^(user|group|token):(.*)$/su.exec(text) ?? [];
  if (kind === "group")
    return {
      ok: false,
      problem: `${text}: nobody logs in as a group`,
      hint: "ask for one of its members, or who can do something with access who-can",
    };
  const known: readonly AuthId[] = [...state.users.keys(), ...state.tokens.keys()];
  const found = known.find((one) => one === id);
  if (found !== undefined && (kind === undefined || isTokenId(found) === (kind === "token")))
    return { ok: true, value: found };
  const near = nearest(id, known);
  return {
    ok: false,
    problem: `there is no ${kind ?? "user or token"} ${id}`,
    hint: near === undefined ? "a user is NAME@REALM, a token USER@REALM!NAME" : `did you mean ${near}?`,
  };
}

/** Of those that any role of the server has. */
export function privilegeNamed(
  text: string,
  index: AccessIndex,
  { product, server }: { readonly product: Product; readonly server: string },
): Named<Privilege> {
  const known = new Set(index.superuserPrivileges.keys());
  for (const role of index.state.roles.values())
    for (const privilege of role.privileges) known.add(privilege);
  const found = [...known].find((privilege) => privilege === text);
  if (found !== undefined) return { ok: true, value: found };
  const replacement = product.replacements.get(text);
  const near = nearest(text, known);
  const hint = near === undefined ? undefined : `did you mean ${near}?`;
  return {
    ok: false,
    problem: `${server} has no privilege ${text}`,
    hint: replacement === undefined ? hint : `in its place: ${replacement}`,
  };
}

export interface NamedPath {
  readonly path: AclPath;
  /** Why no entry can be at it, where none can. */
  readonly doubt: string | undefined;
}

/** Any path can be asked for, as on the server; one that no entry can be at has only what is inherited. */
export function pathNamed(text: string, product: Product): Named<NamedPath> {
  if (!text.startsWith("/")) return { ok: false, problem: `${text} is not a path`, hint: "as / or /vms/100" };
  const checked = product.parseAclPath(text);
  const doubt = checked.ok ? undefined : `${quoted(text)} ${checked.problem}`;
  return { ok: true, value: { path: product.normalizeAclPath(text), doubt } };
}
