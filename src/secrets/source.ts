import { Secret, wordReference, type SecretReference } from "../model/secret.ts";
import { readSmallFile } from "./file-source.ts";
import { resolved, unresolved, type Resolved } from "./resolved.ts";

/** The variables of the process, handed in so that reading them is visible. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** No password, token or key comes near it; a log file named by mistake does. */
const maximumSecretBytes = 64 * 1024;

/** Reads the secret that a reference names. An empty one counts as missing: it would log in nobody. */
export async function resolveSecret(
  reference: SecretReference,
  environment: Environment,
): Promise<Resolved<Secret>> {
  return reference.source === "env" ? fromEnvironment(reference, environment) : await fromFile(reference);
}

function fromEnvironment(
  reference: SecretReference & { readonly source: "env" },
  environment: Environment,
): Resolved<Secret> {
  // Own properties only: `env constructor` must not find what every object inherits.
  const text = Object.hasOwn(environment, reference.name) ? environment[reference.name] : undefined;
  if (text === undefined) return unresolved("secret-missing", `${wordReference(reference)} is not set`);
  if (text === "") return unresolved("secret-empty", `${wordReference(reference)} is empty`);
  return resolved(new Secret(text));
}

async function fromFile(reference: SecretReference & { readonly source: "file" }): Promise<Resolved<Secret>> {
  const file = await readSmallFile(reference.path, maximumSecretBytes);
  if (!file.ok) return unresolved(`secret-${file.reason}`, `${wordReference(reference)} ${file.words}`);
  const text = withoutTrailingNewline(file.text);
  if (text === "") return unresolved("secret-empty", `${wordReference(reference)} is empty`);
  return resolved(new Secret(text));
}

/** Once only: editors add one newline; a second one was meant. */
function withoutTrailingNewline(text: string): string {
  return text.replace(/\r?\n$/u, "");
}
