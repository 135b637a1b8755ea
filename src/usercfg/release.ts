// In: a release's number. Out: which privileges and built-in roles it has. Must not know: any one server.
// Source: GET /access/roles of 9.2.11 (libpve-access-control 9.1.1); for older ones its history (8.2.2, 7.4-3).

import type { Privilege, RoleId } from "../model/ids.ts";

/** What a server of one release takes for a privilege, and the roles that it brings along. */
export interface Release {
  readonly privileges: ReadonlySet<Privilege>;
  readonly builtInRoles: ReadonlyMap<RoleId, ReadonlySet<Privilege>>;
}

/** Role -> groups of privileges: `Sys: "Audit Console"` is Sys.Audit and Sys.Console. */
type RoleTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

const vmConfig =
  "Config.CDROM Config.CPU Config.Cloudinit Config.Disk Config.HWType Config.Memory Config.Network Config.Options";
const vmLife = "Allocate Audit Backup Clone Console Migrate PowerMgmt Snapshot Snapshot.Rollback";
const guestFiles = "GuestAgent.Audit GuestAgent.FileRead GuestAgent.FileSystemMgmt GuestAgent.FileWrite";
const vmUse = "Audit Backup Config.CDROM Config.Cloudinit Console PowerMgmt";
const datastore = "Allocate AllocateSpace AllocateTemplate Audit";

/** What every release from 7.4 on has alike. */
const common: RoleTable = {
  Administrator: {
    Datastore: datastore,
    Group: "Allocate",
    Permissions: "Modify",
    Pool: "Allocate Audit",
    Realm: "Allocate AllocateUser",
    SDN: "Allocate Audit",
    Sys: "Audit Console Incoming Modify PowerMgmt Syslog",
    User: "Modify",
    VM: `${vmConfig} ${vmLife}`,
  },
  NoAccess: {},
  PVEAdmin: {
    Datastore: datastore,
    Group: "Allocate",
    Pool: "Allocate Audit",
    Realm: "AllocateUser",
    SDN: "Allocate Audit",
    Sys: "Audit Console Syslog",
    User: "Modify",
    VM: `${vmConfig} ${vmLife}`,
  },
  PVEAuditor: { Datastore: "Audit", Pool: "Audit", SDN: "Audit", Sys: "Audit", VM: "Audit" },
  PVEDatastoreAdmin: { Datastore: datastore },
  PVEDatastoreUser: { Datastore: "AllocateSpace Audit" },
  PVEPoolAdmin: { Pool: "Allocate Audit" },
  PVEPoolUser: { Pool: "Audit" },
  PVESDNAdmin: { SDN: "Allocate Audit" },
  PVESysAdmin: { Sys: "Audit Console Syslog" },
  PVETemplateUser: { VM: "Audit Clone" },
  PVEUserAdmin: { Group: "Allocate", Realm: "AllocateUser", User: "Modify" },
  PVEVMAdmin: { VM: `${vmConfig} ${vmLife}` },
  PVEVMUser: { VM: vmUse },
};

const before8: RoleTable = { PVEAdmin: { Permissions: "Modify" }, PVESysAdmin: { Permissions: "Modify" } };

const since8: RoleTable = {
  Administrator: { Mapping: "Audit Modify Use", SDN: "Use", Sys: "AccessNetwork" },
  PVEAdmin: { Mapping: "Audit Use", SDN: "Use" },
  PVEAuditor: { Mapping: "Audit" },
  PVEMappingAdmin: { Mapping: "Audit Modify Use" },
  PVEMappingUser: { Mapping: "Audit Use" },
  PVESDNAdmin: { SDN: "Use" },
  PVESDNUser: { SDN: "Audit Use" },
};

const before9: RoleTable = {
  Administrator: { VM: "Monitor" },
  PVEAdmin: { VM: "Monitor" },
  PVEVMAdmin: { VM: "Monitor" },
};

const since9: RoleTable = {
  Administrator: { VM: `${guestFiles} GuestAgent.Unrestricted Replicate` },
  PVEAdmin: { VM: `${guestFiles} GuestAgent.Unrestricted Replicate` },
  PVEAuditor: { VM: "GuestAgent.Audit" },
  PVEVMAdmin: { VM: `${guestFiles} GuestAgent.Unrestricted Replicate` },
  PVEVMUser: { VM: guestFiles },
};

/**
 * The tables of a release: 7.4, 8.2 to 8.4, 9.0 to 9.2. Of other releases of these series the nearest of the three is
 * given; undefined where the series is none of them.
 */
export function releaseOf(version: string): Release | undefined {
  const major = /^[0-9]+(?=\.|$)/u.exec(version)?.[0];
  if (major === "7") return releaseFrom([common, before8, before9]);
  if (major === "8") return releaseFrom([common, since8, before9]);
  if (major === "9") return releaseFrom([common, since8, since9]);
  return undefined;
}

function releaseFrom(tables: readonly RoleTable[]): Release {
  const builtInRoles = new Map<RoleId, Set<Privilege>>();
  for (const [name, groups] of tables.flatMap((table) => Object.entries(table))) {
    // Proof: the product's own names, in its own spelling.
    const role = name as RoleId;
    const privileges = builtInRoles.get(role) ?? new Set();
    for (const privilege of privilegesIn(groups)) privileges.add(privilege);
    builtInRoles.set(role, privileges);
  }
  const [administrator] = builtInRoles.values();
  return { privileges: administrator ?? new Set(), builtInRoles };
}

function privilegesIn(groups: Readonly<Record<string, string>>): Privilege[] {
  return Object.entries(groups).flatMap(([group, names]) =>
    // Proof: as above.
    names.split(" ").map((name) => `${group}.${name}` as Privilege),
  );
}
