// Second factors and their locks, as far as the access API shows them.

import { realmOf, type UserId } from "../../model/ids.ts";
import type { Call, Endpoint } from "./endpoint.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import type { SecondFactors } from "../files/passwords.ts";
import { failure } from "../refusal.ts";
import { isSet } from "../parameters/schema.ts";
import { userIdOf, userIdParameter } from "./user-parameter.ts";

const factorTypes = ["totp", "u2f", "webauthn", "recovery", "yubico"];

export const secondFactorEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/users/{userid}/tfa",
    permission: {
      kind: "either",
      of: [{ kind: "self" }, { kind: "user-groups", privileges: ["User.Modify", "Sys.Audit"] }],
    },
    parameters: { userid: userIdParameter, multiple: { type: "boolean", optional: true } },
    forwarded: true,
    run: readTypes,
  },
  {
    method: "PUT",
    path: "/access/users/{userid}/unlock-tfa",
    permission: { kind: "user-groups", privileges: ["User.Modify"] },
    parameters: { userid: userIdParameter },
    forwarded: true,
    run: unlock,
  },
];

/** What a list of users says of a user's locks. */
export function lockFields(factors: SecondFactors | undefined): Readonly<Record<string, Json>> {
  if (factors === undefined) return {};
  const until = factors["tfa-locked-until"];
  return {
    ...(factors["totp-locked"] === true ? { "totp-locked": true } : {}),
    ...(typeof until === "number" ? { "tfa-locked-until": until } : {}),
  };
}

/** The types of factors that a user has. */
export function factorTypesOf(host: Host, user: UserId): string[] {
  const factors = host.secondFactors.read().get(user) ?? {};
  return factorTypes.filter((type) => {
    const entries = factors[type];
    return Array.isArray(entries) ? entries.length > 0 : entries !== undefined && entries !== null;
  });
}

function readTypes({ host, parameters }: Call): Json {
  const id = userIdOf(parameters);
  const realm = host.realms.read().get(realmOf(id));
  if (realm === undefined || realm === "broken") throw failure(`auth domain '${realmOf(id)}' does not exist`);
  const demanded = /(?:^|,)type=([a-z]+)/u.exec(realm.options.get("tfa") ?? "")?.[1];
  const types = factorTypesOf(host, id);
  return {
    ...(demanded === undefined ? {} : { realm: demanded }),
    ...(isSet(parameters, "multiple") ? { user: types } : types.length > 0 ? { user: types[0] } : {}),
  };
}

/** 1 where something was locked. */
function unlock({ host, parameters }: Call): number {
  const id = userIdOf(parameters);
  const users = host.secondFactors.read();
  const factors = users.get(id) ?? {};
  const rest = Object.entries(factors).filter(([key]) => key !== "totp-locked" && key !== "tfa-locked-until");
  if (rest.length === Object.keys(factors).length) return 0;
  host.secondFactors.write(new Map([...users, [id, Object.fromEntries(rest)] as const]));
  return 1;
}
