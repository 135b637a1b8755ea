import { Ajv2020, type DefinedError, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { Bug } from "../support/bug.ts";
import { schemas, type DocumentOf, type ManifestKind } from "./kinds.ts";

/** One way in which a document is not what its kind's schema says, without the checker's words. */
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
);

type Checked<Document> =
  | { readonly ok: true; readonly document: Document }
  | { readonly ok: false; readonly mistakes: readonly SchemaMistake[] };

/** Checks documents; a kind's schema is compiled when the first of its kind is there. */
export interface Checker {
  check<Kind extends ManifestKind>(kind: Kind, value: unknown): Checked<DocumentOf[Kind]>;
}

/**
 * The schemas are constants of ours, checked once and for all by a test (test/unit/schema/check.test.ts): checking them
 * again in every run, and polishing the checkers' code, would take longer than all that a run checks with them.
 */
const options = {
  strict: true,
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  validateSchema: false,
  code: { optimize: false },
} as const;

export function createChecker(): Checker {
  const ajv = new Ajv2020(options);
  const validators = new Map<ManifestKind, ValidateFunction>();
  return {
    check: <Kind extends ManifestKind>(kind: Kind, value: unknown) => {
      const validate = validators.get(kind) ?? ajv.compile(schemas[kind]);
      validators.set(kind, validate);
      // Proof: DocumentOf is derived from the very schema that the value has just been checked against.
      if (validate(value)) return { ok: true, document: value as DocumentOf[Kind] };
      return { ok: false, mistakes: (validate.errors ?? []).map((error) => mistakeFrom(error)) };
    },
  };
}

/** What the kinds' schemas are made of. */
const usedKeywords = [
  "additionalProperties",
  "required",
  "type",
  "enum",
  "minItems",
  "minProperties",
  "maxItems",
  "maxProperties",
  "pattern",
  "minLength",
  "maxLength",
  "minimum",
  "maximum",
] as const;

type UsedError = DefinedError & { readonly keyword: (typeof usedKeywords)[number] };

function isUsed(error: DefinedError): error is UsedError {
  return usedKeywords.some((keyword) => keyword === error.keyword);
}

function mistakeFrom(error: ErrorObject): SchemaMistake {
  // Proof: only the vocabularies of the draft are loaded, and DefinedError lists what they report.
  const defined = error as DefinedError;
  if (!isUsed(defined)) throw new Bug(`a schema uses the keyword ${error.keyword}, which has no diagnostic`);
  const pointer = defined.instancePath;
  const known = fieldsOf(error.parentSchema);
  switch (defined.keyword) {
    case "additionalProperties":
      return { pointer, problem: "unknown-field", field: defined.params.additionalProperty, known };
    case "required":
      return { pointer, problem: "missing-field", field: defined.params.missingProperty };
    case "type":
      return { pointer, problem: "wrong-type", expected: [defined.params.type].flat(), found: error.data };
    case "enum":
      return {
        pointer,
        problem: "not-one-of",
        allowed: defined.params.allowedValues.map(String),
        found: error.data,
      };
    case "minItems":
    case "minProperties":
      return { pointer, problem: "wrong-count", bound: "at least", limit: defined.params.limit, known };
    case "maxItems":
    case "maxProperties":
      return { pointer, problem: "wrong-count", bound: "at most", limit: defined.params.limit, known };
    case "pattern":
    case "minLength":
    case "maxLength":
    case "minimum":
    case "maximum":
      return { pointer, problem: "wrong-form", found: error.data };
  }
}

function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null || !("properties" in schema)) return [];
  return typeof schema.properties === "object" && schema.properties !== null
    ? Object.keys(schema.properties)
    : [];
}
