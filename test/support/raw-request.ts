// In: a request, header by header. Out: the answer, byte by byte. Must not know: what either means. A library would
// tidy up what recordings keep: blanks at a header's end, a length beside an encoding, any reason phrase.

import { connect } from "node:net";

export interface RawAnswer {
  /** 0 where the server hung up without a word. */
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer | undefined;
}

const silence: RawAnswer = { status: 0, reason: "", headers: new Map(), body: Buffer.alloc(0) };

export function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const chunks: Buffer[] = [];
    const end = (): void => {
      socket.destroy();
      resolve(parseAnswer(Buffer.concat(chunks)) ?? silence);
    };
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (parseAnswer(Buffer.concat(chunks)) !== undefined) end();
    });
    // A server may answer and close before it has read a body that is too large.
    socket.on("error", end);
    socket.on("close", end);
    socket.write(bytesOf(request));
  });
}

function bytesOf({ method, path, headers, body }: RawRequest): Buffer {
  const all = new Map([["Host", "localhost"], ...headers]);
  if (body !== undefined && !headers.has("Content-Length")) all.set("Content-Length", String(body.length));
  const lines = [`${method} ${path} HTTP/1.1`, ...[...all].map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body ?? Buffer.alloc(0)]);
}

/** Undefined as long as the answer is not whole. */
function parseAnswer(bytes: Buffer): RawAnswer | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [, status, reason = ""] = /^HTTP\/1\.[01] ([0-9]{3}) ?(.*)$/u.exec(first) ?? [];
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = bytes.subarray(end + 4);
  const length = Number(headers.get("content-length") ?? "0");
  if (body.length < length) return undefined;
  return { status: Number(status), reason, headers, body: body.subarray(0, length) };
}
