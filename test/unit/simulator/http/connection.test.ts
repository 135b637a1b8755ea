import { describe, expect, test } from "@jest/globals";
import { connect } from "node:net";
import { startSimulator } from "../../../../src/simulator/server.ts";
import { aClock } from "../../../support/wound-clock.ts";

/** Everything that the server sends for these bytes until it hangs up, or for half a second. */
async function talk(...parts: readonly string[]): Promise<string> {
  const simulator = await startSimulator({ clock: aClock(), rootPassword: "secret" });
  const socket = connect(simulator.port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  for (const part of parts) {
    socket.write(part, "latin1");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const patience = new Promise<void>((resolve) => setTimeout(resolve, 300));
  await Promise.race([ended, patience]);
  socket.destroy();
  await simulator.close();
  return Buffer.concat(chunks).toString("latin1");
}

const open = "GET /api2/json/access/domains HTTP/1.1\r\n";
const statuses = (text: string): string[] =>
  [...text.matchAll(/HTTP\/1\.[01] ([0-9]{3}) /gu)].map(([, status = ""]) => status);

describe("one line to a client", () => {
  test("carries requests one after the other, sent at once or in bits", async () => {
    expect(statuses(await talk(`${open}\r\n${open}\r\n`))).toEqual(["200", "200"]);
    expect(statuses(await talk(open.slice(0, 9), open.slice(9), "\r\n"))).toEqual(["200"]);
  });

  test("takes bare line feeds and empty lines ahead", async () => {
    expect(statuses(await talk(`\r\n\n${open.replace("\r", "")}Accept: x\n\n`))).toEqual(["200"]);
  });

  test("ends where the client or an error says so", async () => {
    expect(statuses(await talk(`${open}Connection: close\r\n\r\n${open}\r\n`))).toEqual(["200"]);
    expect(statuses(await talk(`${open.replace("1.1", "1.0")}\r\n${open}\r\n`))).toEqual(["200"]);
    expect(statuses(await talk(`GET /api2/json/version HTTP/1.1\r\n\r\n${open}\r\n`))).toEqual(["401"]);
  });

  test("waits for the whole body", async () => {
    const head = "POST /api2/json/access/ticket HTTP/1.1\r\nContent-Length: 34\r\n\r\n";
    const body = "username=root@pam&password=secret\n";
    expect(statuses(await talk(head, body.slice(0, 10), body.slice(10)))).toEqual(["401"]);
    expect(statuses(await talk(head.replace("34", "33"), body.trim()))).toEqual(["200"]);
  });

  test("what is no request is a bad one", async () => {
    expect(statuses(await talk("hello\r\n\r\n"))).toEqual(["400"]);
  });
});

describe("beyond the limits the server hangs up without a word", () => {
  const lines = (count: number, size: number): string =>
    Array.from({ length: count }, (_, index) => `X-${index}: ${"y".repeat(size)}\r\n`).join("");

  test.each<[string, string, readonly string[]]>([
    ["62 header lines", `${open}${lines(62, 1)}\r\n`, ["200"]],
    ["63 header lines", `${open}${lines(63, 1)}\r\n`, []],
    ["headers of 8 KiB", `${open}${lines(1, 8192)}\r\n`, []],
    ["a header that never ends", `${open}X: ${"y".repeat(9000)}`, []],
    ["a long path", `GET /api2/json/access/${"x".repeat(9000)} HTTP/1.1\r\n\r\n`, ["401"]],
  ])("%s", async (_, bytes, expected) => {
    expect(statuses(await talk(bytes))).toEqual(expected);
  });
});

test("a path cannot smuggle a header into the answer", async () => {
  const text = await talk(
    "GET /api2/json/access/domains%0d%0aX-Evil:1 HTTP/1.1\r\nCookie: PVEAuthCookie=x\r\n\r\n",
    "GET /x%0d%0aX-Evil:1 HTTP/1.1\r\n\r\n",
  );
  expect(text).not.toMatch(/^X-Evil/mu);
});
