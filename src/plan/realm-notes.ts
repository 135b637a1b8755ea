// What realms mean for users: who can't log in any more, and whose entries a directory takes away.

import type { AccessState, Realm } from "../model/access-state.ts";
import { isTokenId, realmOf, type AuthId, type RealmId, type UserId } from "../model/ids.ts";
import { groupBy } from "../support/group-by.ts";
import { hasSyncJobs } from "./details-to-read.ts";
import { changeKey, type Note, type Settling } from "./settling.ts";

interface Ends {
  readonly before: AccessState;
  readonly wanted: AccessState;
}

/** As many as a message bears. */
const named = 5;

/** A realm goes alone: its users stay, and can't log in; their tokens work on (recorded in test/contract, domains). */
export function strandedUsers(
  { before, wanted }: Ends,
  { desired }: Settling,
  caller: AuthId,
): readonly Note[] {
  const gone = [...before.realms.keys()].filter((id) => !wanted.realms.has(id));
  if (gone.length === 0) return [];
  const users = groupBy<RealmId, UserId>(wanted.users.keys(), realmOf);
  const { protect, requireAdmin } = desired.target.safety;
  const needed = new Set<string>([
    ...protect,
    ...requireAdmin,
    ...(isTokenId(caller) ? [] : [`user:${caller}`]),
  ]);
  return gone.flatMap((id): readonly Note[] => {
    const left = [...(users.get(id) ?? [])].sort();
    if (left.length === 0) return [];
    const source = desired.realms.get(id)?.source;
    const kept = left.filter((user) => needed.has(`user:${user}`));
    const more = left.length > named ? ` and ${left.length - named} more` : "";
    return [
      {
        severity: source === undefined || kept.length > 0 ? "error" : "warning",
        code: "realm-strands-users",
        message:
          `without realm ${id} ${left.length === 1 ? "a user" : `${left.length} users`} can't log in any more, while their API tokens work on: ` +
          `${left.slice(0, named).join(", ")}${more}` +
          (kept.length === 0 ? "" : `; the target needs ${kept.join(", ")}`),
        ...(source && { source }),
        about: [changeKey("Realm", id)],
        count: left.length,
        facts: [id, ...left],
      },
    ];
  });
}

/** The server lets a realm go and keeps the job that asks it: where jobs can be seen they go first. */
export function unseenJobs(
  { before, wanted }: Ends,
  { desired, product, version }: Settling,
): readonly Note[] {
  if (!hasSyncJobs(product, version)) return [];
  const unseen = [...before.realms.values()].filter(
    ({ id, type, syncJobs }) =>
      !wanted.realms.has(id) && syncJobs === undefined && product.realms.synchronised.includes(type),
  );
  return unseen.map(({ id }): Note => {
    const source = desired.realms.get(id)?.source;
    return {
      severity: "warning",
      code: "sync-jobs-unseen",
      message:
        `nobody could see whether a job fetches users of realm ${id} by a schedule (Sys.Audit on / shows it): ` +
        "one would stay behind, and fail each time",
      ...(source && { source }),
      about: [changeKey("Realm", id)],
    };
  });
}

/** A realm that comes to ask for a second factor lets nobody in who has none; their tokens work on. */
export function lockingFactors(
  { before, wanted }: Ends,
  { desired }: Settling,
  caller: AuthId,
): readonly Note[] {
  const { protect, requireAdmin } = desired.target.safety;
  const needed = new Set<string>([
    ...protect,
    ...requireAdmin,
    ...(isTokenId(caller) ? [] : [`user:${caller}`]),
  ]);
  return [...wanted.realms.values()].flatMap(({ id, options }): readonly Note[] => {
    const was = before.realms.get(id);
    if (was === undefined || options?.["tfa"] === undefined || was.options?.["tfa"] === options["tfa"])
      return [];
    const users = [...before.users.keys()].filter((user) => realmOf(user) === id).sort();
    const kept = users.filter((user) => needed.has(`user:${user}`));
    if (users.length === 0) return [];
    const source = desired.realms.get(id)?.places.get("tfa") ?? desired.realms.get(id)?.source;
    return [
      {
        severity: kept.length > 0 ? "error" : "warning",
        code: "realm-second-factor",
        message:
          `realm ${id} then asks for a second factor, and who has none set up can't log in with a password: ` +
          (users.length === 1 ? "it has a user" : `it has ${users.length} users`) +
          (kept.length === 0 ? "" : `; the target needs ${kept.join(", ")}`),
        ...(source && { source }),
        about: [changeKey("Realm", id)],
        count: users.length,
        facts: [id, ...kept],
      },
    ];
  });
}

/** Git would put the entries back that each sync takes away, for as long as the directory lacks whom they are of. */
export function removedEntries({ realms, acl }: AccessState, { desired }: Settling): readonly Note[] {
  return [...desired.realms.values()].flatMap(({ id, ensure, source, places }): readonly Note[] => {
    const realm = realms.get(id);
    if (ensure !== "present" || realm === undefined || !removesEntries(realm)) return [];
    const entries = acl.filter(({ subject }) =>
      subject.kind === "group" ? subject.id.endsWith(`-${id}`) : subject.id.split("!")[0]?.endsWith(`@${id}`),
    );
    if (entries.length === 0) return [];
    return [
      {
        severity: "warning",
        code: "sync-removes-entries",
        message:
          `a sync of realm ${id} takes away the ACL entries of whom its directory no longer has (remove-vanished: acl), ` +
          `and ${entries.length} ${entries.length === 1 ? "hangs" : "hang"} on its users and groups: ` +
          "let Git alone decide over entries, and sync with remove-vanished: entry",
        source: places.get("sync") ?? places.get("sync-defaults-options") ?? source,
        about: [changeKey("Realm", id)],
        count: entries.length,
      },
    ];
  });
}

function removesEntries({ options, syncJobs = [] }: Realm): boolean {
  const defaults = String(options?.["sync-defaults-options"] ?? "");
  return [defaults, ...syncJobs.map(({ removeVanished }) => removeVanished)].some((text) =>
    /\bacl\b/u.test(text),
  );
}
