import type { JSONSchema } from "json-schema-to-ts";
import {
  apiVersion,
  commentSchema,
  ensureSchema,
  expireSchema,
  metadataSchema,
  secretReferenceSchema,
  targetsSchema,
} from "./common.ts";
import { sinkListSchema } from "./sinks.ts";

export const userSchema = {
  type: "object",
  title: "User",
  description: "A user, named `NAME@REALM`.",
  required: ["apiVersion", "kind", "metadata"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "User" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: ensureSchema,
        unmanaged: {
          type: "array",
          items: { enum: ["enabled", "expire"] },
          description: "Fields with a default that are to be left alone.",
        },
        enabled: { type: "boolean", description: "Whether the user can log in. Default: true." },
        expire: { ...expireSchema, description: `${expireSchema.description} Default: never.` },
        firstName: { type: "string", description: "Left out: the live one stays. Empty: it is cleared." },
        lastName: { type: "string", description: "Left out: the live one stays. Empty: it is cleared." },
        email: { type: "string", description: "Left out: the live one stays. Empty: it is cleared." },
        comment: commentSchema,
        groups: {
          type: "array",
          items: { type: "string" },
          description: "The user's groups, and no others but those that groups and memberships add.",
          examples: [["operators"]],
        },
        password: {
          type: "object",
          additionalProperties: false,
          description: "The password of a user of realm pve: `from` or `generate`.",
          properties: {
            from: secretReferenceSchema,
            generate: {
              type: "object",
              required: ["sinks"],
              additionalProperties: false,
              description: "A random password, made when the user is created.",
              properties: {
                length: { type: "integer", minimum: 8, maximum: 64, description: "Characters. Default: 20." },
                sinks: { ...sinkListSchema, description: "Where it goes: to all of these." },
              },
            },
            policy: {
              enum: ["initial"],
              description: "`initial`: set when the user is created, and only then.",
            },
          },
        },
      },
    },
  },
} as const satisfies JSONSchema;
