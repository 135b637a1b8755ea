// /access/domains/{realm}/sync

import { callerOf, required, type Call, type Endpoint } from "./endpoint.ts";
import { parseProperties } from "../parameters/property-string.ts";
import { isDirectoryType } from "../files/realm-options.ts";
import { syncDefaults, syncParameters } from "./realm-parameters.ts";
import { badParameters, failure } from "../refusal.ts";

export const realmSyncs: readonly Endpoint[] = [
  {
    method: "POST",
    path: "/access/domains/{realm}/sync",
    permission: {
      kind: "every",
      of: [
        { kind: "privileges", path: "/access/realm/{realm}", privileges: ["Realm.AllocateUser"] },
        { kind: "privileges", path: "/access/groups", privileges: ["User.Modify"] },
      ],
    },
    parameters: syncParameters,
    forwarded: true,
    run: syncRealm,
  },
];

/** Starts a task that will fail, since there is no directory: what the caller gets is the task's id. */
function syncRealm(call: Call): string {
  const { host, parameters } = call;
  const realm = required(parameters, "realm");
  const section = host.realms.read().get(realm);
  if (section === undefined || section === "broken") throw badParameters({ realm: "Realm does not exist." });
  if (!isDirectoryType(section.type))
    throw failure(`Cannot sync realm type '${section.type}'! Only LDAP/AD realms can be synced.`);
  const defaults = parseProperties(section.options.get("sync-defaults-options") ?? "", syncDefaults);
  const scope = parameters.get("scope") ?? (typeof defaults === "string" ? undefined : defaults.get("scope"));
  if (scope === undefined)
    throw badParameters({ scope: "Not passed as parameter and not defined in realm default sync options." });
  const started = Math.floor(host.now() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, "0");
  return `UPID:vm:00000001:00000001:${started}:auth-realm-sync:${realm}:${callerOf(call)}:`;
}
