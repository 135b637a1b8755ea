import type { Said } from "./diagnostic.ts";
import { isSecretPlace } from "./mask.ts";

export function unsupportedField(kind: string, pointer: string, field: string): Said | undefined {
  return field === "exec" && kind !== "Target" && isSecretPlace(pointer) ? programSource : undefined;
}

/** What comes through pull requests must not start programs. */
const programSource: Said = {
  code: "secret-out-of-bounds",
  message: "only a Target may take a secret from a program",
  hint: "write { env: NAME } or { file: PATH }",
};
