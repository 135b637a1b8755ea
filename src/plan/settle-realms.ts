// Realms: what should be there of each, and what keeps a realm from being so.

import type { Realm } from "../model/access-state.ts";
import type { DesiredRealm } from "../model/desired.ts";
import type { RealmId } from "../model/ids.ts";
import type { RealmSecrets } from "./plan.ts";
import { mergedOptions, realmObjections, type Objection } from "./realm-options.ts";
import { writeObjections } from "./realm-write-objections.ts";
import { settleJobs } from "./settle-jobs.ts";
import { originOf } from "./settle-objects.ts";
import { changeKey, settleUndeclared, type Remarks, type Settling } from "./settling.ts";

type Realms = ReadonlyMap<RealmId, Realm>;

export function settleRealms(settling: Settling, remarks: Remarks): Realms {
  const wanted = new Map(stayingRealms(settling, remarks));
  for (const realm of settling.desired.realms.values()) settleRealm(realm, wanted, settling, remarks);
  const settled = withOneDefault(wanted, settling, remarks);
  holdUnreadable(settled, settling, remarks);
  return settled;
}

/** Those that no manifest declares and that stay: among them what every server has. */
function stayingRealms(settling: Settling, remarks: Remarks): Realms {
  const { desired, live, ownership, product } = settling;
  return new Map(
    [...live.realms].filter(([id]) => {
      if (desired.realms.has(id) || product.builtInRealms.has(id)) return true;
      const standing = { inScope: ownership.realmInScope(id), stays: ownership.realmStays(id) };
      return settleUndeclared("Realm", { name: id, ...standing }, settling, remarks) === "stays";
    }),
  );
}

function settleRealm(
  desired: DesiredRealm,
  wanted: Map<RealmId, Realm>,
  settling: Settling,
  remarks: Remarks,
): void {
  const { id, ensure } = desired;
  const key = changeKey("Realm", id);
  const live = settling.live.realms.get(id);
  remarks.origins.set(key, originOf(desired));
  if (ensure === "ignored") return;
  if (ensure === "absent") {
    wanted.delete(id);
    return;
  }
  // A copy of a server's files may lack the one of realms: then nothing is known of it but that it is there.
  if (live !== undefined && live.type !== "" && live.options === undefined) return;
  const objections = realmObjections(desired, live, settling);
  hold(desired, objections, remarks);
  // What is held is shown as it would be, but for what the server could never make of it.
  if (objections.some(({ isHopeless }) => isHopeless)) return;
  const declared = sameOr(live, declaredRealm(desired, live, settling, remarks));
  const sent = secretsToSend(desired, live, declared, settling);
  if (declared !== live || Object.keys(sent).length > 0)
    hold(desired, writeObjections(desired, { live, declared }, settling), remarks);
  wanted.set(id, declared);
  remarks.realms.set(id, {
    ...(Object.keys(sent).length > 0 && { secrets: sent }),
    ...(desired.checksConnection && { checksConnection: true as const }),
  });
}

function hold({ id, source }: DesiredRealm, objections: readonly Objection[], remarks: Remarks): void {
  const key = changeKey("Realm", id);
  if (objections.some(({ severity }) => severity === "error")) remarks.held.add(key);
  for (const { severity, code, message, place } of objections)
    remarks.notes.push({ severity, code, message, source: place ?? source, about: [key] });
}

/** All where the realm is made or somebody asks; else those of which what they belong to is another one now. */
function secretsToSend(
  { id, secrets }: DesiredRealm,
  live: Realm | undefined,
  declared: Realm,
  { askedRealms, product }: Settling,
): RealmSecrets {
  const { secretSettings } = product.realms;
  return Object.fromEntries(
    [...secrets].filter(([name]) => {
      if (live === undefined || askedRealms.has(id)) return true;
      const option = secretSettings.get(name)?.of ?? name;
      const setting = declared.options?.[option];
      return setting !== undefined && setting !== live.options?.[option];
    }),
  );
}

function declaredRealm(
  desired: DesiredRealm,
  live: Realm | undefined,
  settling: Settling,
  remarks: Remarks,
): Realm {
  const { id, type = "", isDefault } = desired;
  const { builtInComments } = settling.product.realms;
  const syncJobs = settleJobs(desired, live, settling, remarks);
  return {
    id,
    type,
    // The server gives its own realms a comment where they have none.
    comment: (desired.comment ?? live?.comment ?? "") || (builtInComments.get(id) ?? ""),
    ...((isDefault ?? live?.isDefault) === true && { isDefault: true as const }),
    options: mergedOptions(desired, live?.options ?? {}, settling.product.realms),
    ...(syncJobs && { syncJobs }),
  };
}

function sameOr(live: Realm | undefined, declared: Realm): Realm {
  const text = ({ id, type, comment, isDefault, options, syncJobs }: Realm): string =>
    JSON.stringify([id, type, comment, isDefault, options, syncJobs]);
  return live !== undefined && text(live) === text(declared) ? live : declared;
}

/** The server takes the mark from whichever realm has it, declared or not. */
function withOneDefault(wanted: Realms, { desired }: Settling, remarks: Remarks): Realms {
  const marked = [...desired.realms.values()].find(
    ({ id, ensure, isDefault }) =>
      ensure === "present" && isDefault === true && wanted.get(id)?.isDefault === true,
  );
  if (marked === undefined) return wanted;
  return new Map(
    [...wanted].map(([id, realm]): [RealmId, Realm] => {
      const { isDefault, ...rest } = realm;
      if (id === marked.id || isDefault === undefined) return [id, realm];
      const isOwn = desired.realms.get(id)?.ensure === "present";
      const key = changeKey("Realm", id);
      if (!isOwn) remarks.origins.set(key, { reason: "cascade", source: marked.source });
      return [id, rest];
    }),
  );
}

/** One section that the server can't read keeps it from writing any: nothing would be done, whatever was planned. */
function holdUnreadable(wanted: Realms, { live }: Settling, remarks: Remarks): void {
  const broken = [...live.realms.values()].filter(({ type }) => type === "").map(({ id }) => id);
  if (broken.length === 0) return;
  const changed = [...new Set([...live.realms.keys(), ...wanted.keys()])]
    .filter((id) => live.realms.get(id) !== wanted.get(id))
    .map((id) => changeKey("Realm", id));
  if (changed.length === 0) return;
  for (const key of changed) remarks.held.add(key);
  remarks.notes.push({
    severity: "error",
    code: "realms-unreadable",
    message:
      `the server can't read what it has stored of realm ${broken.join(", ")}, and so writes no realm at all: ` +
      "mend domains.cfg on a node by hand",
    about: changed,
    facts: broken,
  });
}
