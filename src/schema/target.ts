import type { JSONSchema } from "json-schema-to-ts";
import { apiVersion, metadataSchema, ownSecretReferenceSchema, textOrEnvSchema } from "./common.ts";
import { sinksSchema } from "./sinks.ts";
import { safetySchema, scopeSchema, pruneSchema } from "./target-guards.ts";

const credentialsSchema = {
  type: "object",
  description: "A token or a password: one of the two.",
  minProperties: 1,
  maxProperties: 1,
  additionalProperties: false,
  properties: {
    token: {
      type: "object",
      required: ["id", "secret"],
      additionalProperties: false,
      properties: {
        id: {
          ...textOrEnvSchema,
          description: "The full token id, or the variable that holds it.",
          examples: ["rolecall@pve!gitops"],
        },
        secret: ownSecretReferenceSchema,
      },
    },
    password: {
      type: "object",
      required: ["user", "password"],
      additionalProperties: false,
      properties: {
        user: {
          ...textOrEnvSchema,
          description: "The user, or the variable that holds it.",
          examples: ["root@pam"],
        },
        password: ownSecretReferenceSchema,
      },
    },
  },
} as const satisfies JSONSchema;

export const targetSchema = {
  type: "object",
  title: "Target",
  description: "One Proxmox system that is reconciled.",
  required: ["apiVersion", "kind", "metadata", "spec"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Target" },
    metadata: {
      ...metadataSchema,
      properties: {
        ...metadataSchema.properties,
        name: {
          type: "string",
          pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$",
          description: "The target's name, as `--target` and `spec.targets` use it.",
        },
      },
    },
    spec: {
      type: "object",
      required: ["product", "endpoints", "credentials", "prune"],
      additionalProperties: false,
      properties: {
        product: { enum: ["pve", "pbs"], description: "Proxmox VE or Proxmox Backup Server." },
        endpoints: {
          type: "array",
          minItems: 1,
          description: "Addresses that serve the system, tried in order.",
          examples: [["https://pve1.example:8006", "https://pve2.example:8006"]],
          items: textOrEnvSchema,
        },
        credentials: credentialsSchema,
        planCredentials: {
          ...credentialsSchema,
          description: "What only reads: plan, export, access and doctor use it. Default: `credentials`.",
        },
        tls: {
          type: "object",
          additionalProperties: false,
          description: "Whom to trust beyond the system's own certificate authorities.",
          properties: {
            fingerprint: {
              type: "string",
              pattern: "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){31}$",
              description: "SHA-256 of the server's certificate: 32 pairs of digits with colons between.",
            },
            caFile: {
              type: "string",
              minLength: 1,
              description: "Certificates to trust, as PEM; relative to the manifest's folder.",
            },
          },
        },
        prune: pruneSchema,
        scope: scopeSchema,
        safety: safetySchema,
        secrets: {
          type: "object",
          additionalProperties: false,
          description: "What manifests other than Target may refer to.",
          properties: {
            envPrefix: {
              type: "string",
              pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
              description: "How variables must begin. Default: ROLECALL_SECRET_.",
            },
            dir: {
              type: "string",
              minLength: 1,
              description:
                "The folder of secret files, relative to the manifest's. Default: /run/secrets/rolecall.",
            },
          },
        },
        sinks: sinksSchema,
        suspend: { type: "boolean", description: "Leave the target alone for now. Default: false." },
        mode: {
          enum: ["enforce", "observe"],
          description: "`observe`: report drift, write nothing. Default: enforce.",
        },
        interval: {
          type: "string",
          description: "How often the daemon looks without being asked. Default: 5m.",
          examples: ["30s", "5m", "1h"],
        },
      },
    },
  },
} as const satisfies JSONSchema;
