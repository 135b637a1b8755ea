// In: nothing. Out: the parts of the published plan that speak of changes and writes. Must not know: how it is printed.

export const text = { type: "string" } as const;
export const count = { type: "integer", minimum: 0 } as const;
export const changeIndices = {
  type: "array",
  items: count,
  description: "Indices into `changes` of the same target.",
} as const;
export const kind = {
  type: "string",
  enum: ["User", "Group", "Role", "ACL", "Token", "Pool", "Realm"],
} as const;

export const place = {
  type: "object",
  description: "Where the manifest says so.",
  properties: { file: text, line: { type: "integer", minimum: 1 } },
  required: ["file", "line"],
  additionalProperties: false,
} as const;

const grant = {
  type: "object",
  properties: { role: text, propagate: { type: "boolean" } },
  required: ["role", "propagate"],
  additionalProperties: false,
} as const;

const fieldValue = {
  description:
    "null where the object or the field is not there. An `expire` is in seconds since the epoch, 0 is never; `in 90d` counts from the moment of the write. The field `roles` of an ACL change is a list of roles with their propagate flag, `vms` of a pool one of texts.",
  anyOf: [
    { type: ["string", "number", "boolean", "null"] },
    { type: "array", items: text },
    { type: "array", items: grant },
  ],
} as const;

export const change = {
  type: "object",
  description: "Create, update or delete of one object.",
  properties: {
    action: { type: "string", enum: ["create", "update", "delete"] },
    kind,
    name: { ...text, description: "An ACL change is named `PATH user:ID` (or `group:`, `token:`)." },
    fields: {
      type: "array",
      items: {
        type: "object",
        properties: {
          field: text,
          before: fieldValue,
          after: fieldValue,
          foundByApply: {
            const: true,
            description: "Found by what only apply looks at, so a saved plan can't have it.",
          },
        },
        required: ["field", "before", "after"],
        additionalProperties: false,
      },
    },
    source: place,
    held: { type: "boolean", description: "Held back by a finding: it has no operation." },
  },
  required: ["action", "kind", "name", "fields", "held"],
  additionalProperties: false,
} as const;

const parameterValue = {
  anyOf: [
    text,
    {
      type: "object",
      description: "A secret, by the name of where it is read from.",
      properties: { secret: text },
      required: ["secret"],
      additionalProperties: false,
    },
    {
      type: "object",
      description: "A text with a secret behind it, by the name of where that is read from.",
      properties: { startsWith: text, endsInSecret: text },
      required: ["startsWith", "endsInSecret"],
      additionalProperties: false,
    },
    {
      type: "object",
      description:
        "An instant, that many seconds after the moment of sending, in any case before another one.",
      properties: { secondsAhead: count, before: count },
      required: ["secondsAhead"],
      additionalProperties: false,
    },
    {
      type: "object",
      description: "The digest that this realm is read with right before the write.",
      properties: { digestOf: text },
      required: ["digestOf"],
      additionalProperties: false,
    },
  ],
} as const;

export const findingDetail = {
  type: "object",
  description: "What is found of these subjects, as `user:joe@pve`.",
  properties: { subjects: { type: "array", items: text }, says: text },
  required: ["subjects", "says"],
  additionalProperties: false,
} as const;

export const operation = {
  type: "object",
  description: "One API write. Changes can share one, and a change may need several.",
  properties: {
    method: { type: "string", enum: ["POST", "PUT", "DELETE"] },
    path: { ...text, description: "Below /api2/json." },
    parameters: { type: "object", additionalProperties: parameterValue },
    changes: changeIndices,
  },
  required: ["method", "path", "parameters", "changes"],
  additionalProperties: false,
} as const;
