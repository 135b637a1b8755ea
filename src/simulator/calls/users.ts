// /access/users: reading.

import { realmOf, tokenNameOf, type AuthId, type TokenId, type UserId } from "../../model/ids.ts";
import { pve } from "../../model/pve.ts";
import { sortedBy } from "../../support/compare.ts";
import type { CfgToken, CfgUser } from "../../usercfg/user-cfg.ts";
import { groupsWith, hasAny, membersOf } from "../privileges.ts";
import { callerOf, type Call, type Endpoint } from "./endpoint.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import { isSet, optional, type ParameterSchema } from "../parameters/schema.ts";
import { lockFields } from "./second-factors.ts";
import { findUser, userIdParameter } from "./user-parameter.ts";

const flag: ParameterSchema = { type: "boolean" };
const readers = ["User.Modify", "Sys.Audit"];

export const userReads: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/users",
    permission: { kind: "all" },
    parameters: { enabled: optional(flag), full: optional(flag) },
    forwarded: true,
    run: listUsers,
  },
  {
    method: "GET",
    path: "/access/users/{userid}",
    permission: { kind: "user-groups", privileges: readers },
    parameters: { userid: userIdParameter },
    run: ({ host, parameters }) => {
      const { id, user } = findUser(host, parameters);
      const tokens = [...user.tokens].map(([token, value]): [string, Json] => [
        tokenNameOf(token),
        tokenFields(value),
      ]);
      return {
        ...userFields(host, id, user),
        groups: [...user.groups].sort(),
        tokens: tokens.length === 0 ? null : Object.fromEntries(tokens),
      };
    },
  },
];

/** Everybody sees themselves, and who is in a group that they may look at. */
function listUsers(call: Call): Json {
  const { host, parameters } = call;
  const caller = callerOf(call);
  const seesAll = hasAny(host, caller, { path: "/access/groups", privileges: readers });
  const seen: ReadonlySet<AuthId> = seesAll ? new Set() : membersOf(host, groupsWith(host, caller, readers));
  const enabled = parameters.get("enabled");
  return sortedBy(host.userCfg.read().users, ([id]) => id)
    .filter(([id]) => seesAll || id === caller || seen.has(id))
    .filter(([, user]) => enabled === undefined || user.enabled === (enabled === "1"))
    .map(([id, user]) => ({
      ...userFields(host, id, user),
      ...(isSet(parameters, "full") ? fullFields(user) : {}),
      ...realmType(host, id),
      ...lockFields(host.secondFactors.read().get(id)),
      userid: id,
    }));
}

/** What the server stores of a user; a field without a value is not there. */
function userFields(host: Host, id: UserId, user: CfgUser): Readonly<Record<string, Json | undefined>> {
  return {
    enable: user.enabled ? 1 : 0,
    expire: id === pve.superuser && !host.hasStoredSuperuser() ? undefined : user.expire,
    firstname: user.firstName,
    lastname: user.lastName,
    email: user.email,
    comment: user.comment,
    keys: user.keys,
  };
}

function fullFields({ groups, tokens }: CfgUser): Readonly<Record<string, Json>> {
  const list = sortedBy(tokens, ([id]) => id).map(([id, token]) => tokenRow(id, token));
  return { groups: [...groups].sort().join(","), tokens: list.length === 0 ? null : list };
}

function realmType(host: Host, id: UserId): Readonly<Record<string, Json>> {
  const realm = host.realms.read().get(realmOf(id));
  return realm === undefined || realm === "broken" ? {} : { "realm-type": realm.type };
}

export function tokenFields(token: CfgToken): Readonly<Record<string, Json | undefined>> {
  return { privsep: token.privilegeSeparation ? 1 : 0, expire: token.expire, comment: token.comment };
}

export function tokenRow(id: TokenId, token: CfgToken): Readonly<Record<string, Json | undefined>> {
  return { tokenid: tokenNameOf(id), ...tokenFields(token) };
}
