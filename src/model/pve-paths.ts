// Where Proxmox VE lets ACL entries be added. Sources: libpve-access-control 9.1.1 (recordings in test/contract/) and its
// history from 7.0 on.

import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import type { AclPath } from "./ids.ts";
import { isSince } from "./release.ts";

const word = "[A-Za-z0-9._-]+";
const alphanumeric = "[A-Za-z0-9]+";

/** Paths that any release from 7.0 to 9.1 lets an entry be added at. */
const aclPathPattern = new RegExp(
  `^(?:${[
    "/",
    "/access",
    `/access/(?:groups|realm)(?:/${word})?`,
    `/nodes(?:/${word})?`,
    `/pool(?:/${word}){0,3}`,
    "/sdn",
    `/sdn/controllers(?:/[A-Za-z0-9_-]+)?`,
    `/sdn/(?:dns|fabrics|ipams|prefix-lists|route-maps)(?:/${alphanumeric})?`,
    `/sdn/vnets/${word}`,
    `/sdn/zones(?:/${word}){0,2}`,
    `/sdn/zones/${word}/${word}/[1-9][0-9]{0,3}`,
    `/storage(?:/${word})?`,
    "/vms(?:/[1-9][0-9]{2,})?",
    `/mapping(?:/${word}){0,2}`,
  ].join("|")})$`,
  "u",
);

/** What not every release takes. One that came in the middle of a release counts from its first on: an updated one has it. */
const dated: readonly { readonly paths: RegExp; readonly since?: number[]; readonly until?: number[] }[] = [
  {
    paths: /^\/(?:mapping(?:\/|$)|sdn\/zones(?:$|\/[^/]+\/)|sdn\/(?:controllers|dns|ipams)(?:\/|$))/u,
    since: [8],
  },
  { paths: /^\/pool\/[^/]+\//u, since: [8, 1] },
  { paths: /^\/sdn\/fabrics(?:\/|$)/u, since: [9] },
  { paths: /^\/sdn\/(?:prefix-lists|route-maps)(?:\/|$)/u, since: [9, 1] },
  { paths: /^\/sdn\/vnets\//u, until: [8] },
];

export function parseAclPath(text: string): Parsed<AclPath> {
  const path = normalizeAclPath(text);
  if (!aclPathPattern.test(path)) return unparsed("is not a path that Proxmox VE takes ACL entries at");
  return parsed(path);
}

/** Why a release surely takes no new entry at a path, as `8.0 brought it`; undefined where it may. */
export function lacksAclPath(path: AclPath, version: string): string | undefined {
  for (const { paths, since, until } of dated) {
    if (!paths.test(path)) continue;
    if (since && !isSince(version, since)) return `${wordRelease(since)} brought it`;
    if (until && isSince(version, until)) return `${wordRelease(until)} took it away`;
  }
  return undefined;
}

function wordRelease([major, minor = 0]: readonly number[]): string {
  return `${major}.${minor}`;
}

/**
 * Runs of `/` are one, a trailing one is cut, a leading one added; segments `0` vanish: an entry put on /nodes/0
 * lands on /nodes (recorded in test/contract, scenario acl).
 */
export function normalizeAclPath(text: string): AclPath {
  const segments = text.split("/").filter((segment) => segment !== "" && segment !== "0");
  return `/${segments.join("/")}` as AclPath;
}
