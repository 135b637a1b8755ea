import type { JSONSchema } from "json-schema-to-ts";
import { apiVersion, ensureSchema, metadataSchema, targetsSchema, validitySchema } from "./common.ts";

export const membershipSchema = {
  type: "object",
  title: "Membership",
  description: "One more member of a group; the others are left alone.",
  required: ["apiVersion", "kind", "metadata", "spec"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Membership" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      required: ["group", "user"],
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: ensureSchema,
        group: { type: "string", description: "The group.", examples: ["operators"] },
        user: { type: "string", description: "The user, declared or not.", examples: ["anna@corp"] },
        validity: validitySchema,
      },
    },
  },
} as const satisfies JSONSchema;
