// In: the head of a request. Out: whether it asks for this daemon, and whether somebody on this machine sent it. Pure. A
// browser sends the name of the page that it shows, so a page whose name was made to lead here gives itself away
// (docs/decisions/051).

export interface Head {
  /** Of the other end of the connection. */
  readonly address: string | undefined;
  readonly httpVersion: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** By an address, which no name server can make lead elsewhere, as `localhost`, or by one of the names. */
export function isAnsweredHost(header: string | undefined, names: readonly string[]): boolean {
  // Every browser sends one; some probes of load balancers send none.
  if (header === undefined) return true;
  const host = hostIn(header);
  return isAddress(host) || isLoopbackName(host) || names.some((name) => hostIn(name) === host);
}

/** No name is taken for one: none has a colon, and none ends with a number (WHATWG URL, RFC 3696). */
function isAddress(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$|^[0-9a-f.]*:[0-9a-f:.]*$/u.test(host);
}

/** The host of `localhost:8080`, `[::1]:8080` or `Example.org.` */
export function hostIn(header: string): string {
  const host = /^\[([^\]]*)\](?::\d+)?$/u.exec(header)?.[1] ?? header.replace(/:\d*$/u, "");
  return host.toLowerCase().replace(/\.$/u, "");
}

/** A proxy on this machine speaks for others, and a browser for whichever page is open in it. */
export function isOfThisMachine({ address = "", httpVersion, headers }: Head): boolean {
  const host = headers["host"];
  return (
    isLoopbackName(address) &&
    typeof host === "string" &&
    isLoopbackName(hostIn(host)) &&
    httpVersion !== proxiesOwnVersion &&
    !Object.keys(headers).some((name) => marks.has(name) || name.startsWith("x-forwarded-"))
  );
}

/** nginx sets no header unless it is told to, and long spoke so to whom it stands before; curl and browsers don't. */
const proxiesOwnVersion = "1.0";
const marks: ReadonlySet<string> = new Set(["forwarded", "via", "x-real-ip", "origin"]);

/** This machine and no other, by address or by the one name that can't lead elsewhere (RFC 6761). */
export function isLoopbackName(host: string): boolean {
  return (
    host.toLowerCase() === "localhost" || host === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/u.test(host)
  );
}
