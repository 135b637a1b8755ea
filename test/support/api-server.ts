// In: answers. Out: a server on loopback that gives them and notes what it was asked. Must not know: the client.

import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server, Socket } from "node:net";

interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface ApiServer {
  /** As `https://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  readonly seen: readonly SeenRequest[];
  /** Connections on which a byte of a request arrived. */
  readonly talked: () => number;
  close(): Promise<void>;
}

/** What one request is answered with; `raw` hands the socket over. */
type CannedAnswer =
  | {
      readonly status?: number;
      readonly reason?: string;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly raw: (response: ServerResponse, socket: Socket) => void };

export type Answering = (request: SeenRequest, index: number) => CannedAnswer;

export function tlsFile(name: string): string {
  return readFileSync(new URL(`tls/${name}`, import.meta.url), "utf8");
}

export async function startApi(
  answering: Answering,
  certificate?: "self-signed" | "signed",
): Promise<ApiServer> {
  const seen: SeenRequest[] = [];
  const listener: RequestListener = (request, response) => void answer(request, response, seen, answering);
  const server =
    certificate === undefined
      ? createServer(listener)
      : createTlsServer(
          { cert: tlsFile(`${certificate}.pem`), key: tlsFile(`${certificate}.key`) },
          listener,
        );
  const sockets = new Set<Socket>();
  let talked = 0;
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.on(certificate === undefined ? "connection" : "secureConnection", (socket: Socket) =>
    socket.once("data", () => talked++),
  );
  // A client that refuses the certificate ends the handshake: no concern of the test's server.
  server.on("tlsClientError", () => undefined);
  const port = await listen(server);
  return {
    url: `${certificate === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    seen,
    talked: () => talked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest[],
  answering: Answering,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  const noted: SeenRequest = {
    method: request.method ?? "",
    url: request.url ?? "",
    headers: request.headers,
    body: Buffer.concat(chunks).toString("utf8"),
  };
  seen.push(noted);
  const canned = answering(noted, seen.length - 1);
  if ("raw" in canned) {
    canned.raw(response, request.socket);
    return;
  }
  response.writeHead(canned.status ?? 200, canned.reason ?? "OK", canned.headers ?? {});
  response.end(canned.text ?? (canned.json === undefined ? "" : JSON.stringify(canned.json)));
}
