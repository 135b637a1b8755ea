// In: texts. Out: ids as Proxmox VE spells them. Must not know: the wire, manifests.
// Sources: libpve-access-control 9.1.1 (recordings in test/contract/), privileges and paths of 7.0 to 9.1.

import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import type { GroupId, PoolId, Privilege, RealmId, RoleId, TokenId, UserId } from "./ids.ts";
import type { Product } from "./product.ts";
import { lacksAclPath, normalizeAclPath, parseAclPath } from "./pve-paths.ts";
import { pveRealms } from "./pve-realms.ts";

const realmPattern = "[A-Za-z][A-Za-z0-9._-]+";
const userPattern = new RegExp(`^[^\\s:/]+@${realmPattern}$`, "u");
const tokenPattern = new RegExp(`^([^\\s:/]+@${realmPattern})!${realmPattern}$`, "u");
const namePattern = /^[A-Za-z0-9._-]+$/u;
const word = "[A-Za-z0-9._-]+";

const poolPattern = new RegExp(`^${word}(?:/${word}){0,2}$`, "u");
const storagePattern = /^[A-Za-z][A-Za-z0-9._-]*[A-Za-z0-9]$/u;

const emailPattern = /^[\w+\-~]+(?:\.[\w+\-~]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/u;

export const pve: Product = {
  name: "pve",
  kinds: new Set(["User", "Group", "Membership", "Role", "ACL", "Token", "Pool", "Realm", "Policy"]),
  // Proof: the product's own constant, in its own spelling.
  superuser: "root@pam" as UserId,
  builtInRoles: new Set([
    "Administrator",
    "NoAccess",
    "PVEAdmin",
    "PVEAuditor",
    "PVEDatastoreAdmin",
    "PVEDatastoreUser",
    "PVEMappingAdmin",
    "PVEMappingUser",
    "PVEPoolAdmin",
    "PVEPoolUser",
    "PVESDNAdmin",
    "PVESDNUser",
    "PVESysAdmin",
    "PVETemplateUser",
    "PVEUserAdmin",
    "PVEVMAdmin",
    "PVEVMUser",
  ]),
  builtInRealms: new Set(["pam", "pve"]),
  realms: pveRealms,
  privileges: new Set([
    "Datastore.Allocate",
    "Datastore.AllocateSpace",
    "Datastore.AllocateTemplate",
    "Datastore.Audit",
    "Group.Allocate",
    "Mapping.Audit",
    "Mapping.Modify",
    "Mapping.Use",
    "Permissions.Modify",
    "Pool.Allocate",
    "Pool.Audit",
    "Realm.Allocate",
    "Realm.AllocateUser",
    "SDN.Allocate",
    "SDN.Audit",
    "SDN.Use",
    "Sys.AccessNetwork",
    "Sys.Audit",
    "Sys.Console",
    "Sys.Incoming",
    "Sys.Modify",
    "Sys.PowerMgmt",
    "Sys.Syslog",
    "User.Modify",
    "VM.Allocate",
    "VM.Audit",
    "VM.Backup",
    "VM.Clone",
    "VM.Config.CDROM",
    "VM.Config.CPU",
    "VM.Config.Cloudinit",
    "VM.Config.Disk",
    "VM.Config.HWType",
    "VM.Config.Memory",
    "VM.Config.Network",
    "VM.Config.Options",
    "VM.Console",
    "VM.GuestAgent.Audit",
    "VM.GuestAgent.FileRead",
    "VM.GuestAgent.FileSystemMgmt",
    "VM.GuestAgent.FileWrite",
    "VM.GuestAgent.Unrestricted",
    "VM.Migrate",
    "VM.Monitor",
    "VM.PowerMgmt",
    "VM.Replicate",
    "VM.Snapshot",
    "VM.Snapshot.Rollback",
  ]),
  topPaths: [
    "/",
    "/access",
    "/access/groups",
    "/access/realm",
    "/mapping",
    "/nodes",
    "/pool",
    "/sdn",
    "/storage",
    "/vms",
  ].map(normalizeAclPath),
  replacements: new Map([
    // libpve-access-control 9.0.2 took VM.Monitor away and brought VM.GuestAgent.*.
    ["VM.Monitor", "Sys.Audit or VM.GuestAgent.Audit, VM.GuestAgent.FileRead, VM.GuestAgent.Unrestricted"],
    ["VM.GuestAgent.Audit", "VM.Monitor"],
    ["VM.GuestAgent.FileRead", "VM.Monitor"],
    ["VM.GuestAgent.FileSystemMgmt", "VM.Monitor"],
    ["VM.GuestAgent.FileWrite", "VM.Monitor"],
    ["VM.GuestAgent.Unrestricted", "VM.Monitor"],
  ]),
  directoryRealmTypes: new Set(["ldap", "ad", "openid"]),
  // libpve-access-control asks for eight characters since 8.2.0, which came out with release 8.3.
  passwordLengths: (version) => ({ minimum: isBefore(version, 8, 3) ? 5 : 8, maximum: 64 }),
  limits: { firstName: 1024, lastName: 1024, email: 254, comment: 2048 },
  parseUserId,
  parseGroupId: (text) => parseName<GroupId>(text, "group"),
  parseRoleId: (text) => parseName<RoleId>(text, "role"),
  parseTokenId,
  parseRealmId,
  parsePoolId,
  parseStorage,
  isGuestNumber: (number) => Number.isInteger(number) && number >= 100 && number <= 999_999_999,
  parsePrivilege,
  parseAclPath,
  normalizeAclPath,
  lacksAclPath,
  // The access library that regenerates tokens, 9.1.0, came with release 9.2; an updated 9.1 may have it.
  lacksRegenerate: (version) => isBefore(version, 9, 1),
  // The access library 9.0.4, which takes comments off, came with release 9.1; an updated 9.0 may have it, and may not.
  keepsTokenComments: (version) => isBefore(version, 9, 1),
  isEmail: (text) => emailPattern.test(text),
  // libpve-access-control 8.0.0 on: names that begin with PVE, in whatever case, are for roles to come.
  isReservedRoleName: (text) => /^pve/iu.test(text),
};

// Each `as` below follows the check that its brand stands for.

function parseUserId(text: string): Parsed<UserId> {
  if (text.length < 3 || text.length > 64) return unparsed("is not a user: 3 to 64 characters, as joe@pve");
  if (!userPattern.test(text)) return unparsed("is not a user: NAME@REALM without blanks, colons or slashes");
  return parsed(text as UserId);
}

function parseTokenId(text: string): Parsed<TokenId> {
  const owner = tokenPattern.exec(text)?.[1];
  if (owner === undefined || !parseUserId(owner).ok)
    return unparsed(
      "is not a token: USER@REALM!NAME, as ci@pve!deploy; NAME is a letter and at least one more of letters, digits, `.`, `_` and `-`",
    );
  return parsed(text as TokenId);
}

function parseRealmId(text: string): Parsed<RealmId> {
  if (!new RegExp(`^${realmPattern}$`, "u").test(text) || text.length > 32) {
    return unparsed("is not a realm: a letter, then letters, digits, `.`, `_`, `-`, 2 to 32 in all");
  }
  return parsed(text as RealmId);
}

function parseName<T extends string>(text: string, noun: string): Parsed<T> {
  if (!namePattern.test(text))
    return unparsed(`is not a ${noun}: only letters, digits, \`.\`, \`_\` and \`-\``);
  return parsed(text as T);
}

function parsePoolId(text: string): Parsed<PoolId> {
  if (!poolPattern.test(text)) {
    return unparsed(
      "is not a pool: one to three levels joined by `/`, each of letters, digits, `.`, `_`, `-`",
    );
  }
  return parsed(text as PoolId);
}

function parseStorage(text: string): Parsed<string> {
  if (!storagePattern.test(text)) {
    return unparsed(
      "is not a storage: a letter, then letters, digits, `.`, `_`, `-`, the last a letter or a digit",
    );
  }
  return parsed(text);
}

function parsePrivilege(text: string): Parsed<Privilege> {
  if (!pve.privileges.has(text)) return unparsed("is not a privilege of Proxmox VE");
  return parsed(text as Privilege);
}

/** Of what does not look like a release nothing is known: false. */
function isBefore(version: string, major: number, minor: number): boolean {
  const [, first, second] = /^(\d+)\.(\d+)/u.exec(version) ?? [];
  return (
    first !== undefined && (Number(first) < major || (Number(first) === major && Number(second) < minor))
  );
}
