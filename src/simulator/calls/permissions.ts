// /access/permissions

import { effectivePermissions } from "../../access/effective.ts";
import { isTokenId, ownerOf, type AuthId, type Privilege } from "../../model/ids.ts";
import { pve } from "../../model/pve.ts";
import { privilegesOn, requireAll } from "../privileges.ts";
import { callerOf, type Call, type Endpoint } from "./endpoint.ts";
import { authIdPattern } from "../parameters/formats.ts";
import type { Json } from "../json.ts";
import { isTrue } from "../parameters/schema.ts";

export const permissionEndpoints: readonly Endpoint[] = [
  {
    method: "GET",
    path: "/access/permissions",
    permission: { kind: "all" },
    parameters: {
      path: { type: "string", optional: true },
      userid: { type: "string", optional: true, pattern: authIdPattern },
    },
    run: readPermissions,
  },
];

/** One's own and one's tokens' are free to see; the path is taken as it is, and need not be one. */
function readPermissions(call: Call): Json {
  const { host, parameters } = call;
  const caller = callerOf(call);
  // Proof: the parameter was verified to be a user's or a token's id.
  const subject = (parameters.get("userid") ?? caller) as AuthId;
  const owned = isTokenId(subject) && ownerOf(subject) === caller;
  if (subject !== caller && !owned && caller !== pve.superuser)
    requireAll(host, caller, { path: "/access", privileges: ["Sys.Audit"] });
  const path = parameters.get("path");
  if (isTrue(path)) return { [path]: flags(privilegesOn(host, subject, path)) };
  return Object.fromEntries(
    [...effectivePermissions(host.access(), subject)].map(([place, held]) => [place, flags(held)]),
  );
}

function flags(held: ReadonlyMap<Privilege, boolean>): Json {
  return Object.fromEntries([...held].map(([privilege, propagate]) => [privilege, propagate ? 1 : 0]));
}
