// In: nothing. Out: the parts that the kinds' schemas share. Must not know: any kind, the checker.

import type { JSONSchema } from "json-schema-to-ts";

export const apiVersion = "rolecall.dev/v1";

export const metadataSchema = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1, maxLength: 253, description: "The object's name on the server." },
    namespace: { type: "string", description: "Without a meaning here; kustomize may set it." },
    labels: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Free labels. Those of a Target are what `spec.targets.matchLabels` selects by.",
    },
    annotations: {
      type: "object",
      additionalProperties: { type: "string" },
      description:
        "`rolecall.dev/reconcile: disabled` leaves the object alone; on a Target, `rolecall.dev/approve: CODE=DIGEST` lets findings pass. Others are not read.",
      examples: [{ "rolecall.dev/reconcile": "disabled" }],
    },
  },
} as const satisfies JSONSchema;

export const targetsSchema = {
  type: ["array", "object"],
  description:
    "Where this applies: names of targets, or a label selector over them. Left out: every target that has the kind.",
  examples: [["dc1"], { matchLabels: { env: "prod" } }],
  items: { type: "string" },
  additionalProperties: false,
  properties: {
    matchLabels: {
      type: "object",
      additionalProperties: { type: "string" },
      description: "Labels that the target must have, with these values.",
    },
    matchExpressions: {
      type: "array",
      description: "Conditions that must all hold.",
      items: {
        type: "object",
        required: ["key", "operator"],
        additionalProperties: false,
        properties: {
          key: { type: "string", minLength: 1, description: "A label's key." },
          operator: { enum: ["In", "NotIn", "Exists", "DoesNotExist"], description: "How to compare." },
          values: { type: "array", items: { type: "string" }, description: "For In and NotIn." },
        },
      },
    },
  },
} as const satisfies JSONSchema;

export const ensureSchema = {
  enum: ["present", "absent"],
  description: "`absent`: must not exist, whatever the target's `prune` says. Default: present.",
} as const satisfies JSONSchema;

export const secretReferenceSchema = {
  type: "object",
  description: "Where a secret is read from when it is needed; never the secret itself.",
  examples: [{ env: "ROLECALL_SECRET_JOE" }, { file: "joe" }],
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: {
    env: {
      type: "string",
      pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
      description: "Name of an environment variable.",
    },
    file: { type: "string", minLength: 1, description: "Path of a file that holds nothing else." },
  },
} as const satisfies JSONSchema;

/** What programs of a Target get beside the variables that hold no secret. */
export const inheritEnvSchema = {
  type: "array",
  items: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_]*$" },
  uniqueItems: true,
  description:
    "Names of environment variables that it gets beside PATH, HOME, USER, LANG, TZ and the like. All others are kept from it.",
  examples: [["VAULT_ADDR", "VAULT_TOKEN"]],
} as const satisfies JSONSchema;

/** A Target is trusted: it may name a program too. */
export const ownSecretReferenceSchema = {
  ...secretReferenceSchema,
  examples: [{ env: "DC1_TOKEN" }, { file: "dc1" }, { exec: { command: "pass", args: ["dc1"] } }],
  properties: {
    ...secretReferenceSchema.properties,
    exec: {
      type: "object",
      required: ["command"],
      additionalProperties: false,
      description: "A program that prints it. Only with --allow-exec.",
      properties: {
        command: {
          type: "string",
          minLength: 1,
          description: "A name that PATH finds, or with a / a path relative to the manifest's folder.",
        },
        args: {
          type: "array",
          items: { type: "string" },
          description: "Its arguments, each as it is: no shell is between.",
        },
        timeout: {
          type: "string",
          description: "How long it may take before it is killed. Default: 30s.",
          examples: ["30s"],
        },
        inheritEnv: inheritEnvSchema,
      },
    },
  },
} as const satisfies JSONSchema;

export const textOrEnvSchema = {
  type: ["string", "object"],
  minLength: 1,
  required: ["env"],
  additionalProperties: false,
  properties: {
    env: {
      type: "string",
      pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
      description: "Name of an environment variable that holds the text.",
    },
  },
} as const satisfies JSONSchema;

export const expireSchema = {
  type: "string",
  description: "A date (the end of that day, UTC), a date-time with its zone, or `never`.",
  examples: ["2027-01-31", "2027-01-31T18:00:00Z", "never"],
} as const satisfies JSONSchema;

export const validitySchema = {
  type: "object",
  description:
    "When this is there; outside of it, it is declared as not there. It ends only while Rolecall runs: the server has no expiry for it.",
  examples: [{ notBefore: "2026-12-01T08:00:00Z", notAfter: "2026-12-05T18:00:00Z" }],
  minProperties: 1,
  additionalProperties: false,
  properties: {
    notBefore: {
      type: "string",
      description: "Not there before: a date (the beginning of that day, UTC) or a date-time with its zone.",
      examples: ["2026-12-01", "2026-12-01T08:00:00Z"],
    },
    notAfter: {
      type: "string",
      description: "Not there any more: a date (the end of that day, UTC) or a date-time with its zone.",
      examples: ["2026-12-05", "2026-12-05T18:00:00Z"],
    },
  },
} as const satisfies JSONSchema;

export const commentSchema = {
  type: "string",
  description: "Left out: the live comment stays. Empty: it is cleared.",
} as const satisfies JSONSchema;
