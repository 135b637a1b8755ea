// The door of the daemon's socket. Few routes and no framework: what matters here is what is refused (decisions/032).

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errorCode, errorTrace } from "../support/error-code.ts";
import type { Logger } from "../support/logger.ts";
import type { Answer, Asked, Desk } from "./desk.ts";
import { answerTo } from "./routes.ts";
import { hostIn, isAnsweredHost, isOfThisMachine } from "./who-asks.ts";

export interface Address {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

export interface Manners {
  /** By which it is asked for, beside addresses and `localhost`. */
  readonly names: readonly string[];
  readonly logger: Logger;
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
  /** Names that were refused, in the log. */
  loggedHosts: 20,
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
export async function serve(
  { host, port }: Address,
  desk: Desk,
  { names, logger }: Manners,
): Promise<Serving> {
  const settings = { maxHeaderSize: limits.headerBytes, connectionsCheckingInterval: limits.checkEveryMs };
  const hall: Hall = { desk, names, logger, refused: new Set() };
  const server = createServer(settings, (incoming, outgoing) => {
    void respond(incoming, outgoing, hall);
  });
  server.headersTimeout = limits.headerTimeoutMs;
  server.requestTimeout = limits.requestTimeoutMs;
  server.keepAliveTimeout = limits.idleMs;
  server.maxConnections = limits.connections;
  server.on("clientError", (_, socket) => socket.destroy());
  await listen(server, { host, port });
  // Without a listener a connection that the system does not hand over would end the process.
  server.on("error", (error) => logger.error("a connection could not be taken", { code: errorCode(error) }));
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

interface Hall extends Manners {
  readonly desk: Desk;
  /** Hosts that the log has. */
  readonly refused: Set<string>;
}

/** Never rejects. */
async function respond(incoming: IncomingMessage, outgoing: ServerResponse, hall: Hall): Promise<void> {
  // No route takes a body, so what comes as one is thrown away unread.
  incoming.resume();
  try {
    send(incoming, outgoing, refusal(incoming, hall) ?? (await answerTo(askedBy(incoming), hall.desk)));
  } catch (error) {
    const { method = "", url = "" } = incoming;
    const fields = { method, path: pathOf(url), stack: errorTrace(error) };
    hall.logger.error("a request ended in a bug, please report it", fields);
    if (outgoing.headersSent) outgoing.destroy();
    else send(incoming, outgoing, plain(500, "this is a bug: the log of the daemon has its trace"));
  }
}

function send({ method }: IncomingMessage, outgoing: ServerResponse, answer: Answer): void {
  const { status, type, body = "", headers } = answer;
  outgoing.writeHead(status, {
    ...securityHeaders,
    ...(type !== undefined && { "content-type": type }),
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  outgoing.end(method === "HEAD" ? undefined : body);
}

function refusal({ headers }: IncomingMessage, { names, logger, refused }: Hall): Answer | undefined {
  if (!isAnsweredHost(headers.host, names)) {
    const host = hostIn(headers.host ?? "");
    if (!refused.has(host) && refused.size < limits.loggedHosts) {
      refused.add(host);
      logger.warn("a request by a name that is not served was refused: name it with --allow-host", { host });
    }
    return plain(421, strangeHost);
  }
  if (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0)
    return plain(413, "no body is taken here");
  return undefined;
}

const strangeHost =
  "the daemon is not served by the name in this request: ask for it by address or as localhost, or start it with " +
  "--allow-host NAME";

function plain(status: number, words: string): Answer {
  return { status, type: "text/plain; charset=utf-8", body: `${words}\n` };
}

function askedBy({ method = "", url = "", headers, httpVersion, socket }: IncomingMessage): Asked {
  const bearer = /^Bearer ([\x21-\x7e]+)$/iu.exec(headers.authorization ?? "")?.[1];
  const site = headers["sec-fetch-site"];
  return {
    method,
    path: pathOf(url),
    query: new URLSearchParams(/\?([^#]*)/su.exec(url)?.[1]),
    isLocal: isOfThisMachine({ address: socket.remoteAddress, httpVersion, headers }),
    isSent: site !== undefined && site !== "same-origin" && site !== "none",
    bearer,
  };
}

function pathOf(url: string): string {
  return url.replace(/[?#].*$/su, "");
}
