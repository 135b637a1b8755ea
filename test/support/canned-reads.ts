import type { DetailsToRead } from "../../src/live/pve-reads.ts";
import type { ReadClient } from "../../src/proxmox/read.ts";
import { aTokenId } from "./builders.ts";

/** As the command that answers questions reads. */
export const allPools: DetailsToRead = ({ pools }) => ({
  pools: new Set(pools.keys()),
  realms: new Set(),
  syncJobs: "no",
});

export type CannedReads = Readonly<Record<string, unknown>>;

/** What a fresh server answers to somebody who may see everything. */
export const freshReads: CannedReads = {
  "/version": { version: "9.2.11", release: "9.2", repoid: "14a22df3" },
  "/access/permissions": {
    "/access": { "Sys.Audit": 1 },
    "/access/groups": { "Sys.Audit": 1 },
    "/pool": { "Pool.Audit": 1 },
  },
  "/access/users": [
    { userid: "root@pam", enable: 1, expire: 0, groups: "", tokens: null, "realm-type": "pam" },
  ],
  "/access/groups": [],
  "/access/roles": [
    { roleid: "Administrator", privs: "Sys.Audit,VM.Audit", special: 1 },
    { roleid: "NoAccess", privs: "", special: 1 },
  ],
  "/access/acl": [],
  "/access/domains": [
    { realm: "pam", type: "pam", comment: "Linux PAM standard authentication" },
    { realm: "pve", type: "pve" },
  ],
  "/pools": [],
};

/** A client that answers from a table, by path and query or by path alone, and notes what it was asked. */
export function cannedClient(reads: CannedReads): ReadClient & { readonly asked: readonly string[] } {
  const asked: string[] = [];
  return {
    caller: aTokenId("ci@pve!plan"),
    asked,
    get: (path, query) => {
      const whole =
        Object.keys(query).length === 0 ? path : `${path}?${new URLSearchParams(query).toString()}`;
      asked.push(whole);
      return Promise.resolve(Object.hasOwn(reads, whole) ? reads[whole] : reads[path]);
    },
  };
}
