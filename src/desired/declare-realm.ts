import type { ManifestOf } from "../manifest/manifest.ts";
import type { RealmId } from "../model/ids.ts";
import type { DesiredRealm, DesiredSync } from "../model/desired.ts";
import { jobCommentLimit, parseSchedule, vanishing } from "../model/sync-jobs.ts";
import type { Place } from "../support/place.ts";
import type { RealmDeclaration } from "./declaration.ts";
import { readOptions } from "./realm-options.ts";
import { ensureOf, readId, readText, refuse, refuseTemporaryName, type Reading } from "./reading.ts";
import { readSecrets } from "./realm-secrets.ts";

type RealmReading = Reading<ManifestOf<"Realm">>;
type RealmSpec = NonNullable<ManifestOf<"Realm">["document"]["spec"]>;

export function declareRealm(reading: RealmReading): RealmDeclaration | undefined {
  const { manifest, product } = reading;
  const spec: RealmSpec = manifest.document.spec ?? {};
  const id = readId(reading, "/metadata/name", manifest.name, product.parseRealmId);
  refuseTemporaryName(reading, manifest.name);
  const type = readType(reading, spec, id);
  const options = readOptions(reading, type, spec.options ?? {});
  const sync = readSync(reading, type, spec.sync);
  const realm = {
    ensure: ensureOf(manifest),
    source: manifest.place,
    ...(type !== undefined && { type }),
    ...(spec.comment !== undefined && { comment: readComment(reading, spec.comment) }),
    ...(spec.default !== undefined && { isDefault: spec.default }),
    options,
    places: placesOf(manifest, spec),
    secrets: readSecrets(reading, { type, options }, spec.secrets ?? {}),
    ...(sync !== undefined && { sync }),
    ...(readsConnection(reading, type, spec) && { checksConnection: true as const }),
  };
  return id && { kind: "Realm", manifest, realm: { id, ...realm } };
}

/** The realms that every server has may be left without: their type is their name. */
function readType(reading: RealmReading, { type }: RealmSpec, id: RealmId | undefined): string | undefined {
  const { manifest, product } = reading;
  if (id !== undefined && product.builtInRealms.has(id)) {
    refuseAbsence(reading, id);
    if (type === undefined || type === id) return id;
    const message = `the realm ${id} is built in, and of type ${id} on every server`;
    refuse(reading, "/spec/type", { code: "built-in", message, hint: "leave the type out" });
    return id;
  }
  if (type === undefined) {
    if (ensureOf(manifest) !== "present") return undefined;
    const message = "a realm needs a type: ldap, ad or openid";
    refuse(reading, "/spec", { code: "missing-field", message });
    return undefined;
  }
  if (product.realms.creatable.includes(type)) return type;
  const message = `there is one realm of type ${type}, which is built in and named ${type}`;
  refuse(reading, "/spec/type", { code: "built-in", message, hint: "ldap, ad and openid can be made" });
  return undefined;
}

function refuseAbsence(reading: RealmReading, id: string): void {
  if (ensureOf(reading.manifest) !== "absent") return;
  const message = `the realm ${id} is built in and never deleted`;
  refuse(reading, "/spec/ensure", { code: "built-in", message });
}

function readComment(reading: RealmReading, comment: string): string {
  const pointer = "/spec/comment";
  if (/[\n\r]/u.test(comment)) {
    const message = "the comment of a realm holds a line feed, which the server refuses";
    refuse(reading, pointer, { code: "invalid-value", message });
  }
  return readText(reading, pointer, comment, reading.product.realms.commentLimit);
}

/** To another type the server takes not even a no. */
function readsConnection(
  reading: RealmReading,
  type: string | undefined,
  { checkConnection }: RealmSpec,
): boolean {
  const { synchronised } = reading.product.realms;
  if (checkConnection === undefined || type === undefined || synchronised.includes(type))
    return checkConnection === true;
  const message = `a realm of type ${type} has no directory to ask: only ${synchronised.join(" and ")} have`;
  refuse(reading, "/spec/checkConnection", { code: "invalid-value", message });
  return false;
}

function readSync(
  reading: RealmReading,
  type: string | undefined,
  sync: RealmSpec["sync"],
): DesiredRealm["sync"] {
  if (sync === undefined) return undefined;
  const { synchronised } = reading.product.realms;
  if (type !== undefined && !synchronised.includes(type)) {
    const message = `a realm of type ${type} has no directory to fetch users from: only ${synchronised.join(" and ")} have`;
    refuse(reading, "/spec/sync", { code: "invalid-value", message });
  }
  if (sync.ensure === "absent") return "absent";
  if (sync.schedule === undefined) {
    const message = "spec.sync lacks the field schedule";
    refuse(reading, "/spec/sync", { code: "missing-field", message, hint: "daily, mon..fri 06:00, */30" });
  }
  return {
    schedule: sync.schedule === undefined ? "" : readSchedule(reading, sync.schedule),
    scope: sync.scope ?? "both",
    removeVanished: vanishedFrom(sync.removeVanished ?? []),
    enabled: sync.enabled ?? true,
    ...(sync.enableNew !== undefined && { enableNew: sync.enableNew }),
    ...(sync.comment !== undefined && {
      comment: readText(reading, "/spec/sync/comment", sync.comment, jobCommentLimit),
    }),
  } satisfies DesiredSync;
}

function readSchedule(reading: RealmReading, schedule: string): string {
  const when = parseSchedule(schedule);
  if (when.ok) return when.value;
  const hint = "daily, mon..fri 06:00, */30";
  refuse(reading, "/spec/sync/schedule", { code: "invalid-value", message: when.problem, hint });
  return schedule;
}

function vanishedFrom(names: readonly (typeof vanishing)[number][]): string {
  return vanishing.filter((name) => names.includes(name)).join(";") || "none";
}

function placesOf(
  { locate }: ManifestOf<"Realm">,
  { options = {}, type, sync, checkConnection }: RealmSpec,
): ReadonlyMap<string, Place> {
  const pointers = [
    ...Object.keys(options).map((name) => [name, `/spec/options/${name}`] as const),
    ...(type === undefined ? [] : [["type", "/spec/type"] as const]),
    ...(sync === undefined ? [] : [["sync", "/spec/sync"] as const]),
    ...(checkConnection === undefined ? [] : [["checkConnection", "/spec/checkConnection"] as const]),
  ];
  return new Map(pointers.map(([name, pointer]) => [name, locate.place(pointer)]));
}
