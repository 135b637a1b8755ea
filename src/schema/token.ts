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
        lifetime: {
          type: "string",
          description:
            "How long each of its secrets lives, in place of `expire`: the next one is made before it ends. From 1d to 3650d.",
          examples: ["90d"],
        },
        renewBefore: {
          type: "string",
          description: "How long before its end the next secret is made. Default: a third of the lifetime.",
          examples: ["15d"],
        },
        rotation: {
          enum: ["inPlace", "replace"],
          description:
            "Where the server can't make a new secret in place (before PVE 9.2): `replace` lets the token be deleted, made and granted again. Default: inPlace.",
        },
        repair: {
          enum: ["reissue"],
          description:
            "`reissue`: apply looks whether its sinks hold the secret, and makes a new one where they don't. Left out: `rolecall tokens verify` tells.",
        },
        comment: commentSchema,
        sinks: {
          ...sinkListSchema,
          description: "Where the secret goes when the token is created: to all of these.",
        },
      },
    },
  },
} as const satisfies JSONSchema;
