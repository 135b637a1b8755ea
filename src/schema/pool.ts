import type { JSONSchema } from "json-schema-to-ts";
import { apiVersion, commentSchema, ensureSchema, metadataSchema, targetsSchema } from "./common.ts";

export const poolSchema = {
  type: "object",
  title: "Pool",
  description: "A pool of guests and storages; entries at /pool/NAME count on all that is in it.",
  required: ["apiVersion", "kind", "metadata"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Pool" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: ensureSchema,
        comment: commentSchema,
        vms: {
          type: "array",
          items: { type: "integer" },
          description:
            "Numbers of the pool's guests, there or still to come, and no others. A guest is in one pool at most. " +
            "Left out: whatever guests are in it stay.",
          examples: [[100, 101]],
        },
        storages: {
          type: "array",
          items: { type: "string" },
          description: "The pool's storages, and no others. Left out: whatever storages are in it stay.",
          examples: [["local-lvm"]],
        },
      },
    },
  },
} as const satisfies JSONSchema;
