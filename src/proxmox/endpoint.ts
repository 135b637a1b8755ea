import { parsed, unparsed, type Parsed } from "../support/parsed.ts";
import { isLoopback } from "../support/loopback.ts";

/** `https://pve1.example:8006`, without a path. */
export interface Endpoint {
  readonly origin: string;
}

/**
 * An address that credentials may be sent to: https, or plain http to this very machine. The problem does not repeat
 * the text, which may come from a variable.
 */
export function parseEndpoint(text: string): Parsed<Endpoint> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return unparsed("is not an address like https://pve1.example:8006");
  if (url.username !== "" || url.password !== "")
    return unparsed("holds credentials: they have their own field");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return unparsed("holds more than a scheme, a host and a port");
  }
  if (url.protocol === "https:") return parsed({ origin: url.origin });
  if (url.protocol !== "http:") return unparsed("is not https");
  if (!isLoopback(url.hostname)) return unparsed("is plain http, which is for this machine itself only");
  return parsed({ origin: url.origin });
}
