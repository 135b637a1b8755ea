import { isRecord } from "../support/is-record.ts";
import { pointerStep } from "../support/pointer.ts";
import { schemas, type DocumentOf, type ManifestKind, type Schema, type TypeName } from "./kinds.ts";

/** One way in which a document is not what its kind's schema says. */
export type SchemaMistake = { readonly pointer: string } & (
  | { readonly problem: "unknown-field"; readonly field: string; readonly known: readonly string[] }
  | { readonly problem: "missing-field"; readonly field: string }
  | { readonly problem: "wrong-type"; readonly expected: readonly string[]; readonly found: unknown }
  | { readonly problem: "not-one-of"; readonly allowed: readonly string[]; readonly found: unknown }
  /** Too short, too long, too small, too large or not of the pattern. */
  | { readonly problem: "wrong-form"; readonly found: unknown }
  /** Too few or too many elements or fields; `known` names the fields that there are. */
  | {
      readonly problem: "wrong-count";
      readonly bound: "at least" | "at most";
      readonly limit: number;
      readonly known: readonly string[];
    }
  /** An element of a list without repetitions that stands before, too. */
  | { readonly problem: "repeated" }
);

type Checked<Document> =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly mistakes: readonly SchemaMistake[] };

/**
 * Walks a document along its kind's schema. A compiler of schemas takes longer to load, and to compile those of a few
 * kinds, than all documents of most repositories take (docs/decisions/053-a-checker-of-our-own.md); one is the judge
 * of this walk in test/property/schema.test.ts.
 */
export function checkDocument<Kind extends ManifestKind>(
  kind: Kind,
  value: unknown,
): Checked<DocumentOf[Kind]> {
  const mistakes: SchemaMistake[] = [];
  checkValue(value, schemas[kind], "", mistakes);
  if (mistakes.length > 0) return { ok: false, mistakes };
  // Proof: DocumentOf is derived from the very schema that the value has just been checked against.
  return { ok: true, document: value as DocumentOf[Kind] };
}

function checkValue(value: unknown, schema: Schema, pointer: string, mistakes: SchemaMistake[]): void {
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType[type](value))) {
    mistakes.push({ pointer, problem: "wrong-type", expected: types, found: value });
    return;
  }
  const allowed = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (allowed !== undefined && !allowed.some((one) => one === value)) {
    mistakes.push({ pointer, problem: "not-one-of", allowed: allowed.map(String), found: value });
  }
  if (typeof value === "string" || typeof value === "number") {
    if (!isOfForm(value, schema)) mistakes.push({ pointer, problem: "wrong-form", found: value });
  } else if (Array.isArray(value)) checkElements(value, schema, pointer, mistakes);
  else if (isRecord(value)) checkFields(value, schema, pointer, mistakes);
}

const isOfType: Readonly<Record<TypeName, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: isRecord,
};

function isOfForm(value: string | number, schema: Schema): boolean {
  if (typeof value === "number") return isWithin(value, schema.minimum, schema.maximum);
  const { minLength, maxLength, pattern } = schema;
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return false;
  // JSON Schema counts characters, not the halves of those that UTF-16 writes as two.
  return (
    (minLength === undefined && maxLength === undefined) ||
    isWithin(Array.from(value).length, minLength, maxLength)
  );
}

function isWithin(value: number, least: number | undefined, most: number | undefined): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

function checkElements(
  elements: readonly unknown[],
  schema: Schema,
  pointer: string,
  mistakes: SchemaMistake[],
): void {
  const { items, minItems, maxItems, uniqueItems } = schema;
  checkCount(elements.length, { least: minItems, most: maxItems, known: [] }, pointer, mistakes);
  for (const [index, element] of elements.entries()) {
    const place = `${pointer}/${index}`;
    if (uniqueItems === true && elements.indexOf(element) < index) {
      mistakes.push({ pointer: place, problem: "repeated" });
    }
    if (items !== undefined) checkValue(element, items, place, mistakes);
  }
}

function checkFields(
  fields: Readonly<Record<string, unknown>>,
  schema: Schema,
  pointer: string,
  mistakes: SchemaMistake[],
): void {
  const { properties = {}, required = [], additionalProperties, minProperties, maxProperties } = schema;
  const names = Object.keys(fields);
  const known = Object.keys(properties);
  checkCount(names.length, { least: minProperties, most: maxProperties, known }, pointer, mistakes);
  for (const field of required) {
    if (!Object.hasOwn(fields, field)) mistakes.push({ pointer, problem: "missing-field", field });
  }
  for (const field of names) {
    const property = Object.hasOwn(properties, field) ? properties[field] : additionalProperties;
    if (property === false) mistakes.push({ pointer, problem: "unknown-field", field, known });
    else if (property !== undefined)
      checkValue(fields[field], property, pointer + pointerStep(field), mistakes);
  }
}

interface Bounds {
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly known: readonly string[];
}

function checkCount(
  count: number,
  { least, most, known }: Bounds,
  pointer: string,
  mistakes: SchemaMistake[],
): void {
  if (least !== undefined && count < least)
    mistakes.push({ pointer, problem: "wrong-count", bound: "at least", limit: least, known });
  if (most !== undefined && count > most)
    mistakes.push({ pointer, problem: "wrong-count", bound: "at most", limit: most, known });
}
