import type { JSONSchema } from "json-schema-to-ts";
import {
  apiVersion,
  commentSchema,
  ensureSchema,
  expireSchema,
  metadataSchema,
  targetsSchema,
} from "./common.ts";
import { sinkListSchema } from "./sinks.ts";

export const tokenSchema = {
  type: "object",
  title: "Token",
  description: "An API token, named `USER@REALM!NAME`.",
  required: ["apiVersion", "kind", "metadata"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Token" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: ensureSchema,
        unmanaged: {
          type: "array",
          items: { enum: ["expire", "privilegeSeparation"] },
          description: "Fields with a default that are to be left alone.",
        },
        privilegeSeparation: {
          type: "boolean",
          description:
            "Whether the token has only what its own ACL entries and its owner both have. Default: true.",
        },
        expire: { ...expireSchema, description: `${expireSchema.description} Default: never.` },
        comment: commentSchema,
        sinks: {
          ...sinkListSchema,
          description: "Where the secret goes when the token is created: to all of these.",
        },
      },
    },
  },
} as const satisfies JSONSchema;
