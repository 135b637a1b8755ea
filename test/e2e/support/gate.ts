// In: a server's address. Out: another address of it, behind which something may happen before each write. Must not
// know: what the requests say.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { request } from "undici";

export interface Gate {
  readonly url: string;
  close(): Promise<void>;
}

/** `beforeWrite` gets how many writes came before; the write goes on when it resolves. */
export async function openGate(url: string, beforeWrite: (before: number) => Promise<void>): Promise<Gate> {
  let writes = 0;
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    if (incoming.method !== "GET") await beforeWrite(writes++);
    const body = await buffer(incoming);
    const { authorization = "", "content-type": type = "application/x-www-form-urlencoded" } =
      incoming.headers;
    const answer = await request(`${url}${incoming.url ?? ""}`, {
      method: methodOf(incoming),
      headers: { authorization, "content-type": type },
      ...(body.length > 0 && { body }),
    });
    outgoing.writeHead(answer.statusCode, { "content-type": "application/json" });
    outgoing.end(await answer.body.text());
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Proof: it listens on TCP.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

function methodOf({ method }: IncomingMessage): "GET" | "POST" | "PUT" | "DELETE" {
  if (method === "GET" || method === "POST" || method === "PUT" || method === "DELETE") return method;
  throw new Error(`Rolecall never sends ${method ?? "nothing"}`);
}
