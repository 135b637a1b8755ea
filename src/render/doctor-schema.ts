import type { JSONSchema } from "json-schema-to-ts";
import { checkAreas } from "../reconcile/check.ts";

const text = { type: "string" } as const;
const texts = { type: "array", items: text } as const;
const status = { type: "string", enum: ["ok", "warning", "error"] } as const;

const check = {
  type: "object",
  properties: {
    area: { type: "string", enum: checkAreas, description: "What it is about." },
    status,
    code: { ...text, description: "Stable, kebab-case." },
    message: { ...text, description: "What was tried, on what, what was seen." },
    hint: { ...text, description: "What to do." },
  },
  required: ["area", "status", "code", "message"],
  additionalProperties: false,
} as const;

const health = {
  type: "object",
  description: "One target, as `doctor` found it.",
  properties: {
    name: text,
    product: { type: "string", enum: ["pve", "pbs"] },
    version: { ...text, description: "The server's release, where somebody could log in to ask." },
    status: { ...status, description: "The worst of its checks." },
    checks: { type: "array", items: check },
  },
  required: ["name", "product", "status", "checks"],
  additionalProperties: false,
} as const;

const entry = {
  type: "object",
  description: "One privilege on one path.",
  properties: {
    path: text,
    privilege: text,
    propagate: { type: "boolean", description: "Whether it must hold below, too." },
    because: { ...texts, description: "What it is for." },
  },
  required: ["path", "privilege", "propagate", "because"],
  additionalProperties: false,
} as const;

const grant = {
  type: "object",
  description: "What one identity is to be given.",
  properties: {
    purpose: { type: "string", enum: ["plan", "apply"] },
    caller: { ...text, description: "The user or token." },
    holder: { ...text, description: "Who the entries are of: `user:ID` or `token:ID`." },
    entries: { type: "array", items: entry, description: "Empty for who may do everything." },
    notes: { ...texts, description: "What the manifests can't tell." },
  },
  required: ["purpose", "caller", "holder", "entries", "notes"],
  additionalProperties: false,
} as const;

const sheet = {
  type: "object",
  description: "One target, as `doctor --grant` works it out.",
  properties: {
    name: text,
    grants: { type: "array", items: grant },
    manifests: {
      type: "array",
      items: { type: "object" },
      description: "Of kinds Role, User, Token and ACL.",
    },
    pveum: { ...texts, description: "The same as lines for a shell on a node." },
  },
  required: ["name", "grants", "manifests", "pveum"],
  additionalProperties: false,
} as const;

/** What `doctor -o json` prints, with and without `--grant`. Published as docs/doctor.schema.json. */
export const doctorSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "https://rolecall.dev/schema/v1/doctor.schema.json",
  title: "Rolecall doctor",
  type: "object",
  properties: {
    formatVersion: { const: 1 },
    targets: { type: "array", items: { oneOf: [health, sheet] } },
  },
  required: ["formatVersion", "targets"],
  additionalProperties: false,
} as const satisfies JSONSchema;
