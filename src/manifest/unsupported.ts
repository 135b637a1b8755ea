import type { Said } from "./diagnostic.ts";
import { isSecretPlace } from "./mask.ts";

const hint = "a later release brings it";

/** Kinds of the manifest language that this release does not reconcile: said, never skipped. */
const kinds = new Set(["Realm", "Pool", "Policy"]);

const fields = new Set(["validity"]);
const sinks = new Set(["age", "exec", "kubernetesSecret"]);

export function unsupportedKind(kind: string): Said | undefined {
  return kinds.has(kind) ? said(`kind ${kind}`) : undefined;
}

export function unsupportedField(kind: string, pointer: string, field: string): Said | undefined {
  if (field === "exec" && isSecretPlace(pointer)) return said("the source exec");
  if (kind === "Target") {
    return /^\/spec\/sinks\/[^/]+$/u.test(pointer) && sinks.has(field)
      ? said(`the sink ${field}`)
      : undefined;
  }
  return pointer === "/spec" && fields.has(field) ? said(`the field ${field}`) : undefined;
}

export function unsupportedValue(kind: string, pointer: string, found: unknown): Said | undefined {
  const isEnforced = kind === "User" && pointer === "/spec/password/policy" && found === "enforce";
  return isEnforced ? said("the password policy enforce") : undefined;
}

export function unsupportedAnnotation(kind: string, name: string): Said | undefined {
  return kind === "Target" && name === "rolecall.dev/approve" ? said(`the annotation ${name}`) : undefined;
}

function said(what: string): Said {
  return { code: "unsupported", message: `${what} is not supported yet`, hint };
}
