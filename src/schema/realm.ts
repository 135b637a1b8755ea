import type { JSONSchema } from "json-schema-to-ts";
import {
  apiVersion,
  commentSchema,
  ensureSchema,
  metadataSchema,
  secretReferenceSchema,
  targetsSchema,
} from "./common.ts";
import { realmOptionsSchema } from "./realm-options.ts";

const syncSchema = {
  type: "object",
  additionalProperties: false,
  description:
    "The job that fetches users and groups from the directory by a schedule. Left out: whatever jobs there are stay.",
  examples: [{ schedule: "daily", scope: "both", removeVanished: ["entry"] }],
  properties: {
    ensure: { ...ensureSchema, description: "`absent`: no such job of this realm. Default: present." },
    schedule: {
      type: "string",
      minLength: 1,
      maxLength: 128,
      description: "When, as systemd's calendar events say it.",
      examples: ["daily", "mon..fri 06:00", "*/30"],
    },
    scope: { enum: ["users", "groups", "both"], description: "What is fetched. Default: both." },
    removeVanished: {
      type: "array",
      items: { enum: ["entry", "properties", "acl"] },
      description:
        "What goes with a user or a group that the directory no longer has: itself, what is set of it, its ACL entries. Default: nothing.",
    },
    enableNew: {
      type: "boolean",
      description:
        "Whether fetched users can log in at once. Left out: as it is; where nobody said, as `sync-defaults-options` says.",
    },
    enabled: { type: "boolean", description: "Whether the job runs. Default: true." },
    comment: commentSchema,
  },
} as const satisfies JSONSchema;

export const realmSchema = {
  type: "object",
  title: "Realm",
  description: "Where users log in: a directory, or one of the two realms that every server has.",
  required: ["apiVersion", "kind", "metadata"],
  additionalProperties: false,
  properties: {
    apiVersion: { const: apiVersion },
    kind: { const: "Realm" },
    metadata: metadataSchema,
    spec: {
      type: "object",
      additionalProperties: false,
      properties: {
        targets: targetsSchema,
        ensure: ensureSchema,
        type: {
          enum: ["ldap", "ad", "openid", "pam", "pve"],
          description: "Never changes. `pam` and `pve` are there on every server, each under its own name.",
        },
        comment: commentSchema,
        default: {
          type: "boolean",
          description: "Whether the log-in form offers this realm first: one at most. Left out: as it is.",
        },
        options: realmOptionsSchema,
        secrets: {
          type: "object",
          additionalProperties: false,
          description:
            "Sent when the realm is made, when the option changes that it belongs to, and by `rolecall realm set-secret`: the server does not show them.",
          properties: {
            password: { ...secretReferenceSchema, description: "Of bind_dn: of types ldap and ad." },
            "client-key": { ...secretReferenceSchema, description: "Of client-id: of type openid." },
            "tfa-key": {
              ...secretReferenceSchema,
              description: "The key of Yubico's service: of a `tfa` of type yubico. Not of openid.",
            },
          },
        },
        checkConnection: {
          type: "boolean",
          description:
            "Whether the server asks the directory before it stores what is written. Of ldap and ad, since release 8.1. Default: false.",
        },
        sync: syncSchema,
      },
    },
  },
} as const satisfies JSONSchema;
