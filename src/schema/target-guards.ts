import type { JSONSchema } from "json-schema-to-ts";

const globsSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    include: { type: "array", items: { type: "string", minLength: 1 }, description: "Globs. Default: all." },
    exclude: { type: "array", items: { type: "string", minLength: 1 }, description: "Globs; these win." },
  },
} as const satisfies JSONSchema;

const budgetSchema = {
  type: ["string", "integer"],
  minimum: 0,
  examples: ["10%", 5],
} as const satisfies JSONSchema;

const subjectsSchema = {
  type: "array",
  items: { type: "string" },
  examples: [["user:rescue@pve", "group:admins", "token:ci@pve!deploy"]],
} as const satisfies JSONSchema;

export const pruneSchema = {
  type: ["boolean", "object"],
  description:
    "Whether what is live, in scope and not declared is deleted. By kind: a kind left out is not pruned.",
  examples: [true, false, { users: "disable", groups: true }],
  minProperties: 1,
  additionalProperties: false,
  properties: {
    users: { enum: [true, false, "disable"], description: "`disable`: disabled in place of deleted." },
    groups: { type: "boolean" },
    roles: { type: "boolean" },
    acl: { type: "boolean" },
    tokens: { type: "boolean" },
    pools: { type: "boolean" },
    realms: { type: "boolean" },
  },
} as const satisfies JSONSchema;

export const scopeSchema = {
  type: "object",
  description: "What these manifests own. `*` is any run without `/`, `**` any run.",
  additionalProperties: false,
  properties: {
    users: globsSchema,
    groups: globsSchema,
    roles: globsSchema,
    tokens: globsSchema,
    pools: globsSchema,
    realms: globsSchema,
    acl: {
      type: "object",
      additionalProperties: false,
      properties: {
        paths: { ...globsSchema, description: "Paths, as /vms/**." },
        subjects: { ...globsSchema, description: "Subjects, as user:*@pve." },
      },
    },
    directories: {
      type: "array",
      items: { type: "string" },
      description: "Realms whose users and groups are in scope although a directory makes them.",
    },
  },
} as const satisfies JSONSchema;

export const safetySchema = {
  type: "object",
  description: "What stops a plan.",
  additionalProperties: false,
  properties: {
    maxDeletes: { ...budgetSchema, description: "Deletes of one kind, of those in scope. Default: 10%." },
    maxRevocations: {
      ...budgetSchema,
      description: "Enabled users and tokens that lose a privilege. Default: 10%.",
    },
    allowEmpty: {
      type: "array",
      items: { enum: ["users", "groups", "roles", "acl", "tokens", "pools", "realms"] },
      description: "Kinds that may be pruned although nothing of them is declared.",
    },
    protect: { ...subjectsSchema, description: "Subjects that are never deleted, disabled or lowered." },
    requireAdmin: { ...subjectsSchema, description: "Subjects that must keep every privilege on /." },
    holdEscalations: {
      type: "boolean",
      description: "Refuse a plan that gives somebody more power to grant. Default: false.",
    },
    onFinding: {
      enum: ["stop", "hold"],
      description: "`stop`: write nothing. `hold`: hold back what it concerns. Default: stop.",
    },
    maxPause: {
      type: "string",
      description: "How long the group rolecall-pause may hold the daemon back. Default: 4h.",
      examples: ["4h"],
    },
  },
} as const satisfies JSONSchema;
