import type { JSONSchema } from "json-schema-to-ts";
import { changeReasons } from "../plan/plan.ts";

const text = { type: "string" } as const;
const hash = { type: "string", pattern: "^[0-9a-f]{64}$" } as const;

/** One line of the audit log. Published as docs/audit.schema.json. */
export const auditSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://rolecall.dev/schema/v1/audit.schema.json",
  title: "Rolecall audit line",
  description:
    "One line of the audit log. Two of them are a write: `before` is on the disk before the write is sent, `after` has the outcome.",
  type: "object",
  properties: {
    formatVersion: { const: 1 },
    time: { ...text, description: "ISO 8601, UTC." },
    run: { ...text, description: "The same in all lines of one pass over one target." },
    target: text,
    caller: { ...text, description: "The user or token that writes." },
    manifests: {
      type: "object",
      description: "Which manifests asked for the write.",
      properties: {
        digest: {
          ...text,
          description: "`sha256:…` of their names and texts, the same wherever the same ones are read.",
        },
        commit: {
          ...text,
          description:
            "What HEAD led to in the Git work tree that they lay in; left out where there was none.",
        },
      },
      required: ["digest"],
      additionalProperties: false,
    },
    write: {
      type: "integer",
      minimum: 1,
      description:
        "Counts the writes to the target within the run: with `run` and `target` it pairs the lines.",
    },
    phase: { enum: ["before", "after"] },
    operation: {
      type: "object",
      properties: {
        method: { enum: ["POST", "PUT", "DELETE"] },
        path: { ...text, description: "Below /api2/json." },
        parameters: {
          type: "object",
          description: "As they are sent; of a secret only where it is read from.",
          additionalProperties: {
            anyOf: [
              text,
              {
                type: "object",
                properties: { secret: text },
                required: ["secret"],
                additionalProperties: false,
              },
              {
                type: "object",
                properties: { startsWith: text, endsInSecret: text },
                required: ["startsWith", "endsInSecret"],
                additionalProperties: false,
              },
            ],
          },
        },
      },
      required: ["method", "path", "parameters"],
      additionalProperties: false,
    },
    changes: {
      type: "array",
      description: "The changes that the write is part of.",
      items: {
        type: "object",
        properties: {
          action: { enum: ["create", "update", "delete"] },
          kind: text,
          name: text,
          reason: {
            enum: changeReasons,
            description:
              "A manifest says so, `ensure: absent`, its validity, prune, or it goes along with another.",
          },
          source: {
            type: "object",
            description: "The place in a manifest; left out where nothing is declared.",
            properties: { file: text, line: { type: "integer", minimum: 1 } },
            required: ["file", "line"],
            additionalProperties: false,
          },
        },
        required: ["action", "kind", "name", "reason"],
        additionalProperties: false,
      },
    },
    approvals: {
      type: "array",
      items: text,
      description:
        "What may pass: `--approve` as it was given, `max-deletes=12`, and the target's annotation as it stands, `CODE=DIGEST`.",
    },
    outcome: {
      type: "object",
      properties: {
        status: {
          enum: ["done", "failed", "lost"],
          description: "`lost`: sent, and no answer says whether it happened.",
        },
        written: {
          const: true,
          description: "Failed, and the server did the write all the same: what had to follow did not work.",
        },
        error: { ...text, description: "The server's words, or what did not work." },
      },
      required: ["status"],
      additionalProperties: false,
    },
    previous: {
      ...hash,
      description: "`hash` of the whole line before; left out in the first line of a log.",
    },
    torn: {
      type: "array",
      items: hash,
      description:
        "SHA-256 of each line between that one and this, which a full disk or a killed process cut off.",
    },
    hash: {
      ...hash,
      description: 'SHA-256 of the bytes of this line up to here: without `,"hash":"…"}`. The last field.',
    },
  },
  required: [
    "hash",
    "formatVersion",
    "time",
    "run",
    "target",
    "caller",
    "manifests",
    "write",
    "phase",
    "operation",
    "changes",
    "approvals",
  ],
  if: { properties: { phase: { const: "after" } } },
  then: { required: ["outcome"] },
} as const satisfies JSONSchema;
