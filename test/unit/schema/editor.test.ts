import { expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { editorSchema } from "../../../src/schema/editor.ts";

const validate = new Ajv2020({ allowUnionTypes: true, strictRequired: false }).compile({ ...editorSchema() });
const head = { apiVersion: "rolecall.dev/v1", metadata: { name: "x" } };

test.each([
  [true, { ...head, kind: "User" }],
  [true, { ...head, kind: "Role", spec: { privileges: ["VM.Audit"] } }],
  [false, { ...head, kind: "Role", spec: { members: [] } }],
  [false, { ...head, kind: "Rolle" }],
  [false, { ...head, apiVersion: "v1", kind: "User" }],
  [false, { kind: "User" }],
])("%s: %j", (isValid, manifest) => expect(validate(manifest)).toBe(isValid));

test("every field of every kind says what it is for", () => {
  const silent: string[] = [];
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties, items, description, const: only } = schema as Record<string, unknown>;
    if (/\/properties\/\w+$/u.test(path) && description === undefined && only === undefined)
      silent.push(path);
    for (const [name, field] of Object.entries(properties ?? {})) visit(field, `${path}/properties/${name}`);
    visit(items, `${path}/items`);
  };
  for (const [kind, schema] of Object.entries(editorSchema()["$defs"] ?? {})) visit(schema, kind);
  expect(
    silent.filter((path) => !/\/(?:metadata|spec)$|\/(?:scope|prune)\/properties\/\w+$/u.test(path)),
  ).toEqual([
    "Target/properties/spec/properties/credentials/properties/token",
    "Target/properties/spec/properties/credentials/properties/password",
    "Target/properties/spec/properties/planCredentials/properties/token",
    "Target/properties/spec/properties/planCredentials/properties/password",
  ]);
});
