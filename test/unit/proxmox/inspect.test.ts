import { createServer, type Server, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { TlsTrust } from "../../../src/model/connection.ts";
import { inspectEndpoint, type Inspection } from "../../../src/proxmox/inspect.ts";
import { defaultLimits } from "../../../src/proxmox/transport.ts";
import { deadPort, startApi, tlsFile, type Answering, type ApiServer } from "../../support/api-server.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function api(answering: Answering, certificate?: "self-signed" | "signed"): Promise<ApiServer> {
  const server = await startApi(answering, certificate);
  closers.push(() => server.close());
  return server;
}

/** Something that is no API, by what it does to those who connect. */
async function listener(welcome: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket.on("error", () => undefined));
    welcome(socket);
  });
  closers.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return await new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

const realms = (): { readonly json: unknown; readonly headers: Record<string, string> } => ({
  json: { data: [{ realm: "pam", type: "pam" }] },
  headers: { "content-type": "application/json", date: new Date(Date.now() + 600_000).toUTCString() },
});

function inspect(
  text: string,
  trust: TlsTrust = {},
  signal = new AbortController().signal,
): Promise<Inspection> {
  return inspectEndpoint(
    text,
    {
      product: "pve",
      trust,
      clock: { now: Date.now },
      limits: { ...defaultLimits, connectMs: 300, headersMs: 1_000, totalMs: 2_000 },
    },
    signal,
  );
}

/** How far one got: `secured answered`. */
function stage(inspection: Inspection): string {
  if (inspection.kind === "invalid") return "invalid";
  return [inspection.probe.kind, inspection.greeting?.kind ?? "silent"].join(" ");
}

describe("how far one gets to an endpoint", () => {
  test.each([
    [
      "an address that credentials may not go to",
      () => Promise.resolve("http://pve1.example:8006"),
      "invalid",
    ],
    [
      "a name that nobody knows",
      () => Promise.resolve("https://no-such-host.invalid:8006"),
      "unresolved silent",
    ],
    ["nobody listens", async () => `https://127.0.0.1:${await deadPort()}`, "unconnected silent"],
    [
      "what listens hangs up",
      async () => `https://127.0.0.1:${await listener((socket) => socket.destroy())}`,
      "unsecured silent",
    ],
    [
      "what listens speaks something else",
      async () => `https://127.0.0.1:${await listener((socket) => socket.end("220 smtp ready\r\n"))}`,
      "unsecured silent",
    ],
    [
      "what listens says nothing",
      async () => `https://127.0.0.1:${await listener(() => undefined)}`,
      "unsecured silent",
    ],
    ["plain http on this machine", async () => (await api(realms)).url, "plain answered"],
    [
      "another program answers",
      async () =>
        (await api(() => ({ text: "<html>it works", headers: { "content-type": "text/html" } }))).url,
      "plain strange",
    ],
    ["another status", async () => (await api(() => ({ status: 503, reason: "Busy" }))).url, "plain strange"],
  ])("%s", async (_, open, expected) => {
    expect(stage(await inspect(await open()))).toBe(expected);
  });

  test("a certificate that is not the right one is shown, and nothing is sent", async () => {
    const server = await api(realms, "self-signed");
    const inspection = await inspect(server.url);
    expect(stage(inspection)).toBe("secured silent");
    expect(inspection).toMatchObject({
      probe: {
        certificate: {
          subject: expect.stringContaining("pve1.example"),
          distrust: expect.stringMatching(/^[A-Z_]+$/u),
        },
      },
    });
    expect(server.talked()).toBe(0);
  });

  test("with its authority, or its pin, the same server answers", async () => {
    const signed = await api(realms, "signed");
    expect(stage(await inspect(signed.url, { ca: tlsFile("ca.pem") }))).toBe("secured answered");
    const own = await api(realms, "self-signed");
    const seen = await inspect(own.url);
    const pin =
      seen.kind === "probed" && seen.probe.kind === "secured" ? seen.probe.certificate.fingerprint : "";
    expect(stage(await inspect(own.url, { fingerprint: pin }))).toBe("secured answered");
    expect(stage(await inspect(own.url, { fingerprint: pin, ca: tlsFile("ca.pem") }))).toBe("secured silent");
  });

  test("the server's clock is told, less ours", async () => {
    const inspection = await inspect((await api(realms)).url);
    const clockMs =
      inspection.kind === "probed" && inspection.greeting?.kind === "answered"
        ? inspection.greeting.clockMs
        : undefined;
    expect(Math.abs((clockMs ?? 0) - 600_000)).toBeLessThan(5_000);
  });

  test("an interrupted look ends with the signal's reason", async () => {
    const port = await listener(() => undefined);
    const controller = new AbortController();
    const looking = inspect(`https://127.0.0.1:${port}`, {}, controller.signal);
    controller.abort(new Error("enough"));
    await expect(looking).rejects.toThrow("enough");
  });
});
