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
  const mistakes = mistakesIn(value, schemas[kind]);
  if (mistakes.length > 0) return { ok: false, mistakes };
  // Proof: DocumentOf is derived from the very schema that the value has just been checked against.
  return { ok: true, document: value as DocumentOf[Kind] };
}

/** With pointers from the value on: where nothing is wrong, none is ever put together. */
function mistakesIn(value: unknown, schema: Schema): readonly SchemaMistake[] {
  const { type } = schema;
  if (type !== undefined && !isOfTypes(value, type)) {
    return [{ pointer: "", problem: "wrong-type", expected: [type].flat(), found: value }];
  }
  return [
    ...mistakesOfValue(value, schema),
    ...(Array.isArray(value)
      ? mistakesInElements(value, schema)
      : isRecord(value)
        ? mistakesInFields(value, schema)
        : []),
  ];
}

function isOfTypes(value: unknown, type: TypeName | readonly TypeName[]): boolean {
  return typeof type === "string" ? isOfType[type](value) : type.some((one) => isOfType[one](value));
}

const isOfType: Readonly<Record<TypeName, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  array: (value) => Array.isArray(value),
  object: isRecord,
  null: (value) => value === null,
};

function mistakesOfValue(value: unknown, schema: Schema): readonly SchemaMistake[] {
  const allowed = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (allowed !== undefined && !allowed.some((one) => one === value)) {
    return [{ pointer: "", problem: "not-one-of", allowed: allowed.map(String), found: value }];
  }
  return isOfForm(value, schema) ? [] : [{ pointer: "", problem: "wrong-form", found: value }];
}

function isOfForm(value: unknown, schema: Schema): boolean {
  if (typeof value === "number") return isWithin(value, schema.minimum, schema.maximum);
  if (typeof value !== "string") return true;
  const { minLength, maxLength, pattern } = schema;
  if (pattern !== undefined && !new RegExp(pattern, "u").test(value)) return false;
  // JSON Schema counts characters, not the halves of those that UTF-16 writes as two.
  const hasLimit = minLength !== undefined || maxLength !== undefined;
  return !hasLimit || isWithin(Array.from(value).length, minLength, maxLength);
}

function isWithin(value: number, least: number | undefined, most: number | undefined): boolean {
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

function mistakesInElements(elements: readonly unknown[], schema: Schema): readonly SchemaMistake[] {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const mistakes = [...miscounted(elements.length, { least: minItems, most: maxItems, known: [] })];
  // The schemas ask it of scalars alone.
  const seen = new Set<unknown>();
  for (const [index, element] of elements.entries()) {
    if (uniqueItems === true && seen.has(element)) {
      mistakes.push({ pointer: `/${index}`, problem: "repeated" });
    }
    seen.add(element);
    const below = items === undefined ? [] : mistakesIn(element, items);
    for (const mistake of beneath(`/${index}`, below)) mistakes.push(mistake);
  }
  return mistakes;
}

function mistakesInFields(
  fields: Readonly<Record<string, unknown>>,
  schema: Schema,
): readonly SchemaMistake[] {
  const { properties = {}, required = [], additionalProperties, minProperties, maxProperties } = schema;
  const names = Object.keys(fields);
  const known = Object.keys(properties);
  const mistakes = [...miscounted(names.length, { least: minProperties, most: maxProperties, known })];
  for (const field of required) {
    if (!Object.hasOwn(fields, field)) mistakes.push({ pointer: "", problem: "missing-field", field });
  }
  for (const field of names) {
    const property = Object.hasOwn(properties, field) ? properties[field] : additionalProperties;
    if (property === false) mistakes.push({ pointer: "", problem: "unknown-field", field, known });
    const below = property === false || property === undefined ? [] : mistakesIn(fields[field], property);
    if (below.length > 0) for (const mistake of beneath(pointerStep(field), below)) mistakes.push(mistake);
  }
  return mistakes;
}

function beneath(step: string, mistakes: readonly SchemaMistake[]): readonly SchemaMistake[] {
  return mistakes.map((mistake) => ({ ...mistake, pointer: step + mistake.pointer }));
}

interface Bounds {
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly known: readonly string[];
}

function miscounted(count: number, { least, most, known }: Bounds): readonly SchemaMistake[] {
  if (least !== undefined && count < least)
    return [{ pointer: "", problem: "wrong-count", bound: "at least", limit: least, known }];
  if (most !== undefined && count > most)
    return [{ pointer: "", problem: "wrong-count", bound: "at most", limit: most, known }];
  return [];
}
