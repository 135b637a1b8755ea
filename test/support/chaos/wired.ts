// In: a simulated server's API. Out: a transport that asks it without a socket, as the network would, and notes every write
// that arrived. Must not know: what a test asks.

import type { Exchange, HttpRequest, Limits, Transport } from "../../../src/proxmox/transport.ts";
import type { Answer as ServerAnswer } from "../../../src/simulator/http/message.ts";
import type { Api } from "../../../src/simulator/api.ts";
import type { StateFiles } from "../../../src/simulator/store.ts";
import type { Clock } from "../../../src/support/clock.ts";

/** A write that the server looked at, whatever the client heard of it. */
export interface Arrived {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** user.cfg right before and right after. */
  readonly before: string;
  readonly after: string;
}

export interface Server {
  readonly api: Api;
  readonly files: () => StateFiles;
  readonly isDown: () => boolean;
}

interface Wiring {
  readonly clock: Clock;
  readonly limits: Limits;
  /** Who serves now, at that endpoint. */
  readonly serverAt: (origin: string) => Server;
  readonly onArrived: (write: Arrived) => void;
}

export function wired({ clock, limits, serverAt, onArrived }: Wiring): Transport {
  return {
    exchange: async ({ origin }, request, signal) => {
      await Promise.resolve();
      const server = serverAt(origin);
      if (server.isDown())
        return { kind: "unreachable", words: "the connection was refused", cause: undefined };
      const userCfg = (): string => server.files()["user.cfg"] ?? "";
      const before = userCfg();
      const answer = ask(server.api, request);
      if (request.method !== "GET") {
        const { method, path, body = "" } = request;
        onArrived({ method, path, body, before, after: userCfg() });
      }
      return await heard(answer, { clock, limits, signal });
    },
    close: () => Promise.resolve(),
  };
}

function ask(api: Api, { method, path, headers, body = "" }: HttpRequest): ServerAnswer {
  const length = Buffer.byteLength(body);
  const all = { ...headers, ...(length > 0 && { "content-length": String(length) }) };
  const head = { method, target: path, version: "1.1", headers: new Map(Object.entries(all)) } as const;
  const begun = api.begin(head);
  return "wants" in begun ? api.finish(head, Buffer.from(body)) : begun;
}

const lost = (words: string): Exchange => ({ kind: "lost", words, cause: undefined });

/** What of an answer reaches the client, with the words of the real transport. */
async function heard(
  answer: ServerAnswer,
  { clock, limits, signal }: Pick<Wiring, "clock" | "limits"> & { readonly signal: AbortSignal },
): Promise<Exchange> {
  const { takesMs = 0, mishap, status, reason, content } = answer;
  if (takesMs > 0) await clock.sleep(Math.min(takesMs, limits.headersMs), signal);
  if (takesMs > limits.headersMs) return lost("the server did not answer in time");
  if (mishap?.kind === "slow") await clock.sleep(mishap.ms, signal);
  if (mishap?.kind === "slow" && mishap.ms > limits.totalMs) return lost("the whole exchange took too long");
  if (mishap?.kind === "reset" || mishap?.kind === "cut")
    return lost("the connection was closed before the answer was whole");
  return { kind: "answer", answer: { status, reason, body: content } };
}
