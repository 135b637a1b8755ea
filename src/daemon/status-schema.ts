import type { JSONSchema } from "json-schema-to-ts";

const text = { type: "string" } as const;
const count = { type: "integer", minimum: 0 } as const;
const instant = { type: "string", description: "RFC 3339, UTC." } as const;
const digest = { ...text, description: "`sha256:…` of the manifests' names and texts." } as const;
const commit = {
  ...text,
  description:
    "What HEAD leads to in the Git work tree that the manifests lie in; absent where there is none.",
} as const;

const condition = {
  type: "object",
  description: "As Kubernetes words conditions.",
  properties: {
    type: { type: "string", enum: ["ManifestsValid", "Reachable", "Synced", "Stalled"] },
    status: { type: "string", enum: ["True", "False", "Unknown"] },
    reason: { ...text, description: "One word, for programs." },
    message: text,
    lastTransitionTime: { ...instant, description: "When the status last became another one." },
    observedDigest: { ...digest, description: "The manifests that it speaks of." },
    observedCommit: commit,
  },
  required: ["type", "status", "reason", "message", "lastTransitionTime", "observedDigest"],
  additionalProperties: false,
} as const;

const kindCount = {
  type: "object",
  properties: { kind: text, pending: count, applied: count, failed: count },
  required: ["kind", "pending", "applied", "failed"],
  additionalProperties: false,
} as const;

const pass = {
  type: "object",
  description: "One pass: what it found and did.",
  properties: {
    id: { ...text, description: "Stands as `pass` in every line of the log that belongs to it." },
    startedAt: instant,
    durationMs: count,
    reasons: {
      type: "array",
      items: { type: "string", enum: ["start", "manifests", "resync", "retry", "boundary"] },
    },
    result: {
      type: "string",
      enum: [
        "synced",
        "drift",
        "paused",
        "refused",
        "held",
        "moved",
        "interrupted",
        "unreachable",
        "failed",
        "bug",
      ],
      description:
        "`synced`: nothing is left to do. `drift`: something differs, and the mode is observe. `paused`: the switch on the target is pulled. `refused`, `held`: a finding. `moved`: somebody else wrote at the same time.",
    },
    code: { ...text, description: "Why it is not `synced`; stable, kebab-case." },
    message: text,
    changes: {
      type: "object",
      description: "Found, without those that are held.",
      properties: { create: count, update: count, delete: count },
      required: ["create", "update", "delete"],
      additionalProperties: false,
    },
    kinds: { type: "array", items: kindCount, description: "The changes by kind, after the pass." },
    held: count,
    applied: count,
    unfinished: { ...count, description: "Failed, not attempted or unconfirmed." },
    errors: { ...count, description: "Findings that refuse." },
    warnings: count,
  },
  required: [
    "id",
    "startedAt",
    "durationMs",
    "reasons",
    "result",
    "changes",
    "kinds",
    "held",
    "applied",
    "unfinished",
    "errors",
    "warnings",
  ],
  additionalProperties: false,
} as const;

const token = {
  type: "object",
  properties: { id: text, expiresAt: instant },
  required: ["id", "expiresAt"],
  additionalProperties: false,
} as const;

const heldSecret = {
  type: "object",
  properties: {
    token: text,
    sink: text,
    place: { ...text, description: "Where in the sink." },
    state: {
      type: "string",
      enum: ["accepted", "refused", "missing", "unknown"],
      description:
        "`accepted`: the server takes what the sink holds. `unknown`: the sink only takes, or the token can't log in.",
    },
    message: text,
  },
  required: ["token", "sink", "place", "state"],
  additionalProperties: false,
} as const;

const targetStatusSchema = {
  type: "object",
  properties: {
    name: text,
    product: { type: "string", enum: ["pve", "pbs"] },
    version: { ...text, description: "The release that the server named." },
    caller: { ...text, description: "The identity that reads or writes." },
    mode: { type: "string", enum: ["enforce", "observe"] },
    suspended: { type: "boolean" },
    intervalSeconds: count,
    observedDigest: { ...digest, description: "The manifests in force." },
    observedCommit: commit,
    conditions: { type: "array", items: condition },
    pause: {
      type: "object",
      description: "The group rolecall-pause exists on the target.",
      properties: {
        since: { ...instant, description: "When this process first saw it." },
        until: { ...instant, description: "When it stops counting." },
      },
      required: ["since", "until"],
      additionalProperties: false,
    },
    atWork: { type: "boolean", description: "A pass is being made now." },
    nextPassAt: instant,
    lastAttemptAt: instant,
    lastSuccessAt: instant,
    failuresInARow: count,
    lastPass: pass,
    history: { type: "array", items: pass, description: "The last 20 passes, the newest first." },
    tokens: { type: "array", items: token, description: "Tokens that end, the next to end first." },
    sinks: {
      type: "object",
      description: "With --verify-sinks: what the sinks held when they were last looked into.",
      properties: {
        lookedAt: instant,
        current: {
          type: "boolean",
          description:
            "Whether tokens and manifests are as they were then; where not, the next pass looks again.",
        },
        found: { type: "array", items: heldSecret },
      },
      required: ["lookedAt", "current", "found"],
      additionalProperties: false,
    },
  },
  required: [
    "name",
    "product",
    "mode",
    "suspended",
    "intervalSeconds",
    "observedDigest",
    "conditions",
    "atWork",
    "failuresInARow",
    "history",
    "tokens",
  ],
  additionalProperties: false,
} as const;

const diagnostic = {
  type: "object",
  properties: {
    severity: { type: "string", enum: ["error", "warning"] },
    code: text,
    message: text,
    hint: text,
    file: text,
    line: { type: "integer", minimum: 1 },
    column: { type: "integer", minimum: 1 },
  },
  required: ["severity", "code", "message", "file", "line", "column"],
  additionalProperties: false,
} as const;

const manifests = {
  type: "object",
  properties: {
    valid: { type: "boolean", description: "The last accepted manifests have no mistake." },
    inForceDigest: { ...digest, description: "Absent as long as none were valid." },
    inForceCommit: commit,
    inForceSince: instant,
    lastDigest: { ...digest, description: "Of the last accepted ones, valid or not." },
    lastCommit: commit,
    lastLookAt: { ...instant, description: "When the files were last looked at." },
    waiting: {
      type: "string",
      enum: ["settling", "changing", "git-lock"],
      description: "Why what was seen last is not accepted yet; absent where it is.",
    },
    events: {
      type: "boolean",
      description: "Whether changes are announced; where not, the files are looked at every two seconds.",
    },
    notices: { type: "array", items: text, description: "What to mend about how the files are mounted." },
    diagnostics: { type: "array", items: diagnostic },
  },
  required: ["valid", "lastLookAt", "events", "notices", "diagnostics"],
  additionalProperties: false,
} as const;

/** What `GET /api/v1/status` of the daemon answers. Published as docs/status.schema.json. */
export const statusSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://rolecall.dev/schema/v1/status.schema.json",
  title: "Rolecall status",
  description: "What the daemon keeps, and how it stands.",
  type: "object",
  properties: {
    formatVersion: { const: 1 },
    version: { ...text, description: "Of Rolecall." },
    startedAt: instant,
    now: instant,
    manifests,
    auditLog: {
      type: "object",
      description: "Absent without --audit-log.",
      properties: {
        writable: {
          type: "boolean",
          description: "Whether the last line could be written; where not, nothing is written to servers.",
        },
        problem: { ...text, description: "Why not." },
        intact: {
          type: "boolean",
          description:
            "Whether the end of the log has always been as it was left, and as others go on with it; where not, it stays so.",
        },
        breach: { ...text, description: "How somebody else has changed it." },
        lastHash: {
          ...text,
          description: "Of the last line of this process: for `rolecall audit verify --expect`.",
        },
      },
      required: ["writable", "intact"],
      additionalProperties: false,
    },
    targets: { type: "array", items: targetStatusSchema, description: "Sorted by name." },
  },
  required: ["formatVersion", "version", "startedAt", "now", "manifests", "targets"],
  additionalProperties: false,
} as const satisfies JSONSchema;
