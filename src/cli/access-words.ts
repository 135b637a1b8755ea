// The words of a question: who, what and where, as this server knows them.

import { logInOf, type LogIn } from "../access/usable.ts";
import { isTokenId, type AclPath, type AuthId, type Privilege } from "../model/ids.ts";
import { quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import type { Source } from "./access-source.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { Process } from "./process.ts";

/** `user:joe@pve`, `token:ci@pve!deploy`, or the id alone; of somebody who exists. */
export function subjectFrom(text: string, { index: { state } }: Source): AuthId {
  const [, kind, id = text] = /^(user|group|token):(.*)$/su.exec(text) ?? [];
  if (kind === "group")
    throw new Failure(
      `${text}: nobody logs in as a group`,
      exitStatus.error,
      "ask for one of its members, or who can do something with access who-can",
    );
  const known: readonly AuthId[] = [...state.users.keys(), ...state.tokens.keys()];
  const found = known.find((one) => one === id);
  if (found !== undefined && (kind === undefined || isTokenId(found) === (kind === "token"))) return found;
  const near = nearest(id, known);
  throw new Failure(
    `there is no ${kind ?? "user or token"} ${id}`,
    exitStatus.error,
    near === undefined ? "a user is NAME@REALM, a token USER@REALM!NAME" : `did you mean ${near}?`,
  );
}

export function logInNow({ index, nowSeconds }: Source, id: AuthId): LogIn {
  return logInOf(index.state, id, nowSeconds);
}

export function privilegeFrom(text: string, { index, name, product }: Source): Privilege {
  const known = new Set(index.superuserPrivileges.keys());
  for (const role of index.state.roles.values())
    for (const privilege of role.privileges) known.add(privilege);
  const found = [...known].find((privilege) => privilege === text);
  if (found !== undefined) return found;
  const replacement = product.replacements.get(text);
  const near = nearest(text, known);
  const hint = near === undefined ? undefined : `did you mean ${near}?`;
  throw new Failure(
    `${name} has no privilege ${text}`,
    exitStatus.error,
    replacement === undefined ? hint : `in its place: ${replacement}`,
  );
}

/** Any path can be asked for, as on the server; one that no entry can be at has only what is inherited. */
export function pathFrom(text: string, { product }: Source, { stderr }: Process): AclPath {
  if (!text.startsWith("/"))
    throw new Failure(`--on ${text} is not a path`, exitStatus.error, `as / or /vms/100`);
  const checked = product.parseAclPath(text);
  if (!checked.ok) stderr.write(`warning: --on ${quoted(text)} ${checked.problem}\n`);
  return product.normalizeAclPath(text);
}
