import type { JSONSchema } from "json-schema-to-ts";
import {
  change,
  changeIndices,
  count,
  findingDetail,
  kind,
  operation,
  place,
  text,
} from "./plan-schema-parts.ts";

const delta = {
  type: "object",
  description: "Who gains and who loses which privilege on which path, and why.",
  properties: {
    subject: { ...text, description: "`user:ID` or `token:ID`." },
    path: { ...text, description: "A path; `/vms/*` is what is below one and named in neither state." },
    propagate: { type: "boolean", description: "Whether the same changes on what is below and not named." },
    gained: { type: "array", items: text },
    lost: { type: "array", items: text },
    because: { type: "array", items: text },
  },
  required: ["subject", "path", "propagate", "gained", "lost", "because"],
  additionalProperties: false,
} as const;

const finding = {
  type: "object",
  description: "What a guard, a lint or a policy says: an `error` refuses, a `warning` does not.",
  properties: {
    severity: { type: "string", enum: ["error", "warning"] },
    code: { ...text, description: "Stable, kebab-case." },
    message: text,
    changes: changeIndices,
    source: place,
    digest: {
      ...text,
      description:
        "Of an error, held or not: `rolecall.dev/approve: CODE=DIGEST` on the Target lets it pass until the finding or its changes are others.",
    },
    details: { type: "array", items: findingDetail },
  },
  required: ["severity", "code", "message", "changes"],
  additionalProperties: false,
} as const;

const unmanaged = {
  type: "object",
  description: "Live, in scope and not declared; it stays.",
  properties: {
    kind,
    name: text,
    reason: {
      type: "string",
      enum: ["prune-off", "kind-undeclared", "protected", "directory", "caller"],
    },
  },
  required: ["kind", "name", "reason"],
  additionalProperties: false,
} as const;

const rotation = {
  type: "object",
  description: "A token whose secrets have a lifetime. Instants are in seconds since the epoch.",
  properties: {
    token: text,
    expire: { ...count, description: "When its secret ends." },
    rotatesAt: { ...count, description: "From when on the next apply gives it a new one." },
  },
  required: ["token", "expire", "rotatesAt"],
  additionalProperties: false,
} as const;

const boundary = {
  type: "object",
  description:
    "What changes by itself: an instant at which what a manifest declares begins or ends to be there.",
  properties: {
    event: { type: "string", enum: ["begins", "ends"] },
    at: {
      ...text,
      description: "The first second in which it is there, or not there any more, as 2026-12-05T18:00:00Z.",
    },
    kind: { type: "string", enum: ["ACL", "Membership"] },
    name: { ...text, description: "Of the manifest." },
    objects: { type: "array", items: text, description: "`PATH user:ID`, or `USER in GROUP`." },
    source: place,
  },
  required: ["event", "at", "kind", "name", "objects", "source"],
  additionalProperties: false,
} as const;

const outcome = {
  type: "object",
  properties: {
    change: { ...count, description: "Index into `changes`." },
    status: { type: "string", enum: ["applied", "failed", "not-attempted", "unconfirmed"] },
    error: text,
  },
  required: ["change", "status"],
  additionalProperties: false,
} as const;

const target = {
  type: "object",
  description:
    "One target. A target that could not be planned has none of the keys from `changes` to `summary`.",
  properties: {
    name: text,
    product: { type: "string", enum: ["pve", "pbs"] },
    version: {
      ...text,
      description: "The release that the server named, or that a copy of its files is of.",
    },
    caller: { ...text, description: "The identity that reads or writes." },
    status: { type: "string", enum: ["ok", "refused", "unreachable", "invalid"] },
    error: {
      type: "object",
      description: "Why the status is what it is; always there with `unreachable` and `invalid`.",
      properties: { code: text, message: text, hint: text },
      required: ["code", "message"],
      additionalProperties: false,
    },
    notice: {
      ...text,
      description:
        "Why the target was passed over although nothing is wrong, or what can't be seen of what was applied.",
    },
    basis: {
      ...text,
      description:
        "What it was planned from, where that is no server (`--from`), and what was taken for granted.",
    },
    changes: { type: "array", items: change },
    operations: { type: "array", items: operation },
    accessDelta: { type: "array", items: delta, description: "Sorted by subject and path." },
    findings: { type: "array", items: finding },
    unmanaged: { type: "array", items: unmanaged },
    rotations: {
      type: "array",
      items: rotation,
      description: "When tokens get their next secret, in the state that the plan leads to; the next first.",
    },
    boundaries: {
      type: "array",
      items: boundary,
      description: "Of each manifest with a validity the next one, the earliest first.",
    },
    summary: {
      type: "object",
      description: "Counts of the changes that are not held, and of the operations.",
      properties: { create: count, update: count, delete: count, operations: count },
      required: ["create", "update", "delete", "operations"],
      additionalProperties: false,
    },
    outcomes: {
      type: "array",
      items: outcome,
      description: "What `apply` did: one a change, in the same order.",
    },
  },
  required: ["name", "product", "status"],
  dependentRequired: {
    changes: [
      "version",
      "caller",
      "operations",
      "accessDelta",
      "findings",
      "unmanaged",
      "rotations",
      "boundaries",
      "summary",
    ],
    operations: ["changes"],
    accessDelta: ["changes"],
    findings: ["changes"],
    unmanaged: ["changes"],
    rotations: ["changes"],
    boundaries: ["changes"],
    summary: ["changes"],
    outcomes: ["changes"],
  },
  if: { properties: { status: { enum: ["unreachable", "invalid"] } } },
  then: { required: ["error"] },
  additionalProperties: false,
} as const;

/** What `plan -o json` and `apply -o json` print and `plan --out` saves builds on. Published as docs/plan.schema.json. */
export const planSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://rolecall.dev/schema/v1/plan.schema.json",
  title: "Rolecall plan",
  description: "The ordered changes and operations of the targets, with findings.",
  type: "object",
  properties: {
    formatVersion: { const: 1 },
    targets: { type: "array", items: target },
  },
  required: ["formatVersion", "targets"],
  additionalProperties: false,
} as const satisfies JSONSchema;
