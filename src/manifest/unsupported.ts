import type { Said } from "./diagnostic.ts";
import { isSecretPlace } from "./mask.ts";

const hint = "a later release brings it";

/** Kinds of the manifest language that this release does not reconcile: said, never skipped. */
const kinds = new Set(["Realm", "Pool", "Policy"]);

const fields = new Set(["validity"]);

export function unsupportedKind(kind: string): Said | undefined {
  return kinds.has(kind) ? said(`kind ${kind}`) : undefined;
}

export function unsupportedField(kind: string, pointer: string, field: string): Said | undefined {
  if (field === "exec" && kind !== "Target" && isSecretPlace(pointer)) return programSource;
  return pointer === "/spec" && fields.has(field) ? said(`the field ${field}`) : undefined;
}

export function unsupportedAnnotation(kind: string, name: string): Said | undefined {
  return kind === "Target" && name === "rolecall.dev/approve" ? said(`the annotation ${name}`) : undefined;
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
