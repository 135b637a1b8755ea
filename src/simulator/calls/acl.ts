// /access/acl

import {
  type GroupId,
  type Privilege,
  type RoleId,
  type Subject,
  type TokenId,
  type UserId,
} from "../../model/ids.ts";
import { pve } from "../../model/pve.ts";
import { sortedBy } from "../../support/compare.ts";
import type { UserCfg } from "../../usercfg/user-cfg.ts";
import { withEntry, withoutEntry } from "./acl-edit.ts";
import { hasAny, modifyingPrivileges, privilegesOn } from "../privileges.ts";
import { callerOf, required, type Call, type Endpoint } from "./endpoint.ts";
import { groupIdFormat, roleIdFormat, tokenIdFormat, userIdFormat } from "../parameters/formats.ts";
import type { Json } from "../json.ts";
import { normalizePath, takesEntries } from "./paths.ts";
import { underLock } from "../locks.ts";
import { badParameters, failure } from "../refusal.ts";
import { privilegesOfRole } from "./roles.ts";
import { isSet, isTrue, splitList, type Format, type ParameterSchema } from "../parameters/schema.ts";
import { tokenIn } from "./token-parameter.ts";

const listOf = (format: Format): ParameterSchema => ({ type: "string", optional: true, format, list: true });

export const aclEndpoints: readonly Endpoint[] = [
  { method: "GET", path: "/access/acl", permission: { kind: "all" }, parameters: {}, run: listEntries },
  {
    method: "PUT",
    path: "/access/acl",
    permission: { kind: "modify-acl" },
    parameters: {
      delete: { type: "boolean", optional: true },
      groups: listOf(groupIdFormat),
      path: { type: "string" },
      propagate: { type: "boolean", optional: true },
      roles: { type: "string", format: roleIdFormat, list: true },
      tokens: listOf(tokenIdFormat),
      users: listOf(userIdFormat),
    },
    forwarded: true,
    run: changeEntries,
  },
];

/** All of them with Sys.Audit on /access, else those of paths where the caller may change the ACL. */
function listEntries(call: Call): Json {
  const { host } = call;
  const caller = callerOf(call);
  const seesAll = hasAny(host, caller, { path: "/access", privileges: ["Sys.Audit"] });
  return sortedBy(host.userCfg.read().acl, ([path]) => path)
    .filter(([path]) => seesAll || hasAny(host, caller, { path, privileges: modifyingPrivileges(path) }))
    .flatMap(([path, node]) =>
      [...node.values()].flatMap(({ subject, roles }) =>
        [...roles].map(([role, propagate]) => ({
          path,
          type: subject.kind,
          ugid: subject.id,
          roleid: role,
          propagate: propagate ? 1 : 0,
        })),
      ),
    );
}

function changeEntries(call: Call): null {
  const { parameters } = call;
  const kinds = ["users", "groups", "tokens"];
  if (!kinds.some((kind) => isTrue(parameters.get(kind)))) {
    const problem = "either 'users', 'groups' or 'tokens' is required.";
    throw badParameters(Object.fromEntries(kinds.map((kind) => [kind, problem])));
  }
  const text = required(parameters, "path");
  const path = normalizePath(text);
  if (path === undefined || (!isSet(parameters, "delete") && !takesEntries(path, call.host.profile.library)))
    throw badParameters({ path: `invalid ACL path '${text}'` });
  return underLock(call.host, "ACL update failed", () => changeUnderLock(call, path));
}

/** Every role for every subject, or nothing at all. */
function changeUnderLock(call: Call, path: string): null {
  const { host, parameters } = call;
  const cfg = host.userCfg.read();
  let { acl } = cfg;
  for (const word of splitList(parameters.get("roles"))) {
    // Proof: every word of the list was verified to have the format of a role's id.
    const role = word as RoleId;
    requireGrantable(call, path, role);
    for (const subject of subjectsOf(call, cfg)) {
      const place = { path: pve.normalizeAclPath(path), subject, role };
      acl = isSet(parameters, "delete")
        ? withoutEntry(acl, place)
        : withEntry(acl, place, parameters.get("propagate") !== "0");
    }
  }
  host.userCfg.write({ ...cfg, acl });
  return null;
}

/** Without Permissions.Modify, only what the caller has on the path can be handed out or taken away. */
function requireGrantable(call: Call, path: string, role: RoleId): void {
  const privileges = privilegesOfRole(call.host, role);
  if (privileges === undefined) throw failure(`role '${role}' does not exist`);
  const held: ReadonlyMap<string, boolean> = privilegesOn(call.host, callerOf(call), path);
  if (held.has("Permissions.Modify") || !call.host.profile.limitsDelegation) return;
  const deletes = isSet(call.parameters, "delete");
  const refusal = `Cannot ${deletes ? "remove" : "add"} role '${role}'`;
  const propagates = call.parameters.get("propagate") !== "0";
  for (const privilege of [...privileges] satisfies Privilege[]) {
    if (!held.has(privilege))
      throw badParameters({ role: `${refusal} - requires 'Permissions.Modify' or superset of privileges.` });
    if (propagates && !deletes && held.get(privilege) === false)
      throw badParameters({
        role: `${refusal} with propagation - requires 'Permissions.Modify' or propagated superset of privileges.`,
      });
  }
  if (role === "NoAccess") throw badParameters({ role: `${refusal} - requires 'Permissions.Modify'` });
}

function subjectsOf({ parameters }: Call, cfg: UserCfg): Subject[] {
  // Proof of each `as`: every word of the list was verified to have the format of such an id.
  const groups = splitList(parameters.get("groups")) as GroupId[];
  const users = splitList(parameters.get("users")) as UserId[];
  const tokens = splitList(parameters.get("tokens")) as TokenId[];
  for (const id of groups) if (!cfg.groups.has(id)) throw failure(`group '${id}' does not exist`);
  for (const id of users) if (!cfg.users.has(id)) throw failure(`user '${id}' does not exist`);
  for (const id of tokens) tokenIn(cfg, id);
  return [
    ...groups.map((id): Subject => ({ kind: "group", id })),
    ...users.map((id): Subject => ({ kind: "user", id })),
    ...tokens.map((id): Subject => ({ kind: "token", id })),
  ];
}
