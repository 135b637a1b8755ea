import type { Validity } from "../model/validity.ts";
import type { ManifestOf } from "../manifest/manifest.ts";
import type { Parsed } from "../support/parsed.ts";
import { quoted } from "../support/printable.ts";
import { parseBeginning, parseEnd } from "./expiry.ts";
import { ensureOf, refuse, type Reading } from "./reading.ts";

type TimedReading = Reading<ManifestOf<"ACL"> | ManifestOf<"Membership">>;

/** `spec.validity`, or undefined where there is none; what is wrong with it is reported. */
export function readValidity(reading: TimedReading): Validity | undefined {
  const { validity } = reading.manifest.document.spec;
  if (validity === undefined) return undefined;
  refuseOnAbsent(reading);
  const from = readBound(reading, "notBefore", validity.notBefore, parseBeginning);
  const until = readBound(reading, "notAfter", validity.notAfter, parseEnd);
  if (from !== undefined && until !== undefined && from >= until) {
    const message = `the validity is over (${quoted(validity.notAfter ?? "")}) before it begins (${quoted(validity.notBefore ?? "")})`;
    refuse(reading, "/spec/validity/notAfter", { code: "invalid-validity", message });
  }
  return {
    ...(from !== undefined && { fromSeconds: from }),
    ...(until !== undefined && { untilSeconds: until }),
  };
}

/** Absent from an instant on, or until one, would be read in two ways. */
function refuseOnAbsent(reading: TimedReading): void {
  if (ensureOf(reading.manifest) !== "absent") return;
  refuse(reading, "/spec/validity", {
    code: "conflicting-fields",
    message: "what is declared absent has no validity",
    hint: "to end a grant at an instant, drop ensure: absent and say notAfter",
  });
}

function readBound(
  reading: TimedReading,
  field: "notBefore" | "notAfter",
  text: string | undefined,
  parse: (text: string) => Parsed<number>,
): number | undefined {
  if (text === undefined) return undefined;
  const bound = parse(text);
  if (bound.ok) return bound.value;
  const hint = "write 2026-12-05 or 2026-12-05T18:00:00Z";
  refuse(reading, `/spec/validity/${field}`, {
    code: "invalid-validity",
    message: `${quoted(text)} ${bound.problem}`,
    hint,
  });
  return undefined;
}
