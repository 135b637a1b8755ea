// The parameter `userid`, which most of the access API takes.

import type { UserId } from "../../model/ids.ts";
import type { CfgUser } from "../../usercfg/user-cfg.ts";
import { required } from "./endpoint.ts";
import { userIdFormat } from "../parameters/formats.ts";
import type { Host } from "../host.ts";
import { failure } from "../refusal.ts";
import type { ParameterSchema, Parameters } from "../parameters/schema.ts";

export const userIdParameter: ParameterSchema = { type: "string", format: userIdFormat, maximumLength: 64 };

export function userIdOf(parameters: Parameters): UserId {
  // Proof: the parameter was verified to have the format of a user's id.
  return required(parameters, "userid") as UserId;
}

/** The user that the parameter names. */
export function findUser(
  host: Host,
  parameters: Parameters,
): { readonly id: UserId; readonly user: CfgUser } {
  const id = userIdOf(parameters);
  const user = host.userCfg.read().users.get(id);
  if (user === undefined) throw failure(`no such user ('${id}')`);
  return { id, user };
}
