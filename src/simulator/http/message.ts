// In: lines of a request, an answer. Out: the request as values, the answer as bytes. Must not know: sockets, the API.

import { gzipSync } from "node:zlib";
import { printBytes } from "../bytes.ts";

export interface RequestHead {
  readonly method: string;
  /** As it was sent: path and query, still encoded. */
  readonly target: string;
  readonly version: "1.0" | "1.1";
  /** Lower-case names; a repeated one is joined with a comma. Blanks at a value's end are part of it. */
  readonly headers: ReadonlyMap<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly contentType?: string;
  readonly content: string;
  /** Went through the real server's second process, which shows in its headers. */
  readonly forwarded?: boolean;
  /** Answered late, as the real server does where somebody may be guessing. */
  readonly delayed?: boolean;
  /** How long the server worked on it, in milliseconds. */
  readonly takesMs?: number;
  /** What becomes of the answer on the line; nothing where undefined. */
  readonly mishap?: Mishap;
  readonly location?: string;
  /** The line is not to be used again, whatever the status. */
  readonly closes?: boolean;
}

/**
 * reset: the line is torn down, and not a byte of the answer sent. cut: only its first half arrives, and the line is closed.
 * slow: it comes in parts, over so long a time.
 */
type Mishap =
  { readonly kind: "reset" } | { readonly kind: "cut" } | { readonly kind: "slow"; readonly ms: number };

const requestLine = /(\S+) (\S+) HTTP\/(\d+)\.(\d+)/u;
const headerLine = /^([^:\s]+)\s*:\s*(.*)$/u;

/** Undefined where the lines are no request. */
export function parseHead([first = "", ...lines]: readonly string[]): RequestHead | undefined {
  const [, method, target, major, minor] = requestLine.exec(first) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const version = Number(major) === 1 && Number(minor) === 0 ? "1.0" : "1.1";
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = headerLine.exec(line) ?? [];
    if (name === undefined) return undefined;
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return { method, target, version, headers };
}

/** Whether the line stays open behind the answer. */
export function keepsAlive(head: RequestHead, answer: Answer): boolean {
  if (answer.status >= 400 || answer.closes === true) return false;
  const wish = head.headers.get("connection");
  return wish === undefined ? head.version === "1.1" : !/close/iu.test(wish);
}

/** The answer's bytes; `nowMs` is the time that its date shows. */
export function writeAnswer(answer: Answer, head: RequestHead | undefined, nowMs: number): Buffer {
  const plain = Buffer.from(answer.content, "utf8");
  const zipped = plain.length > 1024 && /gzip/u.test(head?.headers.get("accept-encoding") ?? "");
  const content = zipped ? gzipSync(plain) : plain;
  const alive = head !== undefined && keepsAlive(head, answer);
  const lines = [
    `HTTP/${head?.version ?? "1.1"} ${answer.status} ${answer.reason.replace(/[\r\n].*$/su, "")}`,
    "Cache-Control: max-age=0",
    ...(alive && answer.forwarded === true ? ["Connection: close"] : []),
    `Connection: ${alive ? "Keep-Alive" : "close"}`,
    `Date: ${new Date(nowMs).toUTCString()}`,
    "Pragma: no-cache",
    "Server: pve-api-daemon/3.0",
    ...(zipped ? ["Content-Encoding: gzip"] : []),
    ...(answer.location === undefined ? [] : [`Location: ${answer.location}`]),
    `Content-Length: ${content.length}`,
    ...(answer.contentType === undefined ? [] : [`Content-Type: ${answer.contentType}`]),
    `Expires: ${new Date(nowMs).toUTCString()}`,
  ];
  return Buffer.concat([printBytes(`${lines.join("\r\n")}\r\n\r\n`), content]);
}
