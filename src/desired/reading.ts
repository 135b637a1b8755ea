// In: one manifest and the product whose rules hold. Out: the values that it declares. Must not know: live state.

import type { Expiry } from "../model/access-state.ts";
import type { Ensure } from "../model/desired.ts";
import { pauseGroup } from "../model/pause.ts";
import type { Product } from "../model/product.ts";
import { didYouMean, errorAt, type Diagnostic, type Said } from "../manifest/diagnostic.ts";
import type { Manifest } from "../manifest/manifest.ts";
import type { Parsed } from "../support/parsed.ts";
import { charactersOf, quoted } from "../support/printable.ts";
import { nearest } from "../support/suggest.ts";
import { parseExpiry } from "./expiry.ts";

/** Takes what is wrong while the reading goes on: all mistakes are told at once. */
export type Report = (diagnostic: Diagnostic) => void;

/** A manifest while it is read. */
export interface Reading<M extends Manifest = Manifest> {
  readonly manifest: M;
  readonly product: Product;
  readonly report: Report;
}

/** What a part lacks may be what was wrong in it. */
export function refuse({ manifest, report }: Reading, pointer: string, said: Said): void {
  if (manifest.isPart === true && said.code === "missing-field") return;
  report(errorAt(manifest.locate(pointer), said));
}

/** An id as the product spells it, or nothing where it is none. */
export function readId<Id extends string>(
  reading: Reading,
  pointer: string,
  text: string,
  parse: (text: string) => Parsed<Id>,
): Id | undefined {
  // The server takes other characters in a user's name and can then never address that user again.
  const id: Parsed<Id> = /^[\x21-\x7e]*$/u.test(text)
    ? parse(text)
    : { ok: false, problem: "holds characters that are not printable ASCII" };
  if (id.ok) return id.value;
  refuse(reading, pointer, { code: "invalid-name", message: `${quoted(text)} ${id.problem}` });
  return undefined;
}

/** The ids of a list; what is none is reported and left out. */
export function readIds<Id extends string>(
  reading: Reading,
  pointer: string,
  texts: readonly string[],
  parse: (text: string) => Parsed<Id>,
): Id[] {
  return texts
    .map((text, index) => readId(reading, `${pointer}/${index}`, text, parse))
    .filter((id) => id !== undefined);
}

/** The temporary objects of an apply have such names, and the next pass removes what has one. */
export function refuseTemporaryName(reading: Reading, name: string): void {
  if (!name.startsWith("rolecall-tmp-")) return;
  const message = "names that begin with rolecall-tmp- are Rolecall's own, for temporary objects";
  refuse(reading, "/metadata/name", { code: "reserved-name", message });
}

/** The switch that people pull on the server itself would be pulled by a commit, and by none let go again. */
export function refusePauseGroup(reading: Reading, pointer: string, name: string): void {
  if (name !== pauseGroup) return;
  const message = `the group ${pauseGroup} is the switch that holds Rolecall back, and is made on the server only`;
  refuse(reading, pointer, { code: "reserved-name", message });
}

/** A text as the server keeps it: blanks around it are lost there. */
export function readText(
  reading: Reading,
  pointer: string,
  text: string,
  limit = Number.POSITIVE_INFINITY,
): string {
  const kept = text.replace(/^ +| +$/gu, "");
  if (charactersOf(kept).length > limit) {
    refuse(reading, pointer, {
      code: "invalid-value",
      message: `the text is longer than ${limit} characters`,
    });
  }
  // Perl takes the text 0 for none: the server would answer 200 and keep nothing.
  if (kept === "0") {
    refuse(reading, pointer, { code: "invalid-value", message: `the server cannot keep the text "0" here` });
  }
  return kept;
}

export function readExpiry(reading: Reading, pointer: string, text: string): Expiry {
  const expiry = parseExpiry(text);
  if (expiry.ok) return expiry.value;
  const hint = didYouMean(nearest(text, ["never"])) ?? "write 2027-01-31, 2027-01-31T18:00:00Z or never";
  refuse(reading, pointer, { code: "invalid-expiry", message: `${quoted(text)} ${expiry.problem}`, hint });
  return 0;
}

export function ensureOf({ document }: Exclude<Manifest, { kind: "Target" | "Policy" }>): Ensure {
  if (document.metadata.annotations?.["rolecall.dev/reconcile"] === "disabled") return "ignored";
  return document.spec?.ensure ?? "present";
}

/** A field that is declared and let go at once says two things. */
export function refuseUnmanagedFields(
  reading: Reading,
  unmanaged: readonly string[],
  spec: Readonly<Record<string, unknown>>,
): void {
  for (const [index, field] of unmanaged.entries()) {
    if (spec[field] === undefined) continue;
    const message = `${field} is declared and unmanaged at once`;
    refuse(reading, `/spec/unmanaged/${index}`, { code: "conflicting-fields", message });
  }
}
