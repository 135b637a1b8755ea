// Making, changing and removing the tokens of a user.

import { randomUUID } from "node:crypto";
import type { TokenId, UserId } from "../../model/ids.ts";
import type { CfgToken, CfgUser } from "../../usercfg/user-cfg.ts";
import type { Call } from "./endpoint.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import { requireLock, underLock } from "../locks.ts";
import { badParameters } from "../refusal.ts";
import { isSet, isTrue, splitList, type Parameters } from "../parameters/schema.ts";
import type { Profile } from "../profile.ts";
import { existingToken, tokenIdOf } from "./token-parameter.ts";
import { findUser, userIdOf } from "./user-parameter.ts";
import { tokenFields } from "./users.ts";

/** Answers with what was asked for, in the caller's own words: numbers that were given come back as texts. */
export function createToken({ host, parameters }: Call): Json {
  const { user } = findUser(host, parameters);
  const id = tokenIdOf(parameters);
  if (user.tokens.has(id)) throw badParameters({ tokenid: "Token already exists." });
  const comment = parameters.get("comment");
  const expire = parameters.get("expire");
  return underLock(host, "generating token failed", () => {
    const value = renewSecret(host, id);
    const token: CfgToken = {
      privilegeSeparation: parameters.get("privsep") !== "0",
      expire: Number(expire ?? 0),
      ...(isTrue(comment) && { comment }),
    };
    writeToken(host, parameters, token);
    const info = {
      privsep: parameters.get("privsep") ?? 1,
      expire,
      comment: isTrue(comment) ? comment : undefined,
    };
    return { "full-tokenid": id, value, info };
  });
}

export function updateToken(call: Call): Json {
  const { host, parameters } = call;
  const id = tokenIdOf(parameters);
  existingToken(call);
  return underLock(host, "updating token info failed", () => {
    const before = existingToken(call);
    const { token, answer } = changeToken(before, parameters, host.profile);
    const value = isSet(parameters, "regenerate") ? renewSecret(host, id) : undefined;
    writeToken(host, parameters, token);
    return value === undefined ? answer : { ...answer, "full-tokenid": id, value };
  });
}

function changeToken(
  before: CfgToken,
  parameters: Parameters,
  { tokenDelete }: Profile,
): { readonly token: CfgToken; readonly answer: Readonly<Record<string, Json | undefined>> } {
  const deleted = splitList(parameters.get("delete"));
  for (const name of deleted)
    if (name !== "comment") throw badParameters({ delete: `unknown option '${name}'` });
  const [privsep, expire] = [parameters.get("privsep"), parameters.get("expire")];
  const asked = parameters.get("comment");
  const keeps = asked === undefined || (asked === "" && !tokenDelete);
  const given = (keeps ? before.comment : asked) ?? "";
  const comment = deleted.includes("comment") || given === "" ? undefined : given;
  const { privsep: oldPrivsep, expire: oldExpire } = tokenFields(before);
  return {
    token: {
      privilegeSeparation: privsep === undefined ? before.privilegeSeparation : privsep === "1",
      expire: Number(expire ?? before.expire),
      ...(comment !== undefined && { comment }),
    },
    answer: { privsep: privsep ?? oldPrivsep, expire: expire ?? oldExpire, comment },
  };
}

/** The token's entries stay in the file as dead text until the next write. */
export function deleteToken(call: Call): null {
  const { host, parameters } = call;
  const id = tokenIdOf(parameters);
  existingToken(call);
  return underLock(host, "deleting token failed", () => {
    requireLock(host, "priv/token.cfg");
    host.tokenSecrets.write(new Map([...host.tokenSecrets.read()].filter(([other]) => other !== id)));
    const { user } = findUser(host, parameters);
    const tokens = new Map([...user.tokens].filter(([other]) => other !== id));
    writeUser(host, userIdOf(parameters), { ...user, tokens });
    return null;
  });
}

function renewSecret(host: Host, id: TokenId): string {
  requireLock(host, "priv/token.cfg");
  const value = randomUUID();
  host.tokenSecrets.write(new Map([...host.tokenSecrets.read(), [id, value]]));
  return value;
}

function writeToken(host: Host, parameters: Parameters, token: CfgToken): void {
  const { id, user } = findUser(host, parameters);
  writeUser(host, id, {
    ...user,
    tokens: new Map([...user.tokens, [tokenIdOf(parameters), token] as const]),
  });
}

function writeUser(host: Host, id: UserId, user: CfgUser): void {
  const cfg = host.userCfg.read();
  host.userCfg.write({ ...cfg, users: new Map([...cfg.users, [id, user] as const]) });
}
