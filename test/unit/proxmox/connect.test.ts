import { afterEach, describe, expect, test } from "@jest/globals";

import { ApiError } from "../../../src/proxmox/api-error.ts";
import { Secret } from "../../../src/model/secret.ts";
import { deadPort, startApi, tlsFile, type Answering, type ApiServer } from "../../support/api-server.ts";
import { asRoot, connected, password, tokenSecret, type Attempt } from "../../support/connected.ts";

const never = new AbortController().signal;
const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function api(answering: Answering, certificate?: "self-signed" | "signed"): Promise<ApiServer> {
  const server = await startApi(answering, certificate);
  opened.push(server);
  return server;
}

function open(...parameters: Parameters<typeof connected>): Attempt {
  const attempt = connected(...parameters);
  // Before the server, which otherwise waits for kept connections.
  opened.unshift(attempt);
  return attempt;
}

/** What a request failed with. */
async function failureOf(work: Promise<unknown>): Promise<ApiError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiError) return error;
  throw new Error("no ApiError", { cause: error });
}

const version = { json: { data: { version: "9.2.11" } } };
const nothing = { json: { data: null } };
const aWrite = { method: "POST", path: "/access/groups", parameters: { groupid: "ops" } } as const;
const lockTimeout = {
  status: 500,
  json: {
    data: null,
    message: "create group failed: cfs-lock 'file-user_cfg' error: got lock request timeout\n",
  },
};

describe("as a token", () => {
  test("every request carries the header, parameters go where the server wants them", async () => {
    const server = await api(() => nothing);
    const { read, write, caller } = open([server.url]);
    await read.get("/access/users", { full: "1" }, never);
    await write.send({ ...aWrite, parameters: { groupid: "ops", comment: "a=b & ü;+" } }, never);
    await write.send({ method: "DELETE", path: "/pools", parameters: { poolid: "a/b" } }, never);
    expect(caller).toBe("ci@pve!plan");
    expect(server.seen.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["GET", "/api2/json/access/users?full=1", ""],
      ["POST", "/api2/json/access/groups", "groupid=ops&comment=a%3Db+%26+%C3%BC%3B%2B"],
      ["DELETE", "/api2/json/pools?poolid=a%2Fb", ""],
    ]);
    for (const { headers } of server.seen) {
      expect(headers["authorization"]).toBe(`PVEAPIToken=ci@pve!plan=${tokenSecret}`);
    }
  });

  test("gives the data of the answer", async () => {
    const server = await api(() => version);
    expect(await open([server.url]).read.get("/version", {}, never)).toEqual({ version: "9.2.11" });
  });

  test("a refused token is refused once", async () => {
    const server = await api(() => ({ status: 401, reason: "Authentication failed!" }));
    const error = await failureOf(open([server.url]).read.get("/version", {}, never));
    expect(error).toMatchObject({ kind: "unauthenticated", status: 401, words: "Authentication failed!" });
    expect(server.seen).toHaveLength(1);
  });
});

describe("as a user", () => {
  const ticketed =
    (isValid: (cookie: string) => boolean): Answering =>
    ({ url, headers }, index) => {
      if (url === "/api2/json/access/ticket") {
        return {
          json: { data: { ticket: `PVE:root@pam:${index}::x==`, CSRFPreventionToken: `csrf:${index}` } },
        };
      }
      return isValid(String(headers["cookie"])) ? nothing : { status: 401, reason: "Authentication failed!" };
    };

  test("logs in once for parallel reads, and writes with the CSRF token", async () => {
    const server = await api(ticketed(() => true));
    const { read, write, caller } = open([server.url], { credentials: asRoot });
    await Promise.all(["/version", "/pools", "/access/acl"].map((path) => read.get(path, {}, never)));
    await write.send(aWrite, never);
    const [login, ...others] = server.seen;
    expect(caller).toBe("root@pam");
    expect(login).toMatchObject({ method: "POST", url: "/api2/json/access/ticket" });
    expect(new URLSearchParams(login?.body).get("password")).toBe(password);
    expect(others.map(({ headers }) => headers["cookie"])).toEqual(
      Array(4).fill(`PVEAuthCookie=${encodeURIComponent("PVE:root@pam:0::x==")}`),
    );
    expect(others.map(({ method, headers }) => [method, headers["csrfpreventiontoken"]])).toEqual([
      ["GET", undefined],
      ["GET", undefined],
      ["GET", undefined],
      ["POST", "csrf:0"],
    ]);
  });

  test("renews the ticket before two hours are over", async () => {
    const server = await api(ticketed(() => true));
    const { read, clock } = open([server.url], { credentials: asRoot });
    await read.get("/version", {}, never);
    clock.wind(60 * 60 * 1000);
    await read.get("/version", {}, never);
    clock.wind(59 * 60 * 1000);
    await read.get("/version", {}, never);
    expect(server.seen.filter(({ url }) => url.endsWith("/ticket"))).toHaveLength(2);
  });

  test("asks for a new ticket once after a 401, and sends the write again", async () => {
    const server = await api(ticketed((cookie) => !cookie.includes("%3A0%3A")));
    await open([server.url], { credentials: asRoot }).write.send(aWrite, never);
    expect(server.seen.map(({ url }) => url.split("/").at(-1))).toEqual([
      "ticket",
      "groups",
      "ticket",
      "groups",
    ]);
  });

  test("gives up after the second 401", async () => {
    const server = await api(ticketed(() => false));
    const error = await failureOf(
      open([server.url], { credentials: asRoot }).read.get("/version", {}, never),
    );
    expect(error.kind).toBe("unauthenticated");
    expect(server.seen).toHaveLength(4);
  });

  test.each([
    [
      "a wrong password",
      { status: 401, json: { data: null, message: "authentication failure\n" } },
      "unauthenticated",
    ],
    [
      "a demand for a second factor",
      { json: { data: { ticket: "x", CSRFPreventionToken: "y", NeedTFA: 1 } } },
      "unauthenticated",
    ],
    ["an answer without a ticket", { json: { data: { username: "root@pam" } } }, "malformed"],
  ] as const)("%s ends it with one login", async (_, answer, kind) => {
    const server = await api(() => answer);
    const error = await failureOf(
      open([server.url], { credentials: asRoot }).read.get("/version", {}, never),
    );
    expect([error.kind, error.path]).toEqual([kind, "/access/ticket"]);
    expect(server.seen).toHaveLength(1);
  });
});

describe("endpoints", () => {
  test("the next one serves where the first can't be reached, and stays the first", async () => {
    const [dead, server] = [await deadPort(), await api(() => nothing)];
    const { write, log } = open([`http://127.0.0.1:${dead}`, server.url]);
    await write.send(aWrite, never);
    await write.send(aWrite, never);
    expect(log.map(({ fields }) => fields?.["status"])).toEqual(["unreachable", 200, 200]);
  });

  test("a read goes to the next after a lost answer, a write does not", async () => {
    const cutting = await api(() => ({ raw: (_, socket) => socket.destroy() }));
    const server = await api(() => version);
    const { read, write } = open([cutting.url, server.url]);
    expect((await failureOf(write.send(aWrite, never))).kind).toBe("ambiguous");
    expect(server.seen).toHaveLength(0);
    expect(await read.get("/version", {}, never)).toEqual(version.json.data);
  });

  test("where none can be reached, each is named and the whole is tried again", async () => {
    const [one, other] = [await deadPort(), await deadPort()];
    const { read, clock } = open([`http://127.0.0.1:${one}`, `http://127.0.0.1:${other}`]);
    const error = await failureOf(read.get("/version", {}, never));
    expect(error.kind).toBe("unreachable");
    expect(error.words).toContain(`127.0.0.1:${one}`);
    expect(error.words).toContain(`127.0.0.1:${other}`);
    expect(clock.slept).toEqual([500, 1000]);
  });

  test.each([
    "http://192.0.2.1:8006",
    "http://pve1.example:8006",
    "ftp://127.0.0.1",
    "https://a@pve1.example",
    "pve1",
  ])("%s is refused before anything is sent", (endpoint) => {
    expect(() => connected([endpoint])).toThrow(ApiError);
  });
});

describe("TLS", () => {
  const right =
    "04:98:4C:FC:BC:A8:C0:7D:2C:DC:68:AA:B7:B4:28:78:8B:11:00:21:48:31:80:BE:CC:F8:B8:01:30:4B:CD:AF";
  const wrong = right.replace("04", "05");

  test("the pinned fingerprint is enough for a self-signed certificate of another name", async () => {
    const server = await api(() => version, "self-signed");
    const attempt = open([server.url], { tls: { fingerprint: right } });
    expect(await attempt.read.get("/version", {}, never)).toEqual(version.json.data);
  });

  test.each([
    ["nothing", {}],
    ["another certificate's fingerprint", { fingerprint: wrong }],
    ["another authority", { ca: tlsFile("ca.pem") }],
    ["the fingerprint, but an authority that did not sign", { ca: tlsFile("ca.pem"), fingerprint: right }],
  ])("with %s given, no byte of a request is sent to a self-signed server", async (_, tls) => {
    const server = await api(() => version, "self-signed");
    const error = await failureOf(open([server.url], { tls }).read.get("/version", {}, never));
    expect(error.kind).toBe("tls");
    expect([server.talked(), server.seen.length]).toEqual([0, 0]);
  });

  test("a mismatch says both fingerprints, and no other endpoint is tried", async () => {
    const [server, other] = [await api(() => version, "self-signed"), await api(() => version)];
    const { read } = open([server.url, other.url], { tls: { fingerprint: wrong } });
    const error = await failureOf(read.get("/version", {}, never));
    expect(error.words).toContain(right);
    expect(error.words).toContain(wrong);
    expect(other.seen).toHaveLength(0);
  });

  test("a CA file is trusted for the names in the certificate", async () => {
    const server = await api(() => version, "signed");
    const tls = { ca: tlsFile("ca.pem") };
    expect(await open([server.url], { tls }).read.get("/version", {}, never)).toEqual(version.json.data);
  });

  test("Node's own switch does not turn verification off", async () => {
    const before = process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      const server = await api(() => version, "self-signed");
      expect((await failureOf(open([server.url]).read.get("/version", {}, never))).kind).toBe("tls");
    } finally {
      if (before === undefined) delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      else process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = before;
    }
  });

  test("a server that speaks no TLS is told apart from one that is down", async () => {
    const server = await api(() => version);
    const { read } = open([server.url.replace("http:", "https:")]);
    expect((await failureOf(read.get("/version", {}, never))).kind).toBe("tls");
  });
});

describe("answers that don't come whole", () => {
  const cases: readonly (readonly [string, Answering])[] = [
    ["a closed connection", () => ({ raw: (_, socket) => socket.destroy() })],
    [
      "a cut body",
      () => ({
        raw: (response, socket) => {
          response.writeHead(200, { "content-length": "100" });
          response.write('{"data":', () => socket.destroy());
        },
      }),
    ],
    ["no head in time", () => ({ raw: () => undefined })],
    [
      "a body that stops",
      () => ({
        raw: (response) => {
          response.writeHead(200, { "content-length": "100" });
          response.write('{"data":');
        },
      }),
    ],
    ["596", () => ({ status: 596, reason: "Broken pipe" })],
    ["595", () => ({ status: 595, reason: "Connection refused" })],
    ["502 of a proxy", () => ({ status: 502, text: "<html>" })],
  ];
  const limits = { headersMs: 150, bodyMs: 150 };

  test.each(cases)("%s: a write is ambiguous and is sent once", async (_, answering) => {
    const server = await api(answering);
    expect((await failureOf(open([server.url], { limits }).write.send(aWrite, never))).kind).toBe(
      "ambiguous",
    );
    expect(server.seen).toHaveLength(1);
  });

  test.each(cases)("%s: a read is tried three times", async (_, answering) => {
    const server = await api(answering);
    const error = await failureOf(open([server.url], { limits }).read.get("/version", {}, never));
    expect(error.kind).toBe("unreachable");
    expect(server.seen).toHaveLength(3);
  });

  test("a read that succeeds at last has succeeded", async () => {
    const server = await api((_, index) => (index < 2 ? { status: 596, reason: "Broken pipe" } : version));
    expect(await open([server.url]).read.get("/version", {}, never)).toEqual(version.json.data);
  });

  test("the whole exchange has a limit, however slowly it drips", async () => {
    const server = await api(() => ({
      raw: (response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(drip));
      },
    }));
    const { write } = open([server.url], { limits: { totalMs: 200 } });
    expect((await failureOf(write.send(aWrite, never))).kind).toBe("ambiguous");
  });

  test.each([
    ["too much", { json: { data: "x".repeat(5000) } }],
    ["no JSON", { text: "<html>" }],
    ["JSON without data", { json: {} }],
  ])("%s is malformed for a read, and ambiguous for a write", async (_, answer) => {
    const server = await api(() => answer);
    const { read, write } = open([server.url], { limits: { answerBytes: 4096 } });
    expect((await failureOf(read.get("/version", {}, never))).kind).toBe("malformed");
    expect((await failureOf(write.send(aWrite, never))).kind).toBe("ambiguous");
    expect(server.seen).toHaveLength(2);
  });

  test("a redirect is not followed", async () => {
    const elsewhere = await api(() => version);
    const server = await api(() => ({ status: 301, headers: { location: `${elsewhere.url}/` } }));
    expect((await failureOf(open([server.url]).read.get("/version", {}, never))).kind).toBe("malformed");
    expect(elsewhere.seen).toHaveLength(0);
  });
});

describe("what certainly did not happen", () => {
  test("a lock time-out is waited for and the write sent again", async () => {
    const server = await api((_, index) => (index === 0 ? lockTimeout : nothing));
    const { write, clock } = open([server.url]);
    await write.send(aWrite, never);
    expect(server.seen).toHaveLength(2);
    expect(clock.slept).toEqual([500]);
  });

  test("at most three times", async () => {
    const server = await api(() => lockTimeout);
    expect((await failureOf(open([server.url]).write.send(aWrite, never))).kind).toBe("busy");
    expect(server.seen).toHaveLength(3);
  });

  test("a refusal is not repeated", async () => {
    const server = await api(() => ({
      status: 500,
      json: { data: null, message: "create group failed: no\n" },
    }));
    expect((await failureOf(open([server.url]).write.send(aWrite, never))).kind).toBe("failed");
    expect(server.seen).toHaveLength(1);
  });
});

describe("being stopped", () => {
  test("before anything is sent, the signal's reason is thrown", async () => {
    const server = await api(() => nothing);
    const stopped = AbortSignal.abort(new Error("stopped"));
    await expect(open([server.url]).write.send(aWrite, stopped)).rejects.toThrow("stopped");
    expect(server.seen).toHaveLength(0);
  });

  test("a read in flight ends with the signal's reason, a write in flight is ambiguous", async () => {
    const server = await api(() => ({ raw: () => setTimeout(() => stop.abort(new Error("stopped")), 20) }));
    let stop = new AbortController();
    const { read, write } = open([server.url]);
    await expect(read.get("/version", {}, stop.signal)).rejects.toThrow("stopped");
    stop = new AbortController();
    expect((await failureOf(write.send(aWrite, stop.signal))).kind).toBe("ambiguous");
  });
});

test("the log names method, path and status, and no parameter", async () => {
  const server = await api(() => nothing);
  const { write, read, log } = open([server.url]);
  await write.send({ ...aWrite, parameters: { groupid: "ops", password: new Secret("canary-1") } }, never);
  await read.get("/access/permissions", { userid: "canary-2" }, never);
  expect(log.map(({ fields }) => [fields?.["method"], fields?.["path"], fields?.["status"]])).toEqual([
    ["POST", "/access/groups", 200],
    ["GET", "/access/permissions", 200],
  ]);
  expect(JSON.stringify(log)).not.toMatch(/canary/u);
});
