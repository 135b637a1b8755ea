import type { JSONSchema } from "json-schema-to-ts";
import { apiVersion, ensureSchema, metadataSchema, targetsSchema, validitySchema } from "./common.ts";

export const aclSchema = {
  type: "object",
  title: "ACL",
  description:
    "Roles of subjects on paths. All roles of a subject on a path come from the manifests that name the two.",
  required: ["apiVersion", "kind", "metadata", "spec"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "ACL" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      required: ["subjects"],
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: {
          ...ensureSchema,
          description:
            "`absent`: revokes `roles` of the subjects on the paths, without `roles` all. Default: present.",
        },
        path: {
          type: "string",
          description: "The path; this or `paths`.",
          examples: ["/", "/vms", "/pool/dev"],
        },
        paths: {
          type: "array",
          minItems: 1,
          items: { type: "string" },
          description: "The paths; these or `path`.",
          examples: [["/vms/100", "/vms/101"]],
        },
        roles: {
          type: "array",
          items: { type: "string" },
          description: "Roles that each subject has on each path.",
          examples: [["PVEAuditor"]],
        },
        subjects: {
          type: "array",
          minItems: 1,
          description: "Who: users, groups and tokens.",
          examples: [[{ group: "operators" }, { user: "joe@pve" }, { token: "ci@pve!deploy" }]],
          items: {
            type: "object",
            minProperties: 1,
            maxProperties: 1,
            additionalProperties: false,
            properties: {
              user: { type: "string", description: "A user, as joe@pve." },
              group: { type: "string", description: "A group." },
              token: { type: "string", description: "A token by its full id, as ci@pve!deploy." },
            },
          },
        },
        propagate: { type: "boolean", description: "Whether it holds below the paths too. Default: true." },
        validity: validitySchema,
      },
    },
  },
} as const satisfies JSONSchema;
