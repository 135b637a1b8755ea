import { parsed, unparsed, type Parsed } from "../support/parsed.ts";

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

/** The URL parser has already brought every spelling of an address to one form: 127.1 is 127.0.0.1. */
function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}
