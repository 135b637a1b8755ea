// The door to the network: every byte to and from a server passes here, over connections that were verified first.

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { Agent, buildConnector } from "undici";
import type { TlsTrust } from "../model/connection.ts";
import { Bug } from "../support/bug.ts";
import { startDeadline } from "../support/deadline.ts";
import type { Endpoint } from "./endpoint.ts";
import { plainFingerprint } from "./fingerprint.ts";
import { ConnectError, connectErrorFrom, lineFailureFrom, type LineFailure } from "./line-failure.ts";
import type { Answer, ApiRequest, Headers } from "./wire.ts";

export interface Limits {
  readonly connectMs: number;
  /** From the request to the answer's head: the server waits 10 s for its lock and works a few more. */
  readonly headersMs: number;
  /** Between two parts of a body. */
  readonly bodyMs: number;
  /** The whole exchange. */
  readonly totalMs: number;
  readonly answerBytes: number;
  /** To one target at once: reads go in parallel, writes one after the other. */
  readonly connections: number;
}

export const defaultLimits: Limits = {
  connectMs: 5_000,
  headersMs: 60_000,
  bodyMs: 30_000,
  totalMs: 120_000,
  answerBytes: 64 * 1024 * 1024,
  connections: 8,
};

export interface HttpRequest {
  readonly method: ApiRequest["method"];
  /** With the query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | undefined;
}

export type Exchange = { readonly kind: "answer"; readonly answer: Answer } | LineFailure;

export interface Transport {
  exchange(endpoint: Endpoint, request: HttpRequest, signal: AbortSignal): Promise<Exchange>;
  close(): Promise<void>;
}

export type OpenTransport = (trust: TlsTrust, limits: Limits) => Transport;

/** One pool of kept connections for a target, however many endpoints it has. A redirect is an answer like any other. */
export function openTransport(trust: TlsTrust, limits: Limits): Transport {
  const agent = new Agent({
    connect: verifyingConnector(trust, limits),
    connections: limits.connections,
    pipelining: 1,
    // The server closes after 5 s; a write that meets a closing connection is one whose fate is unknown.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 3_000,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.bodyMs,
    maxResponseSize: limits.answerBytes,
  });
  return {
    exchange: async (endpoint, request, signal) => {
      const deadline = startDeadline(limits.totalMs, signal);
      try {
        return { kind: "answer", answer: await answerFrom(agent, endpoint, request, deadline.signal) };
      } catch (error) {
        return lineFailureFrom(error);
      } finally {
        deadline.stop();
      }
    },
    close: () => agent.destroy(),
  };
}

async function answerFrom(
  agent: Agent,
  endpoint: Endpoint,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { statusCode, statusText, headers, body } = await agent.request({
    origin: endpoint.origin,
    method: request.method,
    path: request.path,
    headers: { ...request.headers },
    body: request.body ?? null,
    signal,
  });
  const { date } = headers;
  return {
    status: statusCode,
    reason: statusText,
    body: await body.text(),
    ...(typeof date === "string" && { date }),
  };
}

/**
 * Connections that are verified before anything is sent. A pinned fingerprint is the whole proof where no CA is given:
 * so does Proxmox trust its own nodes, whatever the certificate's names and dates. With a CA, both must hold.
 * `rejectUnauthorized` is always said, since an environment variable of Node would switch it off otherwise.
 */
function verifyingConnector(trust: TlsTrust, limits: Limits): buildConnector.connector {
  const pin = trust.fingerprint;
  const connect = buildConnector({
    timeout: limits.connectMs,
    rejectUnauthorized: pin === undefined || trust.ca !== undefined,
    ...(trust.ca === undefined ? {} : { ca: trust.ca }),
    // A resumed session need not show a certificate, and a pin is checked on every connection.
    maxCachedSessions: pin === undefined ? 100 : 0,
  });
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      const failure = error === null ? pinMismatch(socket, pin) : connectErrorFrom(error);
      if (socket !== null && failure === undefined) {
        callback(null, socket);
        return;
      }
      socket?.destroy();
      callback(failure ?? new Bug("a connection neither failed nor came"), null);
    });
  };
}

/** The pin is of the server's own certificate: one further up the chain could sign for anybody. */
function pinMismatch(socket: Socket | TLSSocket, pin: string | undefined): ConnectError | undefined {
  if (pin === undefined || !(socket instanceof TLSSocket)) return undefined;
  const shown = socket.getPeerX509Certificate()?.fingerprint256;
  if (shown !== undefined && plainFingerprint(shown) === plainFingerprint(pin)) return undefined;
  const seen = shown ?? "none";
  return new ConnectError("tls", `the server's certificate has the fingerprint ${seen}, pinned is ${pin}`);
}
