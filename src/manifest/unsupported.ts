import type { Said } from "./diagnostic.ts";
import { isSecretPlace } from "./mask.ts";

const hint = "a later release brings it";

/** Kinds of the manifest language that this release does not reconcile: said, never skipped. */
const kinds = new Set(["Realm"]);

const tokenFields = new Set(["lifetime", "renewBefore", "rotation", "repair"]);

export function unsupportedKind(kind: string): Said | undefined {
  return kinds.has(kind) ? said(`kind ${kind}`) : undefined;
}

export function unsupportedField(kind: string, pointer: string, field: string): Said | undefined {
  if (field === "exec" && kind !== "Target" && isSecretPlace(pointer)) return programSource;
  const isKnown = kind === "Token" && pointer === "/spec" && tokenFields.has(field);
  return isKnown ? said(`the field ${field}`) : undefined;
}

export function unsupportedValue(kind: string, pointer: string, found: unknown): Said | undefined {
  const isEnforced = kind === "User" && pointer === "/spec/password/policy" && found === "enforce";
  return isEnforced ? said("the password policy enforce") : undefined;
}

/** What comes through pull requests must not start programs. */
const programSource: Said = {
  code: "secret-out-of-bounds",
  message: "only a Target may take a secret from a program",
  hint: "write { env: NAME } or { file: PATH }",
};

function said(what: string): Said {
  return { code: "unsupported", message: `${what} is not supported yet`, hint };
}
