import type { JSONSchema } from "json-schema-to-ts";
import { apiVersion, ensureSchema, metadataSchema, targetsSchema } from "./common.ts";

export const roleSchema = {
  type: "object",
  title: "Role",
  description:
    "A role of your own. Without privileges, optionalPrivileges and includes its privileges are left alone.",
  required: ["apiVersion", "kind", "metadata"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Role" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: ensureSchema,
        privileges: {
          type: "array",
          items: { type: "string" },
          description: "Privileges that the role has. Empty: it has none.",
          examples: [["VM.PowerMgmt", "VM.Console"]],
        },
        optionalPrivileges: {
          type: "array",
          items: { type: "string" },
          description: "Privileges that are left out where the server's release lacks them.",
          examples: [["VM.Monitor"]],
        },
        includes: {
          type: "array",
          items: { type: "string" },
          description: "Roles whose privileges the role has too.",
          examples: [["PVEAuditor"]],
        },
      },
    },
  },
} as const satisfies JSONSchema;
