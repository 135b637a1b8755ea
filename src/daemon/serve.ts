// The door of the daemon's socket. Few routes and no framework: what matters here is what is refused (decisions/032).

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Answer, Asked, Desk } from "./desk.ts";
import { answerTo } from "./routes.ts";

export interface Address {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}

const limits = {
  headerBytes: 8 * 1024,
  headerTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  idleMs: 5_000,
  /** How often Node looks for connections that are over these times. */
  checkEveryMs: 1_000,
  connections: 64,
};

/** For browsers, which anybody can send here: nothing is embedded, framed, guessed or kept. */
const securityHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** Resolves when it listens; rejects as the system says where it can't. */
export async function serve({ host, port }: Address, desk: Desk): Promise<Serving> {
  const isLoopbackOnly = isLoopbackName(host);
  const settings = { maxHeaderSize: limits.headerBytes, connectionsCheckingInterval: limits.checkEveryMs };
  const server = createServer(settings, (incoming, outgoing) => {
    void respond(incoming, outgoing, { desk, isLoopbackOnly });
  });
  server.headersTimeout = limits.headerTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.idleMs;
  server.maxConnections = limits.connections;
  server.on("clientError", (_, socket) => socket.destroy());
  await listen(server, { host, port });
  // Proof: it listens on TCP.
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}

interface Hall {
  readonly desk: Desk;
  readonly isLoopbackOnly: boolean;
}

async function respond(incoming: IncomingMessage, outgoing: ServerResponse, hall: Hall): Promise<void> {
  // No route takes a body, so what comes as one is thrown away unread.
  incoming.resume();
  let answer: Answer;
  try {
    answer = refusal(incoming, hall) ?? (await answerTo(askedBy(incoming), hall.desk));
  } catch {
    answer = { status: 500, type: "text/plain; charset=utf-8", body: "this is a bug\n" };
  }
  const { status, type, body = "", headers } = answer;
  outgoing.writeHead(status, {
    ...securityHeaders,
    ...(type !== undefined && { "content-type": type }),
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  outgoing.end(incoming.method === "HEAD" ? undefined : body);
}

function refusal({ headers }: IncomingMessage, { isLoopbackOnly }: Hall): Answer | undefined {
  // A page of somebody else whose name was made to lead to 127.0.0.1 still sends its own name.
  if (isLoopbackOnly && !isLoopbackName(hostIn(headers.host ?? ""))) {
    const body = "this address is served to this machine only: ask for it as localhost or 127.0.0.1\n";
    return { status: 421, type: "text/plain; charset=utf-8", body };
  }
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0) {
    return { status: 413, type: "text/plain; charset=utf-8", body: "no body is taken here\n" };
  }
  return undefined;
}

function askedBy({ method = "", url = "", headers, socket }: IncomingMessage): Asked {
  const bearer = /^Bearer ([\x21-\x7e]+)$/iu.exec(headers.authorization ?? "")?.[1];
  const site = headers["sec-fetch-site"];
  return {
    method,
    path: url.replace(/[?#].*$/su, ""),
    query: new URLSearchParams(/\?([^#]*)/su.exec(url)?.[1]),
    // A proxy on this machine speaks for others, and a browser for whichever page is open in it; one that was rebound
    // to 127.0.0.1 still sends its own name.
    isLocal:
      isLoopbackName(socket.remoteAddress ?? "") &&
      isLoopbackName(hostIn(headers.host ?? "")) &&
      headers["x-forwarded-for"] === undefined &&
      headers.forwarded === undefined &&
      headers.origin === undefined,
    isSent: site !== undefined && site !== "same-origin" && site !== "none",
    bearer,
  };
}

/** The host of `localhost:8080` or `[::1]:8080`. */
function hostIn(header: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/u.exec(header)?.[1] ?? header.replace(/:\d*$/u, "");
}

/** This machine and no other, by address or by the one name that can't lead elsewhere (RFC 6761). */
export function isLoopbackName(host: string): boolean {
  return (
    host.toLowerCase() === "localhost" || host === "::1" || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/u.test(host)
  );
}
