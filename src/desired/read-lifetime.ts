// How long a token's secrets live, and when the next one is made.

import type { ManifestOf } from "../manifest/manifest.ts";
import type { Expiry } from "../model/access-state.ts";
import { wordSeconds, type Lifetime } from "../model/lifetime.ts";
import { quoted } from "../support/printable.ts";
import { parseSeconds } from "./duration.ts";
import { readExpiry, refuse, type Reading } from "./reading.ts";

type TokenReading = Reading<ManifestOf<"Token">>;
type TokenSpec = NonNullable<ManifestOf<"Token">["document"]["spec"]>;

const day = 86_400;
const bounds = { shortest: day, longest: 3650 * day };
/** A secret that was not delivered ends within an hour, and clocks differ: whoever is that near its end is due. */
const leastSeconds = 7_200;

/** A fixed end or a lifetime; undefined where the manifest leaves the expiry alone. */
export function readEnd(reading: TokenReading, spec: TokenSpec): Expiry | Lifetime | undefined {
  if (spec.lifetime !== undefined) return readLifetime(reading, spec, spec.lifetime);
  if (spec.renewBefore !== undefined) {
    const message = "renewBefore counts from the end of a lifetime, and there is none";
    refuse(reading, "/spec/renewBefore", { code: "missing-field", message, hint: "add lifetime, as 90d" });
  }
  if (spec.unmanaged?.includes("expire") !== true) {
    return readExpiry(reading, "/spec/expire", spec.expire ?? "never");
  }
  if ((spec.sinks ?? []).length > 0) {
    const message =
      "a token whose expiry is unmanaged can't have sinks: by its expiry the server records whether its secret was delivered";
    refuse(reading, "/spec/unmanaged", { code: "conflicting-fields", message });
  }
  return undefined;
}

function readLifetime(reading: TokenReading, spec: TokenSpec, text: string): Lifetime {
  for (const field of ["expire", "unmanaged"] as const) {
    const isSaid = field === "expire" ? spec.expire !== undefined : spec.unmanaged?.includes("expire");
    if (isSaid !== true) continue;
    const message = "lifetime is declared, so the expiry follows from it";
    refuse(reading, `/spec/${field}`, { code: "conflicting-fields", message });
  }
  if ((spec.sinks ?? []).length === 0) {
    const message = "a token with a lifetime gets new secrets, and its manifest names no sink for them";
    refuse(reading, "/spec/lifetime", { code: "missing-field", message, hint: "add sinks" });
  }
  const seconds = readSeconds(reading, "lifetime", text, bounds);
  // A third, as certificates are renewed.
  const third = Math.max(leastSeconds, Math.floor(seconds / 3));
  if (spec.renewBefore === undefined) return { seconds, renewBeforeSeconds: third };
  const within = { shortest: leastSeconds, longest: seconds - leastSeconds };
  const renewBeforeSeconds = readSeconds(reading, "renewBefore", spec.renewBefore, within);
  return { seconds, renewBeforeSeconds };
}

function readSeconds(
  reading: TokenReading,
  field: "lifetime" | "renewBefore",
  text: string,
  { shortest, longest }: { readonly shortest: number; readonly longest: number },
): number {
  const seconds = parseSeconds(text);
  const problem = !seconds.ok
    ? seconds.problem
    : seconds.value < shortest || seconds.value > longest
      ? `is not between ${wordSeconds(shortest)} and ${wordSeconds(longest)}`
      : undefined;
  if (problem !== undefined) {
    const message = `${quoted(text)} ${problem}`;
    refuse(reading, `/spec/${field}`, { code: "invalid-value", message });
  }
  return seconds.ok ? seconds.value : bounds.shortest;
}
