// /access/roles

import type { Privilege, RoleId } from "../../model/ids.ts";
import { sortedSet } from "../../support/compare.ts";
import { required, type Call, type Endpoint, type Permission } from "./endpoint.ts";
import { roleIdFormat } from "../parameters/formats.ts";
import type { Host } from "../host.ts";
import type { Json } from "../json.ts";
import type { Profile } from "../profile.ts";
import { underLock } from "../locks.ts";
import { badParameters, failure } from "../refusal.ts";
import {
  isSet,
  optional,
  splitList,
  type Format,
  type ParameterSchema,
  type Parameters,
} from "../parameters/schema.ts";

const roleId: ParameterSchema = { type: "string", format: roleIdFormat };
const modify: Permission = { kind: "privileges", path: "/access", privileges: ["Sys.Modify"] };

/** A list of privileges, all of which the release has. */
export function privilegesParameter({ release }: Profile): ParameterSchema {
  const known: ReadonlySet<string> = release.privileges;
  const format: Format = (value) => (known.has(value) ? undefined : `invalid privilege '${value}'`);
  return { type: "string", format, list: true };
}

export function roleEndpoints(profile: Profile): readonly Endpoint[] {
  const privs = optional(privilegesParameter(profile));
  return [
    {
      method: "GET",
      path: "/access/roles",
      permission: { kind: "all" },
      parameters: {},
      run: ({ host }) => listRoles(host),
    },
    {
      method: "POST",
      path: "/access/roles",
      permission: modify,
      parameters: { roleid: roleId, privs },
      forwarded: true,
      run: createRole,
    },
    {
      method: "GET",
      path: "/access/roles/{roleid}",
      permission: { kind: "all" },
      parameters: { roleid: roleId },
      run: readRole,
    },
    {
      method: "PUT",
      path: "/access/roles/{roleid}",
      permission: modify,
      parameters: { roleid: roleId, privs, append: { type: "boolean", optional: true, requires: "privs" } },
      forwarded: true,
      run: updateRole,
    },
    {
      method: "DELETE",
      path: "/access/roles/{roleid}",
      permission: modify,
      parameters: { roleid: roleId },
      forwarded: true,
      run: deleteRole,
    },
  ];
}

function listRoles(host: Host): Json {
  const { builtInRoles } = host.profile.release;
  const row =
    (special: number) =>
    ([id, privileges]: [RoleId, ReadonlySet<Privilege>]): Json => ({
      roleid: id,
      privs: sortedSet(privileges).join(","),
      special,
    });
  return [...[...builtInRoles].map(row(1)), ...[...host.userCfg.read().roles].map(row(0))];
}

/** What a role gives, built-in or not; undefined where there is none of that name. */
export function privilegesOfRole(host: Host, id: RoleId): ReadonlySet<Privilege> | undefined {
  return host.profile.release.builtInRoles.get(id) ?? host.userCfg.read().roles.get(id);
}

function readRole({ host, parameters }: Call): Json {
  const id = roleIdOf(parameters);
  const privileges = privilegesOfRole(host, id);
  if (privileges === undefined) throw failure(`role '${id}' does not exist`);
  return Object.fromEntries([...privileges].map((privilege) => [privilege, 1]));
}

function createRole({ host, parameters }: Call): null {
  const id = roleIdOf(parameters);
  if (host.profile.reservesRolePrefix && /^PVE/iu.test(id))
    throw badParameters({
      roleid: "cannot use role ID starting with the (case-insensitive) 'PVE' namespace",
    });
  return underLock(host, "create role failed", () => {
    if (privilegesOfRole(host, id) !== undefined) throw failure(`role '${id}' already exists`);
    return writeRole(host, id, givenPrivileges(parameters));
  });
}

/** Without a list of privileges the role has none afterwards. */
function updateRole({ host, parameters }: Call): null {
  const id = roleIdOf(parameters);
  if (isBuiltIn(host, id)) throw failure(`auto-generated role '${id}' cannot be modified`);
  return underLock(host, "update role failed", () => {
    const before = host.userCfg.read().roles.get(id);
    if (before === undefined) throw failure(`role '${id}' does not exist`);
    return writeRole(host, id, [
      ...(isSet(parameters, "append") ? before : []),
      ...givenPrivileges(parameters),
    ]);
  });
}

/** Entries of the role stay in the file as dead text until the next write. */
function deleteRole({ host, parameters }: Call): null {
  const id = roleIdOf(parameters);
  if (isBuiltIn(host, id)) throw failure(`auto-generated role '${id}' cannot be deleted`);
  return underLock(host, "delete role failed", () => {
    const cfg = host.userCfg.read();
    if (!cfg.roles.has(id)) throw failure(`role '${id}' does not exist`);
    host.userCfg.write({ ...cfg, roles: new Map([...cfg.roles].filter(([other]) => other !== id)) });
    return null;
  });
}

function writeRole(host: Host, id: RoleId, privileges: readonly Privilege[]): null {
  const cfg = host.userCfg.read();
  host.userCfg.write({ ...cfg, roles: new Map([...cfg.roles, [id, new Set(privileges)] as const]) });
  return null;
}

function isBuiltIn({ profile }: Host, id: RoleId): boolean {
  return profile.release.builtInRoles.has(id);
}

function givenPrivileges(parameters: Parameters): Privilege[] {
  // Proof: every word of the list was verified to be a privilege.
  return splitList(parameters.get("privs")) as Privilege[];
}

function roleIdOf(parameters: Parameters): RoleId {
  // Proof: the parameter was verified to have the format of a role's id.
  return required(parameters, "roleid") as RoleId;
}
