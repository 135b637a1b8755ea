// One line to a client: reads requests one after the other and writes their answers, within the real server's limits.

import type { Socket } from "node:net";
import { keepsAlive, parseHead, writeAnswer, type Answer, type RequestHead } from "./message.ts";

/** What the server does with a request: an answer at once, or the number of bytes of the body that it wants first. */
export interface Exchange {
  begin(head: RequestHead): Answer | { readonly wants: number };
  finish(head: RequestHead, body: Buffer): Answer;
  /** Resolves when the answer may be sent. */
  hold(answer: Answer): Promise<void>;
  /** Resolves after the time, or when the server closes. */
  pause(ms: number): Promise<void>;
  now(): number;
}

const headerLineLimit = 64;
const headerSizeLimit = 8192;
const requestLineLimit = 65536;
const requestsPerConnection = 100;
const idleMs = 5000;
/** How long the rest of an unwanted body is still read, so that the client gets to see the answer. */
const drainMs = 1000;

/** Serves the socket until either side closes it. */
export function serveConnection(socket: Socket, exchange: Exchange): void {
  const state: State = {
    socket,
    exchange,
    buffered: Buffer.alloc(0),
    busy: false,
    left: requestsPerConnection,
  };
  socket.setTimeout(idleMs, () => {
    if (!state.busy) socket.destroy();
  });
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    if (state.left <= 0) return;
    state.buffered = Buffer.concat([state.buffered, chunk]);
    void proceed(state);
  });
}

interface State {
  readonly socket: Socket;
  readonly exchange: Exchange;
  buffered: Buffer;
  busy: boolean;
  /** How many more requests this line may carry; 0 when it is done. */
  left: number;
  pending?: { readonly head: RequestHead; readonly wants: number };
}

async function proceed(state: State): Promise<void> {
  while (!state.busy && state.left > 0) {
    const step = state.pending === undefined ? nextHead(state) : nextBody(state);
    if (step === undefined) return;
    if (step === "drop") {
      drop(state);
      return;
    }
    state.busy = true;
    await state.exchange.hold(step.answer);
    await send(state, step.answer, step.head);
    state.busy = false;
  }
}

type Step = { readonly head: RequestHead | undefined; readonly answer: Answer } | "drop" | undefined;

function nextHead(state: State): Step {
  const lines = takeLines(state);
  if (lines === undefined || lines === "drop") return lines;
  const head = parseHead(lines);
  if (head === undefined) return { head: undefined, answer: badRequest };
  const begun = state.exchange.begin(head);
  if (!("wants" in begun)) return { head, answer: begun };
  state.pending = { head, wants: begun.wants };
  return nextBody(state);
}

const badRequest: Answer = { status: 400, reason: "bad request", content: "bad request" };

/** The lines of one request's head, undefined as long as it is not whole. */
function takeLines(state: State): string[] | "drop" | undefined {
  const text = state.buffered.subarray(0, requestLineLimit + headerSizeLimit * 2).toString("latin1");
  const found = /^(?:\r?\n)*([^\r\n]+(?:\r?\n[^\r\n]+)*)\r?\n\r?\n/u.exec(text);
  const lines = (found?.[1] ?? text.trimStart()).split(/\r?\n/u);
  if (exceedsLimits(lines)) return "drop";
  if (found === null) return undefined;
  state.buffered = state.buffered.subarray(found[0].length);
  return lines;
}

function exceedsLimits([first = "", ...headers]: readonly string[]): boolean {
  const size = headers.reduce((sum, line) => sum + line.length, 0);
  // The empty line counts too.
  return first.length > requestLineLimit || headers.length + 1 >= headerLineLimit || size >= headerSizeLimit;
}

function nextBody(state: State): Step {
  const { pending } = state;
  if (pending === undefined || state.buffered.length < pending.wants) return undefined;
  const body = state.buffered.subarray(0, pending.wants);
  state.buffered = state.buffered.subarray(pending.wants);
  delete state.pending;
  return { head: pending.head, answer: state.exchange.finish(pending.head, body) };
}

async function send(state: State, answer: Answer, head: RequestHead | undefined): Promise<void> {
  const { socket, exchange } = state;
  const { mishap } = answer;
  state.left--;
  if (head === undefined || !keepsAlive(head, answer)) state.left = 0;
  if (socket.destroyed) return;
  if (mishap?.kind === "reset") {
    drop(state);
    return;
  }
  const bytes = writeAnswer(answer, head, exchange.now());
  if (mishap?.kind === "slow") await trickle(state, bytes, mishap.ms);
  else if (mishap?.kind === "cut") socket.write(bytes.subarray(0, cutAt(bytes)));
  else socket.write(bytes);
  if (mishap?.kind === "cut") state.left = 0;
  if (state.left > 0) return;
  socket.end();
  setTimeout(() => socket.destroy(), drainMs).unref();
}

/** The head of the answer and half of its body. */
function cutAt(bytes: Buffer): number {
  const body = bytes.indexOf("\r\n\r\n") + 4;
  return body + Math.floor((bytes.length - body) / 2);
}

const parts = 8;

async function trickle({ socket, exchange }: State, bytes: Buffer, ms: number): Promise<void> {
  const size = Math.ceil(bytes.length / parts);
  for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
    socket.write(bytes.subarray(at, at + size));
    await exchange.pause(ms / parts);
  }
}

/** Beyond its limits the real server hangs up without a word. */
function drop(state: State): void {
  state.left = 0;
  state.socket.destroy();
}
