// /access/domains: writing.

import { mapValues } from "../../support/maps.ts";
import { encodeUtf8 } from "../bytes.ts";
import { required, type Call, type Endpoint, type Permission } from "./endpoint.ts";
import type { Host } from "../host.ts";
import { checkOptions, givenOptions } from "./realm-changes.ts";
import { isDirectoryType, realmOptions, type RealmTypeOptions } from "../files/realm-options.ts";
import type { Profile } from "../profile.ts";
import { createParameters, distinguishedName, realmParameter, updateParameters } from "./realm-parameters.ts";
import { digestOfRealms } from "./realms.ts";
import type { RealmSection, Realms } from "../files/realms.ts";
import { underLock } from "../locks.ts";
import { failure } from "../refusal.ts";
import { isSet, isTrue, splitList, type ParameterTable, type Parameters } from "../parameters/schema.ts";

const allocate: Permission = { kind: "privileges", path: "/access/realm", privileges: ["Realm.Allocate"] };
const one = "/access/domains/{realm}";

export function realmWrites({ realms }: Profile): readonly Endpoint[] {
  return [
    {
      method: "POST",
      path: "/access/domains",
      permission: allocate,
      parameters: asOf(realms, createParameters),
      forwarded: true,
      run: (call) => underLock(call.host, "add auth server failed", () => createRealm(call), "domains.cfg"),
    },
    {
      method: "PUT",
      path: one,
      permission: allocate,
      parameters: asOf(realms, updateParameters),
      forwarded: true,
      run: (call) =>
        underLock(call.host, "update auth server failed", () => updateRealm(call), "domains.cfg"),
    },
    {
      method: "DELETE",
      path: one,
      permission: allocate,
      parameters: { realm: realmParameter },
      forwarded: true,
      run: (call) =>
        underLock(call.host, "delete auth server failed", () => deleteRealm(call), "domains.cfg"),
    },
  ];
}

/** Older releases know less, and ask more. */
function asOf({ unknown, checksNames }: Profile["realms"], table: ParameterTable): ParameterTable {
  const known = Object.entries(table).filter(([name]) => !unknown.includes(name));
  return Object.fromEntries(
    known.map(([name, schema]) => [
      name,
      checksNames && name.endsWith("_dn") ? { ...schema, pattern: distinguishedName } : schema,
    ]),
  );
}

function createRealm({ host, parameters }: Call): null {
  const [realm, type] = [required(parameters, "realm"), required(parameters, "type")];
  const realms = host.realms.read();
  if (realms.has(realm)) throw failure(`domain '${realm}' already exists`);
  if (type === "pam" || type === "pve") throw failure(`unable to create builtin type '${type}'`);
  checkConnectionParameter(parameters, type);
  const given = givenOptions(parameters);
  const table = checkOptions(type, given);
  const lacking = table.required.find((name) => !given.has(name));
  if (lacking !== undefined) throw failure(`missing value for required option '${lacking}'`);
  connect(host, realm, parameters);
  writeSections(host, new Map([...withDefaultOf(realms, given), [realm, { type, options: given }]]));
  keepPassword(host, parameters, { realm, table });
  return null;
}

function updateRealm({ host, parameters }: Call): null {
  requireDigest(host, parameters);
  const realm = required(parameters, "realm");
  const realms = host.realms.read();
  const section = intact(realms.get(realm));
  checkConnectionParameter(parameters, section?.type ?? "");
  const given = givenOptions(parameters);
  const deleted = splitList(parameters.get("delete"));
  if (given.size === 0 && deleted.length === 0 && !parameters.has("password"))
    throw failure("no options specified");
  if (section === undefined)
    throw failure("cannot lookup undefined type! at /usr/share/perl5/PVE/API2/Domains.pm line 261.");
  const { type } = section;
  const table = checkOptions(type, given);
  connect(host, realm, parameters);
  const kept = [...section.options].filter(([name]) => !deleted.includes(name));
  const changed: RealmSection = { type, options: new Map([...kept, ...given]) };
  writeSections(host, new Map([...withDefaultOf(realms, given), [realm, changed]]));
  keepPassword(host, parameters, { realm, table });
  if (deleted.includes("password")) host.store.remove(`priv/realm/${realm}.pw`);
  return null;
}

function requireDigest(host: Host, parameters: Parameters): void {
  const digest = parameters.get("digest");
  if (isTrue(digest) && digest !== digestOfRealms(host))
    throw failure("detected modified configuration - file changed by other user? Try again.");
}

function intact(section: RealmSection | "broken" | undefined): RealmSection | undefined {
  return section === "broken" ? undefined : section;
}

function deleteRealm({ host, parameters }: Call): null {
  const realm = required(parameters, "realm");
  const realms = host.realms.read();
  if (intact(realms.get(realm)) === undefined)
    throw failure(`authentication domain '${realm}' does not exist`);
  writeSections(host, new Map([...realms].filter(([other]) => other !== realm)));
  host.store.remove(`priv/realm/${realm}.pw`);
  return null;
}

function checkConnectionParameter(parameters: Parameters, type: string): void {
  if (!parameters.has("check-connection") || isDirectoryType(type)) return;
  throw failure("'check-connection' parameter can only be set for realms of type 'ldap' or 'ad'");
}

/** No directory can be reached from here but those that the simulator was given. */
function connect({ directories }: Host, realm: string, parameters: Parameters): void {
  if (!isSet(parameters, "check-connection") || Object.hasOwn(directories, realm)) return;
  throw failure("Connection refused");
}

/** One realm at most is the default. */
function withDefaultOf(realms: Realms, given: ReadonlyMap<string, string>): Realms {
  if (given.get("default") !== "1") return realms;
  return mapValues(realms, (section) => (section === "broken" ? section : withoutDefault(section)));
}

function withoutDefault({ type, options }: RealmSection): RealmSection {
  return { type, options: new Map([...options].filter(([name]) => name !== "default")) };
}

/** One section that the server could not read keeps it from writing any. */
function writeSections(host: Host, realms: Realms): void {
  const sections = new Map<string, RealmSection>();
  for (const [realm, section] of realms) {
    if (section === "broken") throw failure("unknown section type ''");
    const lacking = realmOptions(section.type)?.required.find((name) => !section.options.has(name));
    if (lacking !== undefined)
      throw failure(`section '${realm}' - missing value for required option '${lacking}'`);
    sections.set(realm, section);
  }
  host.realms.write(sections);
}

/** Passwords are kept aside, where the type has one. */
function keepPassword(
  host: Host,
  parameters: Parameters,
  { realm, table }: { readonly realm: string; readonly table: RealmTypeOptions },
): void {
  const password = parameters.get("password");
  if (password !== undefined && table.optional.includes("password"))
    host.store.write(`priv/realm/${realm}.pw`, encodeUtf8(`${password}\n`));
}
