// How far one gets to an endpoint: its name, a connection, its certificate. Not a byte of HTTP is sent, and trust is only
// asked about, so that an unknown certificate can be looked at. What talks to the server is transport.ts, which verifies.

import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { TlsTrust } from "../model/connection.ts";
import type { Clock } from "../support/clock.ts";
import { startDeadline } from "../support/deadline.ts";
import type { Endpoint } from "./endpoint.ts";
import { connectErrorFrom } from "./line-failure.ts";

export interface ServerCertificate {
  /** SHA-256, upper case pairs joined by `:`. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validToMs: number;
  /** Why neither the given CA nor, without one, the system vouches for it: Node's code. Undefined where one does. */
  readonly distrust: string | undefined;
}

/** How long each step took, in milliseconds. */
interface Times {
  readonly resolveMs: number;
  readonly connectMs: number;
}

export type Probe =
  | { readonly kind: "unresolved"; readonly words: string }
  | { readonly kind: "unconnected"; readonly words: string }
  | { readonly kind: "unsecured"; readonly words: string }
  /** Plain HTTP, which is for this machine only. */
  | ({ readonly kind: "plain" } & Times)
  | ({
      readonly kind: "secured";
      readonly tlsMs: number;
      readonly certificate: ServerCertificate;
    } & Times);

export async function probeEndpoint(
  { origin }: Endpoint,
  { ca }: TlsTrust,
  { clock, limitMs }: { readonly clock: Pick<Clock, "now">; readonly limitMs: number },
  signal: AbortSignal,
): Promise<Probe> {
  const url = new URL(origin);
  const host = url.hostname.replace(/^\[|\]$/gu, "");
  const port = Number(url.port === "" ? (url.protocol === "https:" ? 443 : 80) : url.port);
  const step = <T>(work: (until: AbortSignal) => Promise<T>): Promise<Step<T>> =>
    timed(work, { clock, limitMs, signal });

  const resolved = await step(() => lookup(host));
  if (!resolved.ok) return { kind: "unresolved", words: resolved.words };
  const connected = await step((until) => openSocket(host, port, until));
  if (!connected.ok) return { kind: "unconnected", words: connected.words };
  const socket = connected.value;
  try {
    const times = { resolveMs: resolved.ms, connectMs: connected.ms };
    if (url.protocol !== "https:") return { kind: "plain", ...times };
    const secured = await step((until) => shakeHands(socket, host, ca, until));
    if (!secured.ok) return { kind: "unsecured", words: secured.words };
    return { kind: "secured", ...times, tlsMs: secured.ms, certificate: secured.value };
  } finally {
    socket.destroy();
  }
}

type Step<T> =
  | { readonly ok: true; readonly value: T; readonly ms: number }
  | { readonly ok: false; readonly words: string };

/** An interrupted step throws the signal's reason: nobody waits for what it would have said. */
async function timed<T>(
  work: (until: AbortSignal) => Promise<T>,
  limits: { readonly clock: Pick<Clock, "now">; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<Step<T>> {
  const { clock, limitMs, signal } = limits;
  signal.throwIfAborted();
  const deadline = startDeadline(limitMs, signal);
  const start = clock.now();
  const over = once(deadline.signal, "abort").then((): Step<T> => {
    signal.throwIfAborted();
    return { ok: false, words: `nothing came for ${limitMs / 1000} s` };
  });
  over.catch(() => undefined);
  try {
    const done = work(deadline.signal).then((value): Step<T> => ({
      ok: true,
      value,
      ms: clock.now() - start,
    }));
    return await Promise.race([done, over]);
  } catch (error) {
    if (deadline.signal.aborted) return await over;
    if (!isErrorLike(error)) throw error;
    return { ok: false, words: connectErrorFrom(error).message };
  } finally {
    deadline.stop();
  }
}

/** By its shape, since an error may come from another realm. */
function isErrorLike(error: unknown): error is Error {
  return typeof error === "object" && error !== null && "message" in error && "name" in error;
}

async function openSocket(host: string, port: number, until: AbortSignal): Promise<Socket> {
  const socket = connect({ host, port });
  until.addEventListener("abort", () => socket.destroy(), { once: true });
  await once(socket, "connect", { signal: until });
  // Whoever waits for something hears of a broken line; between two steps nobody does.
  socket.on("error", () => undefined);
  return socket;
}

async function shakeHands(
  socket: Socket,
  host: string,
  ca: string | undefined,
  until: AbortSignal,
): Promise<ServerCertificate> {
  const secure = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
    // The one place that looks at what it does not trust: it sends nothing, and says so.
    rejectUnauthorized: false,
  });
  await once(secure, "secureConnect", { signal: until });
  secure.on("error", () => undefined);
  return certificateOf(secure);
}

function certificateOf(socket: TLSSocket): ServerCertificate {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) throw new Error("the server showed no certificate");
  return {
    fingerprint: certificate.fingerprint256,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    validToMs: Date.parse(certificate.validTo),
    // The types know an Error here, Node gives its code.
    distrust: socket.authorized ? undefined : String(socket.authorizationError),
  };
}

/** `CN=pve1.example, O=…`: a name's parts come one a line. */
function oneLine(name: string): string {
  return name.split("\n").join(", ");
}
