import type { TextOrEnv } from "../model/target.ts";
import type { Said } from "../manifest/diagnostic.ts";
import { isLoopback } from "../support/loopback.ts";

export function textOrEnvFrom(written: string | { readonly env: string }): TextOrEnv {
  return typeof written === "string" ? { text: written } : { env: written.env };
}

/** What keeps a text from being an address to send credentials to. It is not repeated: it may hold some. */
export function endpointMistake(text: string): Said | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const hint = "write it as https://HOST:8006";
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    return { code: "invalid-value", message: "this is not an address of a server", hint };
  }
  if (url.username !== "" || url.password !== "") {
    const message = "an address may not hold a user or a password";
    return { code: "literal-secret", message, hint: "name them in spec.credentials" };
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return { code: "invalid-value", message: "an address ends with the host and its port", hint };
  }
  if (url.protocol === "https:" || isLoopback(url.hostname)) return undefined;
  return { code: "plain-http", message: "without TLS the credentials would be readable on the way", hint };
}
