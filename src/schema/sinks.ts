// In: nothing. Out: the schemas of what secrets go to, and of how manifests name it. Must not know: what it takes.

import type { JSONSchema } from "json-schema-to-ts";
import { inheritEnvSchema } from "./common.ts";

const argumentsSchema = {
  type: "array",
  items: { type: "string" },
  description:
    "Its arguments, each as it is: no shell is between. `{target}`, `{id}` and `{as}` stand for their values.",
} as const satisfies JSONSchema;

const fileSinkSchema = {
  type: "object",
  required: ["dir"],
  additionalProperties: false,
  description: "Files below a folder, readable by their owner only unless `mode` says more.",
  properties: {
    dir: { type: "string", minLength: 1, description: "The folder, relative to the manifest's." },
    mode: {
      type: "string",
      pattern: "^0?[0-7]{3}$",
      description: 'The files\' permissions, in quotes; nothing for everybody. Default: "0600".',
      examples: ["0600", "0640"],
    },
    owner: {
      type: "object",
      minProperties: 1,
      additionalProperties: false,
      description: "Whose the files are, by name or number. Default: who runs Rolecall.",
      examples: [{ user: "ci", group: "ci" }, { group: 1000 }],
      properties: {
        user: {
          type: ["string", "integer"],
          minLength: 1,
          minimum: 0,
          description: "A user of this system.",
        },
        group: {
          type: ["string", "integer"],
          minLength: 1,
          minimum: 0,
          description: "A group of this system.",
        },
      },
    },
  },
} as const satisfies JSONSchema;

const ageSinkSchema = {
  type: "object",
  required: ["dir", "recipients"],
  additionalProperties: false,
  description: "Files below a folder, encrypted with age, armoured.",
  properties: {
    dir: { type: "string", minLength: 1, description: "The folder, relative to the manifest's." },
    recipients: {
      type: "array",
      minItems: 1,
      items: { type: "string" },
      description: "Public keys, any of whose owners can decrypt: age1….",
    },
  },
} as const satisfies JSONSchema;

const execSinkSchema = {
  type: "object",
  required: ["command"],
  additionalProperties: false,
  description: "A program that reads the secret from its standard input. Only with --allow-exec.",
  examples: [{ command: "./store.sh", args: ["proxmox/{as}"] }],
  properties: {
    command: {
      type: "string",
      minLength: 1,
      description: "A name that PATH finds, or with a / a path relative to the manifest's folder.",
    },
    args: argumentsSchema,
    timeout: {
      type: "string",
      description: "How long it may take before it is killed. Default: 30s.",
      examples: ["30s", "2m"],
    },
    inheritEnv: inheritEnvSchema,
  },
} as const satisfies JSONSchema;

const kubernetesSecretSinkSchema = {
  type: "object",
  required: ["namespace", "name"],
  additionalProperties: false,
  description: "Keys of one Secret of a Kubernetes cluster.",
  properties: {
    namespace: {
      type: "string",
      pattern: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$",
      description: "Its namespace.",
    },
    name: {
      type: "string",
      pattern: "^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$",
      description: "The Secret's name.",
    },
    kubeconfig: {
      type: "string",
      minLength: 1,
      description: "A kubeconfig, relative to the manifest's folder. Default: the pod's service account.",
    },
    context: { type: "string", minLength: 1, description: "A context of it. Default: its current one." },
  },
} as const satisfies JSONSchema;

/** The sinks of a Target. */
export const sinksSchema = {
  type: "object",
  description: "Where secrets of new tokens, and generated passwords, may go, by name.",
  examples: [{ ci: { file: { dir: "/run/rolecall/ci" } } }],
  additionalProperties: {
    type: "object",
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    description: "One sink: one of the four.",
    properties: {
      file: fileSinkSchema,
      age: ageSinkSchema,
      exec: execSinkSchema,
      kubernetesSecret: kubernetesSecretSinkSchema,
    },
  },
} as const satisfies JSONSchema;

/** The sinks that one secret goes to, as a manifest names them. */
export const sinkListSchema = {
  type: "array",
  minItems: 1,
  maxItems: 8,
  items: {
    type: "object",
    required: ["name"],
    additionalProperties: false,
    properties: {
      name: { type: "string", description: "A sink of the target, by its name." },
      as: {
        type: "string",
        minLength: 1,
        description:
          "Where in the sink: the file below its folder, the key of the Secret, a name for the program; `{target}` stands for the target's name.",
        examples: ["deploy.env", "{target}/deploy.env"],
      },
      format: {
        enum: ["env", "json", "raw"],
        description: "How it is written. Default: env in files, json for exec, raw for kubernetesSecret.",
      },
      key: {
        type: "string",
        pattern: "^[A-Za-z_][A-Za-z0-9_]*$",
        description: "The variable of format env. Default: PROXMOX_API_TOKEN, or PROXMOX_PASSWORD.",
      },
    },
  },
} as const satisfies JSONSchema;
