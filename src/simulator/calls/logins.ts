// /access/ticket and /access/password

import { realmOf, type UserId } from "../../model/ids.ts";
import { pve } from "../../model/pve.ts";
import { privilegesOn } from "../privileges.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { callerOf, required, type Call, type Endpoint } from "./endpoint.ts";
import { realmFormat } from "../parameters/formats.ts";
import type { Json } from "../json.ts";
import { normalizePath } from "./paths.ts";
import { isAuthentic, lookUp, mayLogIn, storePassword } from "./passwords.ts";
import type { Profile } from "../profile.ts";
import { badParameters, failure, forbidden, loginFailed } from "../refusal.ts";
import { privilegesParameter } from "./roles.ts";
import { isTrue, splitList } from "../parameters/schema.ts";
import { factorTypesOf } from "./second-factors.ts";
import { findUser, userIdParameter } from "./user-parameter.ts";

export function loginEndpoints(profile: Profile): readonly Endpoint[] {
  const text = { type: "string", optional: true } as const;
  return [
    {
      method: "GET",
      path: "/access/ticket",
      permission: { kind: "world" },
      parameters: {},
      run: () => null,
    },
    {
      method: "POST",
      path: "/access/ticket",
      permission: { kind: "world" },
      ticketOnly: true,
      forwarded: true,
      parameters: {
        "new-format": { type: "boolean", optional: true },
        otp: text,
        password: { type: "string" },
        path: { ...text, maximumLength: 64, requires: "privs" },
        privs: { ...privilegesParameter(profile), optional: true, maximumLength: 64, requires: "path" },
        realm: { ...text, format: realmFormat, maximumLength: 32 },
        "tfa-challenge": text,
        username: { type: "string", maximumLength: 64 },
      },
      run: logIn,
    },
    {
      method: "PUT",
      path: "/access/password",
      permission: {
        kind: "either",
        of: [
          { kind: "self" },
          {
            kind: "every",
            of: [{ kind: "allocate-user" }, { kind: "user-groups", privileges: ["User.Modify"] }],
          },
        ],
      },
      ticketOnly: true,
      forwarded: true,
      parameters: {
        ...(profile.confirmsPassword && {
          "confirmation-password": { type: "string", optional: true, maximumLength: 64, minimumLength: 5 },
        }),
        password: { type: "string", maximumLength: 64, minimumLength: profile.minimumPasswordLength },
        userid: userIdParameter,
      },
      run: changePassword,
    },
  ];
}

function logIn(call: Call): Json {
  const { host, parameters } = call;
  const realm = parameters.get("realm");
  const user = lookUp(host, `${required(parameters, "username")}${isTrue(realm) ? `@${realm}` : ""}`);
  if (user === undefined || !mayLogIn(host, user)) throw loginFailed();
  if (isTrue(parameters.get("path")) && isTrue(parameters.get("privs"))) {
    verifyLogin(call, user);
    return { username: user, cap: capabilitiesOf(host, user) };
  }
  const isRenewal = renews(call, user);
  if (!isRenewal && !isProved(call, user)) throw loginFailed();
  const { ticket, csrfToken } = host.tickets.issue(user);
  const factors = isRenewal ? [] : factorTypesOf(host, user);
  if (factors.length > 0) {
    const challenge = host.tickets.issue(`!tfa!${encodeURIComponent(JSON.stringify(factors))}`);
    return { username: user, ticket: challenge.ticket, CSRFPreventionToken: csrfToken, NeedTFA: 1 };
  }
  return { username: user, ticket, CSRFPreventionToken: csrfToken, cap: capabilitiesOf(host, user) };
}

/** A ticket in the password's place: one's own is renewed, and the superuser's opens everybody's door. */
function renews({ host, parameters }: Call, user: UserId): boolean {
  const holder = host.tickets.userOf(required(parameters, "password"));
  return holder !== undefined && (holder === pve.superuser || holder === user);
}

/** No answer to a challenge is ever right: the simulator can't verify second factors. */
function isProved({ host, parameters }: Call, user: UserId): boolean {
  if (isTrue(parameters.get("otp")) || isTrue(parameters.get("tfa-challenge"))) return false;
  return isAuthentic(host, user, required(parameters, "password"));
}

function verifyLogin({ host, parameters }: Call, user: UserId): void {
  const password = required(parameters, "password");
  const path = normalizePath(parameters.get("path"));
  const privileges = splitList(parameters.get("privs"));
  const known = host.tickets.userOf(password) === user || isAuthentic(host, user, password);
  if (!known || path === undefined) throw loginFailed();
  const held: ReadonlyMap<string, boolean> = privilegesOn(host, user, path);
  if (privileges.length === 0 || !privileges.every((privilege) => held.has(privilege))) throw loginFailed();
}

function changePassword(call: Call): null {
  const { host, parameters } = call;
  const { id } = findUser(host, parameters);
  const caller = callerOf(call);
  if (caller !== pve.superuser) {
    if (caller !== id && (id === pve.superuser || realmOf(id) === "pam")) throw forbidden();
    confirm(call);
  }
  storePassword(host, id, required(parameters, "password"));
  return null;
}

/** Whoever changes a password proves to know their own. */
function confirm(call: Call): void {
  const { host, parameters } = call;
  if (!host.profile.confirmsPassword) return;
  const confirmation = parameters.get("confirmation-password");
  if (confirmation === undefined)
    throw badParameters({ "confirmation-password": "password is required to modify user" });
  const caller = callerOf(call);
  const user = lookUp(host, caller);
  if (user === undefined || !isAuthentic(host, user, confirmation)) throw failure("invalid credentials");
}
