import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { checkDocument } from "../../../src/schema/check.ts";
import { schemas, type ManifestKind, type Schema } from "../../../src/schema/kinds.ts";

function check(kind: ManifestKind, spec: unknown, name = "x"): unknown {
  const checked = checkDocument(kind, { apiVersion: "rolecall.dev/v1", kind, metadata: { name }, spec });
  return checked.ok ? "ok" : checked.mistakes;
}

const target = {
  product: "pve",
  endpoints: ["https://a"],
  prune: true,
  credentials: { token: { id: "a@pve!b", secret: { env: "A" } } },
};

test.each(Object.entries(schemas))("the schema of %s is one, of the strict sort", (_, schema) => {
  const strict = new Ajv2020({ strict: true, allErrors: true, verbose: true, allowUnionTypes: true });
  expect(() => strict.compile(schema)).not.toThrow();
});

/** What the walk reads, and what is for people. */
const keywords = new Set([
  ...[
    "type",
    "const",
    "enum",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "items",
    "minItems",
  ],
  ...["maxItems", "uniqueItems", "properties", "required", "additionalProperties", "minProperties"],
  ...["maxProperties", "title", "description", "examples"],
]);

test.each(Object.entries(schemas))(
  "the schema of %s says nothing that the checker does not read",
  (_, schema) => {
    expect(keywordsOf(schema).filter((keyword) => !keywords.has(keyword))).toEqual([]);
  },
);

function keywordsOf(schema: Schema): readonly string[] {
  const { properties = {}, items, additionalProperties } = schema;
  const parts = [...Object.values(properties), items, additionalProperties].filter(
    (one) => typeof one === "object",
  );
  return [...Object.keys(schema), ...parts.flatMap(keywordsOf)];
}

describe("what a schema takes", () => {
  test.each<[ManifestKind, unknown]>([
    ["Target", target],
    ["Target", { ...target, prune: { users: "disable", pools: false } }],
    ["Target", { ...target, endpoints: [{ env: "A" }] }],
    ["User", {}],
    ["User", { targets: ["a"], groups: [], comment: "" }],
    ["User", { targets: { matchLabels: { a: "b" }, matchExpressions: [{ key: "a", operator: "Exists" }] } }],
    ["Group", { ensure: "absent" }],
    ["Membership", { group: "g", user: "u@pve" }],
    ["Role", { privileges: [] }],
    ["ACL", { path: "/", subjects: [{ group: "g" }] }],
    ["Token", { sinks: [{ name: "ci", as: "a" }] }],
  ])("%s %j", (kind, spec) => expect(check(kind, spec)).toBe("ok"));
});

describe("what it does not, one mistake for one cause", () => {
  test.each<[ManifestKind, unknown, string, string]>([
    ["User", { enabld: true }, "", "unknown-field"],
    ["User", { enabled: "yes" }, "/enabled", "wrong-type"],
    ["User", { targets: "a" }, "/targets", "wrong-type"],
    ["User", { targets: { matchLabel: {} } }, "/targets", "unknown-field"],
    ["User", { ensure: "gone" }, "/ensure", "not-one-of"],
    ["User", { password: "x" }, "/password", "wrong-type"],
    ["User", { password: { from: {} } }, "/password/from", "wrong-count"],
    ["User", { password: { from: { env: "a-b" } } }, "/password/from/env", "wrong-form"],
    ["Membership", { group: "g" }, "", "missing-field"],
    ["ACL", { path: "/", subjects: [] }, "/subjects", "wrong-count"],
    ["ACL", { path: "/", subjects: [{ group: "g", user: "u" }] }, "/subjects/0", "wrong-count"],
    ["Target", { ...target, prune: "yes" }, "/prune", "wrong-type"],
    ["Target", { ...target, endpoints: [1] }, "/endpoints/0", "wrong-type"],
    ["Target", { ...target, tls: { fingerprint: "AB:CD" } }, "/tls/fingerprint", "wrong-form"],
    ["Target", { ...target, safety: { maxDeletes: -1 } }, "/safety/maxDeletes", "wrong-form"],
    ["Target", { ...target, credentials: {} }, "/credentials", "wrong-count"],
    [
      "Target",
      {
        ...target,
        credentials: { token: { id: "a@pve!b", secret: { exec: { command: "a", inheritEnv: ["A", "A"] } } } },
      },
      "/credentials/token/secret/exec/inheritEnv/1",
      "repeated",
    ],
  ])("%s %j", (kind, spec, pointer, problem) =>
    expect(check(kind, spec)).toEqual([expect.objectContaining({ pointer: `/spec${pointer}`, problem })]),
  );
});

test("all mistakes are told at once", () =>
  expect(check("User", { enabled: 1, expire: 2, foo: 3 })).toHaveLength(3));
