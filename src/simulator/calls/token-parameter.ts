// The parameters `userid` and `tokenid`: one token of one user.

import { ownerOf, tokenNameOf, type TokenId } from "../../model/ids.ts";
import type { CfgToken, UserCfg } from "../../usercfg/user-cfg.ts";
import { required, type Call } from "./endpoint.ts";
import { failure } from "../refusal.ts";
import type { Parameters } from "../parameters/schema.ts";
import { userIdOf } from "./user-parameter.ts";

export function existingToken({ host, parameters }: Call): CfgToken {
  return tokenIn(host.userCfg.read(), tokenIdOf(parameters));
}

/** Refuses for the owner first, then for the token. */
export function tokenIn(cfg: UserCfg, id: TokenId): CfgToken {
  const owner = cfg.users.get(ownerOf(id));
  if (owner === undefined) throw failure(`no such user ('${ownerOf(id)}')`);
  const token = owner.tokens.get(id);
  if (token === undefined) throw failure(`no such token '${tokenNameOf(id)}' for user '${ownerOf(id)}'`);
  return token;
}

export function tokenIdOf(parameters: Parameters): TokenId {
  // Proof: both parts were verified, and a token's id is the two joined by `!`.
  return `${userIdOf(parameters)}!${required(parameters, "tokenid")}` as TokenId;
}
