// In: a simulated server's options. Out: a line to it, which notes every write that arrived: without a socket, as the network
// would carry it, or over the real ones. Must not know: what a test asks.

import {
  defaultLimits,
  openTransport,
  type Exchange,
  type HttpRequest,
  type OpenTransport,
  type Transport,
} from "../../../src/proxmox/transport.ts";
import type { Api } from "../../../src/simulator/api.ts";
import type { Answer as ServerAnswer } from "../../../src/simulator/http/message.ts";
import { simulate, startSimulator, type SimulatorOptions } from "../../../src/simulator/server.ts";
import type { StateFiles } from "../../../src/simulator/store.ts";
import type { Clock } from "../../../src/support/clock.ts";

/** A write that the server looked at, whatever the client heard of it. */
export interface Arrived {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** The server's files right before and right after. */
  readonly before: StateFiles;
  readonly after: StateFiles;
}

/** One server and the way to it, for one pass. */
interface Line {
  readonly endpoint: string;
  readonly openTransport: OpenTransport;
  /** The server's, as they are now. */
  files(): StateFiles;
  close(): Promise<void>;
}

export type OpenLine = (options: SimulatorOptions, onArrived: (write: Arrived) => void) => Promise<Line>;

/** Its API is asked, and its answers are heard as the network would let them be heard. */
export const withoutSocket: OpenLine = (options, onArrived) => {
  let isDown = false;
  const { api, host } = simulate(options, () => (isDown = true));
  const files = (): StateFiles => host.store.files();
  const transport: Transport = {
    exchange: async (_, request, signal) => {
      await Promise.resolve();
      if (isDown) return { kind: "unreachable", words: "the connection was refused", cause: undefined };
      return await hear(ask(api, request), { clock: options.clock, signal });
    },
    close: () => Promise.resolve(),
  };
  return Promise.resolve({
    endpoint: "https://pve1.example:8006",
    openTransport: () => noting(transport, files, onArrived),
    files,
    close: () => Promise.resolve(),
  });
};

/** Timeouts are the network's own; nobody has to wait for one, since what the server waits is over at once. */
export const overSockets: OpenLine = async (options, onArrived) => {
  const server = await startSimulator(options);
  const files = (): StateFiles => server.files();
  return {
    endpoint: server.url,
    openTransport: (trust, limits) => noting(openTransport(trust, limits), files, onArrived),
    files,
    close: () => server.close(),
  };
};

/** Writes go one at a time, so what differs afterwards is what they did. */
function noting(
  transport: Transport,
  files: () => StateFiles,
  onArrived: (write: Arrived) => void,
): Transport {
  return {
    exchange: async (endpoint, request, signal) => {
      if (request.method === "GET") return await transport.exchange(endpoint, request, signal);
      const before = files();
      const exchange = await transport.exchange(endpoint, request, signal);
      const { method, path, body = "" } = request;
      if (exchange.kind !== "unreachable") onArrived({ method, path, body, before, after: files() });
      return exchange;
    },
    close: () => transport.close(),
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
async function hear(
  answer: ServerAnswer,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Exchange> {
  const { takesMs = 0, mishap, status, reason, content } = answer;
  if (takesMs > 0) await clock.sleep(Math.min(takesMs, defaultLimits.headersMs), signal);
  if (takesMs > defaultLimits.headersMs) return lost("the server did not answer in time");
  if (mishap?.kind === "slow") await clock.sleep(mishap.ms, signal);
  if (mishap?.kind === "slow" && mishap.ms > defaultLimits.totalMs)
    return lost("the whole exchange took too long");
  if (mishap?.kind === "reset" || mishap?.kind === "cut")
    return lost("the connection was closed before the answer was whole");
  return { kind: "answer", answer: { status, reason, body: content } };
}
