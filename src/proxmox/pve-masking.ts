import { Secret } from "../model/secret.ts";
import type { ApiRequest } from "./wire.ts";

const maskedText = "refused; the server's text is not shown, since it may repeat the secret";

/**
 * Texts that the server makes from a request with secrets without repeating one: what they quote is another parameter.
 * Any other text of such a request is masked, not searched for the secret: it could repeat a part or a spelling of it.
 */
const harmlessWords: readonly RegExp[] = [
  /^Parameter verification failed\.$/u,
  /^Permission check failed(?: \(\/[\w./@!-]*, [\w.|]+\))?$/u,
  /^Permission check failed \(URI '[\w/]+' not available with API token, need proper ticket\.\s*\)?$/u,
  /^(?:No ticket|Authentication failed!|authentication failure|Permission denied - invalid csrf token)$/u,
  /^invalid credentials$/u,
  /^(?:[\w ]+ failed: )?cfs-lock '[\w-]+' error: (?:got lock request timeout|no quorum!)$/u,
  /^(?:(?:create|update) user failed: )?no such (?:user|group) \(?'[^']*'\)?$/u,
  /^(?:create user failed: )?(?:change password failed: )?(?:user|auth domain) '[^']*' does not exist$/u,
  /^create user failed: user '[^']*' already exists$/u,
  /^(?:create user failed: )?can't set password on auth type '[\w-]+'$/u,
  /^(?:add|update) auth server failed: domain '[\w.-]+' already exists$/u,
  /^(?:add|update) auth server failed: (?:section '[\w.-]+' - )?missing value for required option '[\w-]+'$/u,
  /^(?:add|update) auth server failed: un(?:expected property|known section type) '[\w-]*'$/u,
  /^update auth server failed: detected modified configuration - file changed by other user\? Try again\.$/u,
  /^(?:add|update) auth server failed: (?:cfs-lock '[\w-]+' error: (?:got lock request timeout|no quorum!)|Connection refused)$/u,
  /^Broken pipe$/u,
];

const harmlessParameterTexts: readonly RegExp[] = [
  /^value (?:must be at least|may only be) \d+ characters long$/u,
  /^property is missing and it is not optional$/u,
  /^property is not defined in schema and the schema does not allow additional properties$/u,
];

/** The server's words, or a neutral text where the request carries a secret that they could hold. */
export function maskedWords(request: ApiRequest, words: string): string {
  if (secretNames(request).size === 0) return words;
  return harmlessWords.some((pattern) => pattern.test(words)) ? words : maskedText;
}

/** What the server said of each parameter; of a secret one only what can't repeat it. */
export function maskedParameters(
  request: ApiRequest,
  texts: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const secrets = secretNames(request);
  if (secrets.size === 0) return texts;
  return Object.fromEntries(
    Object.entries(texts)
      // A name that was not sent is a piece of a text that was taken apart: of a secret, if it ran over a line's end.
      .filter(([name, text]) => Object.hasOwn(request.parameters, name) || isHarmless(text))
      .map(([name, text]) => [name, secrets.has(name) && !isHarmless(text) ? maskedText : text]),
  );
}

function isHarmless(text: string): boolean {
  return harmlessParameterTexts.some((pattern) => pattern.test(text));
}

function secretNames(request: ApiRequest): ReadonlySet<string> {
  const entries = Object.entries(request.parameters);
  return new Set(entries.flatMap(([name, value]) => (value instanceof Secret ? [name] : [])));
}
