// /access/users: writing. The server reads its file anew under its lock, changes it and writes it whole.

import { realmOf, subjectKey } from "../../model/ids.ts";
import type { CfgUser } from "../../usercfg/user-cfg.ts";
import { withoutSubject } from "./acl-edit.ts";
import type { Call, Endpoint, Permission } from "./endpoint.ts";
import { emailFormat, groupIdFormat } from "../parameters/formats.ts";
import { existingGroups, withMember, withoutMember } from "./membership.ts";
import { lookUp, storePassword } from "./passwords.ts";
import { requireLock, underLock } from "../locks.ts";
import type { Profile } from "../profile.ts";
import { failure } from "../refusal.ts";
import {
  isSet,
  isTrue,
  type Parameters,
  type ParameterSchema,
  type ParameterTable,
} from "../parameters/schema.ts";
import { userIdOf, userIdParameter } from "./user-parameter.ts";

const fields: ParameterTable = {
  comment: { type: "string", optional: true, maximumLength: 2048 },
  email: { type: "string", optional: true, format: emailFormat, mayBeEmpty: true, maximumLength: 254 },
  enable: { type: "boolean", optional: true },
  expire: { type: "integer", optional: true, minimum: 0 },
  firstname: { type: "string", optional: true, maximumLength: 1024 },
  groups: { type: "string", optional: true, format: groupIdFormat, list: true },
  keys: { type: "string", optional: true, pattern: /^[0-9a-zA-Z!=]{0,4096}\n?$/u },
  lastname: { type: "string", optional: true, maximumLength: 1024 },
  userid: userIdParameter,
};

const anyText: ParameterSchema = { type: "string", optional: true };

/** Before there were limits. */
const unlimitedTexts: ParameterTable = {
  comment: anyText,
  email: { ...anyText, format: emailFormat, mayBeEmpty: true },
  firstname: anyText,
  keys: anyText,
  lastname: anyText,
};

const ownRealmAndGroups = (groups: "create" | undefined): Permission => ({
  kind: "every",
  of: [
    { kind: "allocate-user" },
    { kind: "user-groups", privileges: ["User.Modify"], ...(groups !== undefined && { groups }) },
  ],
});

/** The endpoints that write users; how long a password must be, and a field may, is the release's. */
export function userWrites({ minimumPasswordLength, limitsUserFields }: Profile): readonly Endpoint[] {
  const given = limitsUserFields ? fields : { ...fields, ...unlimitedTexts };
  return [
    {
      method: "POST",
      path: "/access/users",
      permission: ownRealmAndGroups("create"),
      parameters: {
        ...given,
        password: {
          type: "string",
          optional: true,
          maximumLength: 64,
          minimumLength: minimumPasswordLength,
        },
      },
      forwarded: true,
      run: (call) => underLock(call.host, "create user failed", () => createUser(call)),
    },
    {
      method: "PUT",
      path: "/access/users/{userid}",
      permission: { kind: "user-groups", privileges: ["User.Modify"], groups: "update" },
      parameters: { ...given, append: { type: "boolean", optional: true, requires: "groups" } },
      forwarded: true,
      run: (call) => underLock(call.host, "update user failed", () => updateUser(call)),
    },
    {
      method: "DELETE",
      path: "/access/users/{userid}",
      permission: ownRealmAndGroups(undefined),
      parameters: { userid: userIdParameter },
      forwarded: true,
      run: (call) => underLock(call.host, "delete user failed", () => deleteUser(call)),
    },
  ];
}

function createUser({ host, parameters }: Call): null {
  const id = userIdOf(parameters);
  const cfg = host.userCfg.read();
  if (lookUp(host, id) !== undefined) throw failure(`user '${id}' already exists`);
  const password = parameters.get("password");
  // Stored before the groups are looked at: a failed call may leave a password behind.
  if (password !== undefined) storePassword(host, id, password);
  const groups = existingGroups(cfg, parameters);
  const user: CfgUser = {
    enabled: parameters.get("enable") !== "0",
    expire: Number(parameters.get("expire") ?? 0),
    ...textFields(new Map([...parameters].filter(([, value]) => isTrue(value)))),
    tokens: new Map(),
    groups: new Set(),
  };
  const users = new Map([...cfg.users, [id, user] as const]);
  host.userCfg.write({ ...cfg, users, groups: withMember(cfg, id, groups) });
  return null;
}

function updateUser({ host, parameters }: Call): null {
  const id = userIdOf(parameters);
  const cfg = host.userCfg.read();
  const before = cfg.users.get(id);
  if (before === undefined) throw failure(`no such user ('${id}')`);
  const [enable, expire] = [parameters.get("enable"), parameters.get("expire")];
  const user: CfgUser = {
    ...before,
    ...(enable !== undefined && { enabled: enable === "1" }),
    ...(expire !== undefined && { expire: Number(expire) }),
    ...textFields(parameters),
  };
  const replaces = parameters.has("groups") && !isSet(parameters, "append");
  const kept = replaces ? { ...cfg, groups: withoutMember(cfg, id) } : cfg;
  const groups = withMember(kept, id, existingGroups(cfg, parameters));
  host.userCfg.write({ ...cfg, users: new Map([...cfg.users, [id, user] as const]), groups });
  return null;
}

/** Whether the user exists is not asked: who may do this to anybody may do it to nobody. */
function deleteUser({ host, parameters }: Call): null {
  const id = userIdOf(parameters);
  const cfg = host.userCfg.read();
  const realm = host.realms.read().get(realmOf(id));
  if (realm !== undefined && realm !== "broken" && realm.type === "pve") {
    requireLock(host, "priv/shadow.cfg");
    host.passwords.write(without(host.passwords.read(), id.slice(0, id.lastIndexOf("@"))));
  }
  host.secondFactors.write(without(host.secondFactors.read(), id));
  host.userCfg.write({
    ...cfg,
    users: without(cfg.users, id),
    groups: withoutMember(cfg, id),
    acl: withoutSubject(cfg.acl, subjectKey({ kind: "user", id })),
  });
  return null;
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): Map<K, V> {
  return new Map([...map].filter(([other]) => other !== key));
}

function textFields(parameters: Parameters): Partial<CfgUser> {
  const [firstName, lastName] = [parameters.get("firstname"), parameters.get("lastname")];
  const [email, comment, keys] = [parameters.get("email"), parameters.get("comment"), parameters.get("keys")];
  return {
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    ...(email !== undefined && { email }),
    ...(comment !== undefined && { comment }),
    ...(keys !== undefined && { keys }),
  };
}
