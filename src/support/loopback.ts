/**
 * Whether a host is this machine itself, so that what goes there is on no line. The URL parser has already brought every
 * spelling of an address to one form: 127.1 is 127.0.0.1.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/u.test(hostname);
}
