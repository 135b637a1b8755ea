// What is read of realms beyond their list. A caller that may not is told what it lacks, not refused in the middle.

import type { Realm } from "../model/access-state.ts";
import type { AclPath, Privilege, RealmId } from "../model/ids.ts";
import type { IncompleteList } from "../model/live-state.ts";
import type { Product } from "../model/product.ts";
import { ApiError } from "../proxmox/api-error.ts";
import { isGone } from "../proxmox/known-words.ts";
import type { ReadClient } from "../proxmox/read.ts";
import { mapBounded } from "../support/concurrency.ts";
import { mapValues } from "../support/maps.ts";
import { answerOf, type Json } from "./decode.ts";
import { digestFrom, optionsFrom, syncJobsFrom } from "./pve-realms.ts";
import { mostAtOnce, type Details } from "./pve-reads.ts";

type Realms = ReadonlyMap<RealmId, Realm>;

interface Read {
  readonly realms: Realms;
  readonly incomplete: readonly IncompleteList[];
}

export async function readRealmDetails(
  client: ReadClient,
  product: Product,
  { listed, asked }: { readonly listed: Realms; readonly asked: Details },
  signal: AbortSignal,
): Promise<Read> {
  const wanted = [...listed.values()].filter(({ id, type }) => asked.realms.has(id) && type !== "");
  const read = await mapBounded(wanted, mostAtOnce, (realm) => readRealm(client, product, realm, signal));
  const known = new Map(read.map((one, index) => [wanted[index]?.id, one]));
  const realms = new Map(
    [...listed].flatMap(([id, realm]): [RealmId, Realm][] => {
      const one = known.get(id);
      if (one === "gone") return [];
      return [[id, one === undefined || one === "forbidden" ? realm : one.realm]];
    }),
  );
  const hidden: readonly IncompleteList[] = read.includes("forbidden")
    ? [lacks("realms", "/access/realm")]
    : [];
  if (asked.syncJobs === "no") return { realms, incomplete: hidden };
  const jobs = await readJobs(client, product, signal);
  if (jobs === undefined) {
    const lacking = asked.syncJobs === "needed" ? [lacks("sync jobs", "/")] : [];
    return { realms, incomplete: [...hidden, ...lacking] };
  }
  return {
    realms: mapValues(realms, (realm) => ({ ...realm, syncJobs: jobs.get(realm.id) ?? [] })),
    incomplete: hidden,
  };
}

/** A realm as it is now, and the digest that a write of it has to carry. */
export interface FoundRealm {
  readonly realm: Realm;
  readonly digest: string;
}

/** Throws ApiError, but where the realm is not there or may not be seen. */
export async function readRealm(
  client: ReadClient,
  product: Product,
  listed: Realm,
  signal: AbortSignal,
): Promise<FoundRealm | "gone" | "forbidden"> {
  const path = `/access/domains/${encodeURIComponent(listed.id)}`;
  const answer = await readUnless(path, client, signal);
  if (answer === "gone" || answer === "forbidden") return answer;
  const options = optionsFrom(answer, listed.type, product);
  return { realm: { ...listed, options }, digest: digestFrom(answer) };
}

async function readJobs(
  client: ReadClient,
  product: Product,
  signal: AbortSignal,
): Promise<ReturnType<typeof syncJobsFrom> | undefined> {
  const answer = await readUnless("/cluster/jobs/realm-sync", client, signal);
  return answer === "gone" || answer === "forbidden" ? undefined : syncJobsFrom(answer, product);
}

async function readUnless(
  path: string,
  client: ReadClient,
  signal: AbortSignal,
): Promise<Json | "gone" | "forbidden"> {
  try {
    return answerOf(path, await client.get(path, {}, signal));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.kind === "forbidden") return "forbidden";
    if (isGone(error)) return "gone";
    throw error;
  }
}

function lacks(list: IncompleteList["list"], path: string): IncompleteList {
  // Proof: the product's own constants, in its own spelling.
  return { list, privilege: "Sys.Audit" as Privilege, path: path as AclPath };
}
