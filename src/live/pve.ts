import type { Pool, Role } from "../model/access-state.ts";
import type { PoolId, Privilege, RoleId } from "../model/ids.ts";
import type { LiveState } from "../model/live-state.ts";
import type { Product } from "../model/product.ts";
import type { ReadClient } from "../proxmox/read.ts";
import { malformed, requiredField, textOf, type Json } from "./decode.ts";
import { incompleteLists } from "./pve-completeness.ts";
import { aclFrom, permissionsFrom, rolesFrom } from "./pve-grants.ts";
import { membersFrom, poolsFrom } from "./pve-pools.ts";
import { readRealmDetails } from "./pve-realm-reads.ts";
import { realmsFrom } from "./pve-realms.ts";
import { readAnswers, readPools, type DetailsToRead } from "./pve-reads.ts";
import { groupsFrom, userListFrom } from "./pve-users.ts";

/**
 * Reads everything that decides who may do what on a PVE target, with the proof of what was seen: eight requests,
 * whatever its size, one for each pool and realm that is asked for in full, and one for jobs. Throws ApiError.
 */
export async function readLiveState(
  client: ReadClient,
  product: Product,
  detailsToRead: DetailsToRead,
  signal: AbortSignal,
): Promise<LiveState> {
  const answers = await readAnswers(client, signal);
  const callerPermissions = permissionsFrom(answers.permissions, product);
  const { users, tokens, members } = userListFrom(answers.users, product);
  const groups = groupsFrom(answers.groups, members, product);
  const roles = rolesFrom(answers.roles, product);
  const acl = aclFrom(answers.acl, product);
  const realms = realmsFrom(answers.domains, product);
  const version = versionFrom(answers.version);
  const listed = { users, groups, roles, tokens, acl, realms, pools: poolsFrom(answers.pools, product) };
  const asked = detailsToRead(listed, version);
  const read = await readPools(client, [...asked.pools], version, signal);
  const details = await readRealmDetails(client, product, { listed: realms, asked }, signal);
  const pools = [...listed.pools].flatMap(([id, pool]): [PoolId, Pool][] => {
    const answer = read.get(id);
    if (answer !== undefined) return [[id, { ...pool, members: membersFrom(answer, product) }]];
    return asked.pools.has(id) ? [] : [[id, pool]];
  });
  return {
    version,
    caller: client.caller,
    callerPermissions,
    state: { ...listed, pools: new Map(pools), realms: details.realms },
    supportedPrivileges: supportedPrivileges(roles, answers.roles),
    incomplete: [...incompleteLists(callerPermissions, acl), ...details.incomplete],
  };
}

/** As `9.2.11` or, before release 8, `7.4-16`. It ends up on terminals, so its form is checked. */
function versionFrom(answer: Json): string {
  const version = requiredField(answer, "version");
  const text = textOf(version);
  if (!/^\d[\w.~+-]{0,63}$/u.test(text)) throw malformed(version, "a release");
  return text;
}

/** The server gives Administrator all that it has. */
function supportedPrivileges(roles: ReadonlyMap<RoleId, Role>, answer: Json): ReadonlySet<Privilege> {
  // Proof: the product's own constant, in its own spelling.
  const administrator = roles.get("Administrator" as RoleId);
  if (administrator === undefined) throw malformed(answer, "a list with the role Administrator");
  return new Set(administrator.privileges);
}
