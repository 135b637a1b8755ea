import type { SchemaMistake } from "../schema/check.ts";
import { isRecord } from "../support/is-record.ts";
import { pointerStep, pointerSteps } from "../support/pointer.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Where a manifest applies and whether it wants something at all: with another answer it would be another manifest. */
const decisive = /^\/(?:apiVersion|kind|metadata\/name|spec\/(?:targets|ensure))(?:\/|$)/u;

/**
 * What is left of a document when each field that is not as its schema says is taken out, so that the others can be
 * looked at, too; undefined where the rest would be another manifest. It may still lack what it must have.
 */
export function soundPart(document: Fields, mistakes: readonly SchemaMistake[]): Fields | undefined {
  const part: Fields = structuredClone(document);
  for (const pointer of mistakes.map(mistakenField)) {
    if (pointer === "" || pointer === "/spec" || decisive.test(pointer)) return undefined;
    takeOut(part, pointerSteps(pointer));
  }
  return part;
}

function mistakenField(mistake: SchemaMistake): string {
  if (mistake.problem !== "unknown-field") return mistake.pointer;
  return mistake.pointer + pointerStep(mistake.field);
}

/** Of a list nothing is taken out but all of it: what is behind would no longer be where its place says. */
function takeOut(fields: Fields, [step, ...rest]: readonly string[]): void {
  if (step === undefined) return;
  const below = Object.hasOwn(fields, step) ? fields[step] : undefined;
  if (rest.length > 0 && isRecord(below)) takeOut(below, rest);
  else Reflect.deleteProperty(fields, step);
}
