// /access/users/{userid}/token

import { sortedBy } from "../../support/compare.ts";
import type { Endpoint, Permission } from "./endpoint.ts";
import { configIdFormat, tokenNamePattern } from "../parameters/formats.ts";
import type { Profile } from "../profile.ts";
import type { ParameterTable } from "../parameters/schema.ts";
import { existingToken } from "./token-parameter.ts";
import { createToken, deleteToken, updateToken } from "./token-writes.ts";
import { findUser, userIdParameter } from "./user-parameter.ts";
import { tokenFields, tokenRow } from "./users.ts";

const permission: Permission = {
  kind: "either",
  of: [{ kind: "self" }, { kind: "user-groups", privileges: ["User.Modify"] }],
};

const ids: ParameterTable = {
  tokenid: { type: "string", pattern: tokenNamePattern },
  userid: userIdParameter,
};

const fields: ParameterTable = {
  comment: { type: "string", optional: true },
  expire: { type: "integer", optional: true, minimum: 0 },
  privsep: { type: "boolean", optional: true },
};

const path = "/access/users/{userid}/token/{tokenid}";

export function tokenEndpoints(profile: Profile): readonly Endpoint[] {
  const updates: ParameterTable = {
    ...(profile.tokenDelete && {
      delete: { type: "string", optional: true, format: configIdFormat, list: true },
    }),
    ...(profile.tokenRegenerate && { regenerate: { type: "boolean", optional: true } }),
  };
  return [
    {
      method: "GET",
      path: "/access/users/{userid}/token",
      permission,
      parameters: { userid: userIdParameter },
      run: ({ host, parameters }) =>
        sortedBy(findUser(host, parameters).user.tokens, ([id]) => id).map(([id, token]) =>
          tokenRow(id, token),
        ),
    },
    { method: "GET", path, permission, parameters: ids, run: (call) => tokenFields(existingToken(call)) },
    {
      method: "POST",
      path,
      permission,
      parameters: { ...ids, ...fields },
      forwarded: true,
      run: createToken,
    },
    {
      method: "PUT",
      path,
      permission,
      parameters: { ...ids, ...fields, ...updates },
      forwarded: true,
      run: updateToken,
    },
    { method: "DELETE", path, permission, parameters: ids, forwarded: true, run: deleteToken },
  ];
}
