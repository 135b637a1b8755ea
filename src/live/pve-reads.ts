import type { AccessState } from "../model/access-state.ts";
import type { PoolId, RealmId } from "../model/ids.ts";
import { poolFeaturesOf } from "../model/pool-features.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { isMissingPool } from "../proxmox/known-words.ts";
import type { ReadClient } from "../proxmox/read.ts";
import { mapBounded } from "../support/concurrency.ts";
import { answerOf, type Json } from "./decode.ts";

/**
 * Every list that decides about access, in as few requests as the API allows. Users last: the server has pvedaemon answer
 * that one, and closes the connection behind it, so that any other after it on the same connection would need a new one.
 */
const reads = {
  permissions: { path: "/access/permissions", query: {} },
  groups: { path: "/access/groups", query: {} },
  roles: { path: "/access/roles", query: {} },
  acl: { path: "/access/acl", query: {} },
  domains: { path: "/access/domains", query: {} },
  pools: { path: "/pools", query: {} },
  users: { path: "/access/users", query: { full: "1" } },
} as const satisfies Readonly<
  Record<string, { readonly path: string; readonly query: Readonly<Record<string, string>> }>
>;

/** What is read in full, one request each: pools with their members, realms with their options, and the list of jobs. */
export interface Details {
  readonly pools: ReadonlySet<PoolId>;
  readonly realms: ReadonlySet<RealmId>;
  readonly syncJobs: JobsNeed;
}

/** What a plan hangs on has to be seen whole; what it would only be better with may be hidden. */
type JobsNeed = "no" | "wanted" | "needed";

export type DetailsToRead = (listed: AccessState, version: string) => Details;

/** How many requests are under way at once where each pool takes one. */
export const mostAtOnce = 8;

export type Answers = Readonly<Record<keyof typeof reads | "version", Json>>;

/**
 * The version alone first: a server that is down or a token that is wrong is met once and not eight times at the same
 * moment, which would look like an attack to whoever counts failed logins. Then all the rest in parallel.
 */
export async function readAnswers(client: ReadClient, signal: AbortSignal): Promise<Answers> {
  const version = answerOf("/version", await client.get("/version", {}, signal));
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const read = async (name: keyof typeof reads): Promise<Json> => {
    const { path, query } = reads[name];
    try {
      return answerOf(path, await client.get(path, query, either));
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  const [permissions, groups, roles, acl, domains, pools, users] = await Promise.all([
    read("permissions"),
    read("groups"),
    read("roles"),
    read("acl"),
    read("domains"),
    read("pools"),
    read("users"),
  ]);
  return { version, permissions, groups, roles, acl, domains, pools, users };
}

/** Each pool with its members; without those that somebody has deleted since they were listed. */
export async function readPools(
  client: ReadClient,
  pools: readonly PoolId[],
  version: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<PoolId, Json>> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const read = async (id: PoolId): Promise<readonly [PoolId, Json] | undefined> => {
    const { path, query } = requestForPool(id, version);
    try {
      return [id, answerOf(path, await client.get(path, query, either))];
    } catch (error) {
      if (error instanceof ApiError && isMissingPool(error, id)) return undefined;
      failed.abort(error);
      throw error;
    }
  };
  const answers = await mapBounded(pools, mostAtOnce, read);
  return new Map(answers.flatMap((answer) => (answer === undefined ? [] : [answer])));
}

/** A list of one, or before release 8.1 the one itself. */
function requestForPool(
  id: PoolId,
  version: string,
): { readonly path: string; readonly query: Readonly<Record<string, string>> } {
  return poolFeaturesOf(version).nested
    ? { path: "/pools", query: { poolid: id } }
    : { path: `/pools/${encodeURIComponent(id)}`, query: {} };
}
