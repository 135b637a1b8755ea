import type { JSONSchema } from "json-schema-to-ts";
import { apiVersion, commentSchema, ensureSchema, metadataSchema, targetsSchema } from "./common.ts";

export const groupSchema = {
  type: "object",
  title: "Group",
  description: "A group of users.",
  required: ["apiVersion", "kind", "metadata"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Group" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: ensureSchema,
        comment: commentSchema,
        members: {
          type: "array",
          items: { type: "string" },
          description: "The group's users, and no others but those that users and memberships add.",
          examples: [["joe@pve"]],
        },
      },
    },
  },
} as const satisfies JSONSchema;
