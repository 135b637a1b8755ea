// /access/domains/{realm}/sync

import type { UserId } from "../../model/ids.ts";
import { pve } from "../../model/pve.ts";
import type { CfgUser, UserCfg } from "../../usercfg/user-cfg.ts";
import { callerOf, required, type Call, type Endpoint } from "./endpoint.ts";
import { parseProperties } from "../parameters/property-string.ts";
import { isDirectoryType } from "../files/realm-options.ts";
import type { Host } from "../host.ts";
import { isSet } from "../parameters/schema.ts";
import { syncDefaults, syncParameters } from "./realm-parameters.ts";
import { badParameters, failure } from "../refusal.ts";
import { requireLock } from "../locks.ts";
import { runTask } from "./tasks.ts";

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

/** What the caller gets is the task's id; how it ended is in its log. */
function syncRealm(call: Call): string {
  const { host, parameters } = call;
  const realm = required(parameters, "realm");
  const section = host.realms.read().get(realm);
  if (section === undefined || section === "broken") throw badParameters({ realm: "Realm does not exist." });
  if (!isDirectoryType(section.type))
    throw failure(`Cannot sync realm type '${section.type}'! Only LDAP/AD realms can be synced.`);
  const parsed = parseProperties(section.options.get("sync-defaults-options") ?? "", syncDefaults);
  const defaults = typeof parsed === "string" ? undefined : parsed;
  const optionOf = (name: string): string | undefined => parameters.get(name) ?? defaults?.get(name);
  const scope = optionOf("scope");
  if (scope === undefined)
    throw badParameters({ scope: "Not passed as parameter and not defined in realm default sync options." });
  return runTask(host, {
    type: "auth-realm-sync",
    id: realm,
    user: callerOf(call),
    work: (print) =>
      fetchUsers(host, realm, print, {
        isDry: isSet(parameters, "dry-run"),
        what: scope === "both" ? "users and groups" : scope,
        enabled: optionOf("enable-new") !== "0",
        removes: optionOf("remove-vanished")?.split(";").includes("entry") === true,
      }),
  });
}

interface Fetching {
  readonly isDry: boolean;
  readonly what: string;
  readonly enabled: boolean;
  readonly removes: boolean;
}

/** Of the users alone: directories here have no groups. */
function fetchUsers(
  host: Host,
  realm: string,
  print: (line: string) => void,
  { isDry, what, enabled, removes }: Fetching,
): void {
  print(`${isDry ? "(dry test run) " : ""}starting sync for realm ${realm}`);
  const names = host.directories[realm];
  if (names === undefined) throw new Error("Connection refused");
  print(`got data from server, updating ${what}`);
  const fetched = what === "groups" ? [] : names.map((name) => `${name}@${realm}`);
  const cfg = withFetched(host.userCfg.read(), fetched, { realm, enabled, removes }, print);
  if (isDry) {
    print("NOTE: Dry test run, changes were NOT written to the configuration.");
    return;
  }
  requireLock(host, "user.cfg");
  host.userCfg.write(cfg);
  print(`successfully updated ${what} configuration`);
}

function withFetched(
  cfg: UserCfg,
  fetched: readonly string[],
  { realm, enabled, removes }: { readonly realm: string } & Pick<Fetching, "enabled" | "removes">,
  print: (line: string) => void,
): UserCfg {
  const users = new Map(cfg.users);
  for (const text of fetched) {
    const id = pve.parseUserId(text);
    if (!id.ok || users.has(id.value)) continue;
    print(`adding user '${text}'`);
    users.set(id.value, { enabled, expire: 0, tokens: new Map(), groups: new Set() } satisfies CfgUser);
  }
  const vanished = [...users.keys()].filter(
    (id: UserId) => id.endsWith(`@${realm}`) && !fetched.includes(id),
  );
  for (const id of removes ? vanished : []) {
    print(`remove user '${id}'`);
    users.delete(id);
  }
  return { ...cfg, users };
}
