import type { JSONSchema } from "json-schema-to-ts";
import { apiVersion, metadataSchema, targetsSchema } from "./common.ts";

const namePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$";

const globsSchema = {
  type: "array",
  minItems: 1,
  items: { type: "string", minLength: 1, maxLength: 256 },
} as const satisfies JSONSchema;

const privilegesSchema = {
  ...globsSchema,
  description: "Any of these privileges; `*` is any run.",
  examples: [["Permissions.Modify"], ["VM.*"]],
} as const satisfies JSONSchema;

const pathsSchema = {
  ...globsSchema,
  description:
    "On any of these paths; `*` is any run without `/`, `**` any run, `/vms/**` takes /vms too. Default: every path.",
  examples: [["/vms/**"]],
} as const satisfies JSONSchema;

const subjectsSchema = {
  ...globsSchema,
  description:
    "Whom the rule speaks of: `user:…` with the user's tokens, `group:…` for its members with their tokens, `token:…`.",
  examples: [["group:interns", "user:*-ext@*"]],
} as const satisfies JSONSchema;

const exceptSchema = {
  ...globsSchema,
  description: "Whom it does not speak of: a user, the members of a group, a token by its own name.",
  examples: [["group:admins", "token:rolecall@pve!gitops"]],
} as const satisfies JSONSchema;

const denySchema = {
  type: "object",
  description: "Nobody holds any of these privileges on any of these paths.",
  required: ["privileges"],
  additionalProperties: false,
  properties: {
    privileges: privilegesSchema,
    paths: pathsSchema,
    subjects: { ...subjectsSchema, description: `${subjectsSchema.description} Default: everybody.` },
    except: exceptSchema,
  },
} as const satisfies JSONSchema;

const requireSchema = {
  type: "object",
  description: "One of privilegeSeparation, expireWithin, comment and entrySubjects.",
  additionalProperties: false,
  properties: {
    privilegeSeparation: {
      enum: [true],
      description: "Tokens are separated: they hold only what their own entries give.",
    },
    expireWithin: {
      type: "string",
      pattern: "^[0-9]{1,5}[hd]$",
      description: "The users and tokens of `subjects` expire, at most so far ahead.",
      examples: ["90d", "12h"],
    },
    comment: {
      ...globsSchema,
      description:
        "The users, groups and tokens of `subjects` have a comment that one of these takes; `*` is any run.",
      examples: [["*OPS-*"]],
    },
    entrySubjects: {
      type: "array",
      minItems: 1,
      items: { enum: ["user", "group", "token"] },
      description: "ACL entries on `paths` are of these kinds of subjects only.",
      examples: [["group", "token"]],
    },
    paths: { ...pathsSchema, description: "For entrySubjects: entries on these paths. Default: every path." },
    subjects: {
      ...subjectsSchema,
      description:
        "Whom the rule speaks of; for expireWithin and comment it has to be said. Default for the others: everybody.",
    },
    except: exceptSchema,
  },
} as const satisfies JSONSchema;

const powerSchema = {
  type: "object",
  required: ["privileges"],
  additionalProperties: false,
  properties: { privileges: privilegesSchema, paths: pathsSchema },
} as const satisfies JSONSchema;

const separateSchema = {
  type: "object",
  description: "Nobody holds something of both.",
  required: ["between"],
  additionalProperties: false,
  properties: {
    between: {
      type: "array",
      minItems: 2,
      maxItems: 2,
      items: powerSchema,
      description: "What must not come together: two times privileges, and paths.",
      examples: [[{ privileges: ["VM.Allocate"] }, { privileges: ["Permissions.Modify"] }]],
    },
    subjects: { ...subjectsSchema, description: `${subjectsSchema.description} Default: everybody.` },
    except: exceptSchema,
  },
} as const satisfies JSONSchema;

export const policySchema = {
  type: "object",
  title: "Policy",
  description: "What must be true of who may do what, whoever declares it.",
  required: ["apiVersion", "kind", "metadata", "spec"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Policy" },
    metadata: {
      ...metadataSchema,
      properties: {
        ...metadataSchema.properties,
        name: { type: "string", pattern: namePattern, description: "The policy's name, as findings say it." },
      },
    },
    spec: {
      type: "object",
      required: ["rules"],
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        rules: {
          type: "array",
          minItems: 1,
          description: "Each has one of deny, require and separate.",
          items: {
            type: "object",
            required: ["name", "message"],
            additionalProperties: false,
            properties: {
              name: {
                type: "string",
                pattern: namePattern,
                description: "The rule's name, once in a policy.",
              },
              deny: denySchema,
              require: requireSchema,
              separate: separateSchema,
              severity: {
                enum: ["error", "warning"],
                description: "`error` refuses, `warning` does not. Default: error.",
              },
              message: {
                type: "string",
                minLength: 1,
                maxLength: 500,
                description: "Why the rule is there, for whoever breaks it.",
              },
            },
          },
        },
      },
    },
  },
} as const satisfies JSONSchema;
