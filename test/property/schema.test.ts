// Our walk along a schema against a compiler of schemas: the same documents are taken, the same mistakes found.

import { describe, expect, test } from "@jest/globals";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import fc from "fast-check";
import { checkDocument } from "../../src/schema/check.ts";
import { isManifestKind, schemas, type Schema, type TypeName } from "../../src/schema/kinds.ts";

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strictRequired: false });

/** Texts that some pattern takes, that hardly one does, and that people write. */
const text = fc.oneof(
  fc.constantFrom("", "A_B", "90d", "10%", "a", "pve", "x".repeat(70), "é".repeat(254), "\u{1F600}", "0640"),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const anything: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.integer({ min: -2, max: 80 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
);

/** Mostly what the schema takes, with a slip here and there. */
function documentOf(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: intended(schema), weight: 80 }, { arbitrary: anything, weight: 1 });
}

function intended(schema: Schema): fc.Arbitrary<unknown> {
  const { enum: allowed, const: only } = schema;
  if (only !== undefined) return fc.constant(only);
  if (allowed !== undefined) return fc.constantFrom<unknown>(...allowed);
  const types = schema.type === undefined ? (["object"] as const) : [schema.type].flat();
  return fc.oneof(...types.map((type) => ofType[type](schema)));
}

const ofType: Readonly<Record<TypeName, (schema: Schema) => fc.Arbitrary<unknown>>> = {
  string: ({ pattern = "^.{1,9}$" }) =>
    fc.oneof(
      { arbitrary: fc.stringMatching(new RegExp(pattern, "u")), weight: 40 },
      { arbitrary: text, weight: 1 },
    ),
  boolean: () => fc.boolean(),
  null: () => fc.constant(null),
  integer: () => fc.integer({ min: -2, max: 80 }),
  array: ({ items = {}, minItems = 0, maxItems = 3 }) =>
    fc.array(documentOf(items), { minLength: minItems, maxLength: maxItems }),
  object: ({ properties = {}, required = [], additionalProperties, maxProperties }) => {
    const fields = Object.entries(properties).map(([name, one]) => [name, documentOf(one)] as const);
    const known =
      maxProperties === 1
        ? fc.oneof(...fields.map(([name, one]) => fc.record({ [name]: one })))
        : fc.record(Object.fromEntries(fields), { requiredKeys: [...required] });
    const other = additionalProperties === false ? anything : documentOf(additionalProperties ?? {});
    const others = fc.dictionary(text, other, { maxKeys: 2 });
    return fc.oneof(
      { arbitrary: known, weight: 8 },
      {
        arbitrary: fc.tuple(known, others).map(([one, more]): unknown => ({ ...more, ...one })),
        weight: 1,
      },
      { arbitrary: fc.tuple(known, text).map(([one, name]) => without(one, name)), weight: 1 },
    );
  },
};

function without(fields: object, name: string): unknown {
  const names = Object.keys(fields);
  const dropped = names[name.length % Math.max(1, names.length)];
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== dropped));
}

const problems: Readonly<Record<string, string>> = {
  additionalProperties: "unknown-field",
  required: "missing-field",
  type: "wrong-type",
  enum: "not-one-of",
  const: "not-one-of",
  minItems: "wrong-count",
  maxItems: "wrong-count",
  minProperties: "wrong-count",
  maxProperties: "wrong-count",
  uniqueItems: "repeated",
  pattern: "wrong-form",
  minLength: "wrong-form",
  maxLength: "wrong-form",
  minimum: "wrong-form",
  maximum: "wrong-form",
};

/** What is of a wrong type is one mistake: a compiler goes on to what its form would have to be. */
function mistakesOf(errors: readonly ErrorObject[]): readonly string[] {
  const mistyped = new Set(
    errors.filter(({ keyword }) => keyword === "type").map(({ instancePath }) => instancePath),
  );
  return distinct(
    errors.filter(({ keyword, instancePath }) => keyword === "type" || !mistyped.has(instancePath)).map(said),
  );
}

function said({ instancePath, keyword, params }: ErrorObject): string {
  const field: unknown = params["additionalProperty"] ?? params["missingProperty"] ?? "";
  return `${instancePath} ${problems[keyword] ?? keyword} ${String(field)}`;
}

/** A compiler says of a list that something repeats, we say what does; and two ways to be of no form are one mistake. */
function found(kind: string, document: unknown): readonly string[] {
  if (!isManifestKind(kind)) throw new Error(kind);
  const checked = checkDocument(kind, document);
  const mistakes = checked.ok ? [] : checked.mistakes;
  return distinct(
    mistakes.map((mistake) => {
      const { pointer, problem } = mistake;
      const place = problem === "repeated" ? pointer.replace(/\/\d+$/u, "") : pointer;
      return `${place} ${problem} ${"field" in mistake ? mistake.field : ""}`;
    }),
  );
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

describe("what is a mistake", () => {
  test.each(Object.entries(schemas))("%s", (kind, schema) => {
    const validate = ajv.compile(schema);
    let taken = 0;
    fc.assert(
      fc.property(documentOf(schema), (document) => {
        const isTaken = validate(document);
        if (isTaken) taken += 1;
        expect(found(kind, document)).toEqual(isTaken ? [] : mistakesOf(validate.errors ?? []));
      }),
      { numRuns: 500 },
    );
    expect(taken).toBeGreaterThan(0);
  });
});
