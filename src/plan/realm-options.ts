// In: a declared realm and what is live of it. Out: its options as they should be, or what keeps them from being so.

import type { Realm, RealmOptions } from "../model/access-state.ts";
import type { DesiredRealm } from "../model/desired.ts";
import type { RealmRules } from "../model/realm-rules.ts";
import { isSince } from "../model/release.ts";
import { sortedBy } from "../support/compare.ts";
import type { Place } from "../support/place.ts";
import type { Note, Settling } from "./settling.ts";

export interface Objection extends Pick<Note, "severity" | "code" | "message"> {
  readonly place?: Place;
  /** There is no change to show: it could never be made. */
  readonly isHopeless: boolean;
}

/** What is declared, on top of what is there. An option that says only what its absence says stays absent. */
export function mergedOptions(
  { options }: DesiredRealm,
  live: RealmOptions,
  rules: RealmRules,
): RealmOptions {
  const merged = new Map(Object.entries(live));
  for (const [name, value] of options) {
    if (value === undefined) merged.delete(name);
    else if (merged.has(name) || value !== rules.options.get(name)?.otherwise) merged.set(name, value);
  }
  return Object.fromEntries(sortedBy(merged, ([name]) => name));
}

export function realmObjections(
  desired: DesiredRealm,
  live: Realm | undefined,
  settling: Settling,
): readonly Objection[] {
  const { id, type } = desired;
  // Said once, of all realms: holdUnreadable.
  if (live?.type === "") return [];
  if (live !== undefined && live.type !== type) {
    const message =
      `realm ${id} is of type ${live.type} on the server and declared as ${type ?? "none"}: a realm's type never ` +
      "changes, since users keep their names and would log in elsewhere; delete the realm first, or give the new one another name";
    return [error("realm-type-fixed", message, desired.places.get("type"))];
  }
  const lacking = live === undefined ? missingOptions(desired, settling.product.realms) : [];
  if (lacking.length > 0) {
    const message = `realm ${id} can't be made without ${lacking.join(", ")}`;
    return [error("realm-incomplete", message)];
  }
  return [...optionObjections(desired, live, settling), ...jobObjections(desired, settling)];
}

function error(code: Objection["code"], message: string, place?: Place, isHopeless = true): Objection {
  return { severity: "error", code, message, ...(place && { place }), isHopeless };
}

function missingOptions({ type = "", options }: DesiredRealm, rules: RealmRules): readonly string[] {
  return [...rules.options].flatMap(([name, { requiredBy }]) =>
    requiredBy?.includes(type) === true && options.get(name) === undefined ? [name] : [],
  );
}

function optionObjections(
  { id, options, places }: DesiredRealm,
  live: Realm | undefined,
  { product, version }: Settling,
): readonly Objection[] {
  return [...options].flatMap(([name, value]) => {
    const rule = product.realms.options.get(name);
    const now = live?.options?.[name];
    if (rule === undefined || value === now) return [];
    const place = places.get(name);
    if (rule.fixed && live !== undefined) {
      const message = `${name} of realm ${id} is fixed when the realm is made: leave it out, or make another realm`;
      return [error("realm-option-fixed", message, place)];
    }
    if (value === undefined) return [];
    if (rule.since && !isSince(version, rule.since)) {
      const message = `release ${version} has no option ${name} for realm ${id}: ${rule.since.join(".")} brought it`;
      return [error("realm-option-unsupported", message, place, false)];
    }
    const { earlier } = rule;
    if (earlier && !isSince(version, earlier.until) && !earlier.shape.fits(String(value))) {
      const message = `release ${version} takes for ${name} of realm ${id} only ${earlier.shape.says}`;
      return [error("realm-option-unsupported", message, place, false)];
    }
    return [];
  });
}

function jobObjections(
  { id, sync, places }: DesiredRealm,
  { product, version }: Settling,
): readonly Objection[] {
  const { syncJobsSince } = product.realms;
  if (sync === undefined || sync === "absent" || isSince(version, syncJobsSince)) return [];
  const message = `release ${version} has no jobs that fetch users of realm ${id}: ${syncJobsSince.join(".")} brought them`;
  return [error("realm-option-unsupported", message, places.get("sync"), false)];
}
