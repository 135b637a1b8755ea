// Sockets: plain ones, and those that speak TLS.

import type { AddressInfo, Server, Socket } from "node:net";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import { Bug } from "../../support/bug.ts";
import { serveConnection, type Exchange } from "./connection.ts";

/** PEM texts. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Serves every connection to the server; the set holds those that are open. Throws where the PEM texts are none. */
export function acceptOn(
  server: Server,
  exchange: Exchange,
  tls: Certificate | undefined,
): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const secureContext =
    tls === undefined ? undefined : createSecureContext({ cert: tls.certificate, key: tls.key });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (secureContext === undefined) serveConnection(socket, exchange);
    else acceptTls(socket, exchange, secureContext);
  });
  return sockets;
}

const tlsHandshake = 0x16;

/** The first byte tells: who speaks plain HTTP to the TLS port is sent to the right scheme. */
function acceptTls(socket: Socket, exchange: Exchange, secureContext: SecureContext): void {
  socket.on("error", () => socket.destroy());
  socket.once("data", (first: Buffer) => {
    socket.pause();
    socket.unshift(first);
    if (first[0] !== tlsHandshake) {
      serveConnection(socket, redirecting(exchange));
      socket.resume();
      return;
    }
    serveConnection(new TLSSocket(socket, { isServer: true, secureContext }), exchange);
  });
}

function redirecting(exchange: Exchange): Exchange {
  return {
    ...exchange,
    begin: ({ method, target, headers }) => {
      const moved = method === "GET" || method === "HEAD";
      return {
        status: moved ? 301 : 308,
        reason: moved ? "Moved Permanently" : "Permanent Redirect",
        content: "",
        closes: true,
        location: `https://${headers.get("host") ?? "localhost"}${target}`,
      };
    },
  };
}

/** Resolves with the port. */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address: AddressInfo | string | null = server.address();
      if (address === null || typeof address === "string") throw new Bug("no address to listen on");
      resolve(address.port);
    });
  });
}
