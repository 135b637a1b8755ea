import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect, Server } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { format, resolveConfig } from "prettier";
import { request } from "undici";
import type { Heard } from "../../../src/daemon/explorer.ts";
import { Keeper } from "../../../src/daemon/keeper.ts";
import { Lane } from "../../../src/daemon/lanes.ts";
import { createMetrics, type Metrics } from "../../../src/daemon/metrics.ts";
import type { Askers } from "../../../src/daemon/pages.ts";
import { recordOf } from "../../../src/daemon/record.ts";
import { serve, type Serving } from "../../../src/daemon/serve.ts";
import { statusSchema } from "../../../src/daemon/status-schema.ts";
import type { DaemonState } from "../../../src/daemon/status.ts";
import { pages } from "../../../src/page/pages.ts";
import { createLoader } from "../../../src/reconcile/load.ts";
import { aToken } from "../../support/builders.ts";
import { aPlan } from "../../support/desired-builders.ts";
import { expectGolden } from "../../support/golden.ts";
import { targetText } from "../../support/manifest-text.ts";
import { aPatientClock, settled } from "../../support/patient-clock.ts";
import { aHeardLogger, quietSurroundings, type HeardLine } from "../../support/quiet.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Served extends Serving {
  readonly reloads: () => number;
  readonly questions: readonly unknown[];
  readonly metrics: Metrics;
  readonly log: readonly HeardLine[];
}

/** A daemon that has seen a target without drift, one with a plan that is refused, one that is down, and a suspended one. */
async function served(
  host = "127.0.0.1",
  over: Partial<DaemonState> = {},
  askers: Askers = "local",
): Promise<Served> {
  const clock = aPatientClock();
  const lane = new Lane(clock, { places: 4, loanMs: 5_000 });
  const soon = [1, -1, 3, 400].map((days, at) =>
    aToken(`joe@pve!t${at}`, { expire: Math.floor(clock.now() / 1000) + days * 86_400 }),
  );
  const plan = aPlan({ groups: { ops: {} } }, { users: ["joe@pve"], tokens: soon });
  const refusal = { severity: "error", code: "max-deletes", message: "too many", changes: [0] } as const;
  const state = (): DaemonState => ({
    ...keeper.state,
    version: "1.2.3",
    startedMs: clock.now(),
    nowMs: clock.now(),
    lookout: { lookedMs: clock.now(), waiting: "settling", blind: undefined, notices: ["mind this"] },
    audit: undefined,
    ...over,
  });
  const metrics = createMetrics("1.2.3", state);
  const keeper = new Keeper({
    surroundings: quietSurroundings({ clock }),
    lanes: { sound: lane, troubled: lane },
    load: createLoader(undefined),
    visit: ({ target: { name } }) => {
      const head = { name, product: "pve" } as const;
      if (name === "down")
        return Promise.resolve({
          ...head,
          status: "unreachable",
          error: { code: "server-unreachable", message: "no" },
        });
      return Promise.resolve(
        name === "fine"
          ? { ...head, status: "ok", version: "9.2.11", caller: "a@pve!b", plan: aPlan({}) }
          : { ...head, status: "refused", plan: { ...plan, findings: [refusal] } },
      );
    },
    onPass: (name, record) => metrics.countPass(name, record),
  });
  const files = [
    targetText("fine"),
    targetText("refused"),
    targetText("down"),
    targetText("quiet", ", suspend: true"),
  ].map((text, at) => ({ name: `t${at}.yaml`, folder: "m", text }));
  const read = { filenames: { files, diagnostics: [] } };
  keeper.accept({
    snapshot: { roots: [], digest: "sha256:ab", fileCount: 4, unlinked: [], read },
    commit: "c0ffee",
  });
  await settled();
  let reloads = 0;
  const questions: unknown[] = [];
  const ask = (
    { target: { name } }: { readonly target: { readonly name: string } },
    question: unknown,
  ): Promise<Heard> => {
    questions.push({ name, question });
    if (name === "down")
      return Promise.resolve({ kind: "unread", error: { code: "server-unreachable", message: "no" } });
    if (name === "refused") return Promise.resolve({ kind: "busy" });
    const answer = { kind: "mistakes", mistakes: [] } as const;
    return Promise.resolve({
      kind: "answered",
      answer,
      version: "9.2.11",
      caller: "a@pve!b",
      readMs: clock.now(),
    });
  };
  const desk = {
    state,
    metrics,
    onReload: () => void (reloads += 1),
    isAllowed: (bearer: string) => Promise.resolve(bearer === "let-me-in"),
    pages,
    explorer: { ask },
    askers,
  };
  const { logger, log } = aHeardLogger();
  const serving = await serve({ host, port: 0 }, desk, { names: ["roles.example"], logger });
  closers.push(async () => {
    await serving.close();
    await keeper.stop();
  });
  return { ...serving, reloads: () => reloads, questions, metrics, log };
}

async function ask(
  { url }: Serving,
  path: string,
  options: {
    readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
    readonly headers?: Record<string, string>;
    readonly body?: string;
  } = {},
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  const { statusCode, headers, body } = await request(`${url}${path}`, options);
  return { status: statusCode, headers, text: await body.text() };
}

/** What comes back for these bytes. */
async function raw({ url }: Serving, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(bytes);
  return await textOf(socket);
}

describe("what is served", () => {
  test("the status, as its schema says, and the schema is published", async () => {
    const { status, headers, text } = await ask(await served(), "/api/v1/status");
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(statusSchema);
    validate(JSON.parse(text));
    expect(validate.errors ?? []).toEqual([]);
    expectGolden(
      { case: "status", file: "status.json" },
      text.replace(/"(id|durationMs)": ("[0-9a-f]{8}"|\d+)/gu, '"$1": "…"'),
    );
    const file = "status.schema.json";
    const options = { ...(await resolveConfig(`docs/${file}`)), filepath: file };
    expectGolden({ case: "../../docs", file }, await format(JSON.stringify(statusSchema), options));
  });

  test("a target's part with its last plan", async () => {
    const server = await served();
    const { status, text } = await ask(server, "/api/v1/targets/refused");
    expect([status, JSON.parse(text)]).toMatchObject([
      200,
      {
        target: { name: "refused" },
        plan: { changes: [{ name: "ops" }], findings: [{ code: "max-deletes" }], isCut: false },
      },
    ]);
    for (const path of [
      "/api/v1/targets/gone",
      "/api/v1/targets/",
      "/api/v1/targets/a/b",
      "/targets/",
      "/style.css/x",
      "/../etc/passwd",
    ])
      expect(await ask(server, path)).toMatchObject({ status: 404 });
  });

  test("metrics that tell an attempt from a success", async () => {
    const { text } = await ask(await served(), "/metrics");
    for (const line of [
      'rolecall_build_info{version="1.2.3",node="' + process.version + '"} 1',
      'rolecall_passes_total{target="down",result="unreachable"} 1',
      'rolecall_last_attempt_timestamp_seconds{target="down"} 1767225600',
      'rolecall_last_success_timestamp_seconds{target="fine"} 1767225600',
      'rolecall_condition{target="down",type="Reachable"} 0',
      'rolecall_condition{target="quiet",type="Synced"} -1',
      'rolecall_suspended{target="quiet"} 1',
      'rolecall_drift{target="refused",kind="Group"} 1',
      'rolecall_drift{target="refused",kind="User"} 0',
      'rolecall_drift{target="fine",kind="Group"} 0',
      'rolecall_drift{target="quiet",kind="ACL"} 0',
      'rolecall_findings{target="refused",severity="error"} 1',
      'rolecall_tokens{target="refused",within="expired"} 1',
      'rolecall_tokens{target="refused",within="1d"} 1',
      'rolecall_tokens{target="refused",within="7d"} 1',
      'rolecall_tokens{target="refused",within="30d"} 0',
      'rolecall_tokens{target="refused",within="later"} 1',
      "rolecall_manifests_valid 1",
    ])
      expect(text.split("\n")).toContain(line);
    expect(text).not.toContain('rolecall_last_success_timestamp_seconds{target="down"}');
  });

  test("metrics of no target that is gone", async () => {
    const server = await served();
    const record = recordOf({ name: "x", product: "pve", status: "ok", plan: aPlan({}) }, "enforce", {
      id: "a1",
      startedMs: 0,
      durationMs: 1,
      reasons: ["start"],
    });
    const kinds = [{ kind: "User", pending: 0, applied: 2, failed: 1 }];
    for (const name of ["fine", "gone"]) server.metrics.countPass(name, { ...record, kinds });
    const { text } = await ask(server, "/metrics");
    expect(text).toContain('rolecall_changes_total{target="fine",kind="User",outcome="applied"} 2');
    expect(text).toContain('rolecall_passes_total{target="fine",result="synced"} 2');
    expect(text).not.toContain('target="gone"');
  });

  test("health and readiness, with why not", async () => {
    const well = await served();
    expect(await ask(well, "/healthz")).toMatchObject({ status: 200, text: "ok\n" });
    expect(await ask(well, "/readyz")).toMatchObject({ status: 200, text: "ok\n" });
    const hanging = await served("127.0.0.1", {
      lookout: { lookedMs: Date.UTC(2026, 0, 1) - 61_000, waiting: undefined, blind: undefined, notices: [] },
      manifests: { inForce: undefined, last: undefined, isValid: false, diagnostics: [] },
    });
    expect(await ask(hanging, "/healthz")).toMatchObject({
      status: 503,
      text: expect.stringContaining("61 s ago"),
    });
    expect(await ask(hanging, "/readyz")).toMatchObject({ status: 503 });
  });

  test("HEAD without a body, and nothing for other methods", async () => {
    const server = await served();
    expect(await ask(server, "/healthz", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
    expect(await ask(server, "/metrics?x=1")).toMatchObject({ status: 200 });
    for (const method of ["POST", "PUT", "DELETE"] as const)
      expect(await ask(server, "/api/v1/status", { method })).toMatchObject({
        status: 405,
        headers: { allow: "GET, HEAD" },
      });
    expect(await ask(server, "/-/reload")).toMatchObject({ status: 405, headers: { allow: "POST" } });
  });
});

describe("the page for people", () => {
  test("is HTML with its own style and icon, under a policy that lets nothing else in", async () => {
    const server = await served();
    const policy =
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (const [path, type] of [
      ["/", "text/html; charset=utf-8"],
      ["/?name=fin&state=as-declared", "text/html; charset=utf-8"],
      ["/targets/fine", "text/html; charset=utf-8"],
      ["/access?target=fine", "text/html; charset=utf-8"],
      ["/style.css", "text/css; charset=utf-8"],
      ["/icon.svg", "image/svg+xml"],
    ] as const) {
      const { status, headers } = await ask(server, path);
      expect([path, status, headers["content-type"]]).toEqual([path, 200, type]);
      expect(headers).toMatchObject({
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
      });
    }
  });

  test("says that a target is not there, whatever it is called", async () => {
    const { status, text } = await ask(await served(), "/targets/%3Cimg%20src=x%3E");
    expect([status, text.includes("There is no such target"), text.includes("<img")]).toEqual([
      404,
      true,
      false,
    ]);
  });

  const asked = "/access?target=fine&subject=joe%40pve&path=%20&privilege=";
  test.each<
    [string, { host?: string; askers?: Askers; headers?: Record<string, string>; path?: string }, number]
  >([
    ["this machine's own", {}, 200],
    ["a browser's on this machine", { headers: { "sec-fetch-site": "same-origin" } }, 200],
    ["one typed into a browser", { headers: { "sec-fetch-site": "none" } }, 200],
    ["whoever's a proxy speaks for", { headers: { "x-forwarded-for": "192.0.2.1" } }, 403],
    [
      "whoever's a proxy speaks for that says so in its own way",
      { headers: { "x-real-ip": "192.0.2.1" } },
      403,
    ],
    ["a rebound page's, on all addresses", { host: "0.0.0.0", headers: { host: "evil.example" } }, 421],
    ["one by a name that others have for it", { host: "0.0.0.0", headers: { host: "roles.example" } }, 403],
    [
      "one by an address that others have for it",
      { host: "0.0.0.0", headers: { host: "192.0.2.1:9855" } },
      403,
    ],
    [
      "the same, where anyone may",
      { host: "0.0.0.0", askers: "anyone", headers: { host: "roles.example" } },
      200,
    ],
    ["anybody's, where nobody may", { askers: "nobody" }, 403],
    ["one to a target that is not there", { path: asked.replace("fine", "gone") }, 404],
    ["one to a server that is down", { path: asked.replace("fine", "down") }, 502],
    ["one too many", { path: asked.replace("fine", "refused") }, 503],
  ])("answers questions: %s", async (_, { host, askers, headers = {}, path = asked }, status) => {
    const server = await served(host, {}, askers);
    expect(await ask(server, path, { headers })).toMatchObject({ status });
    if (status === 200) {
      const question = { subject: "joe@pve", path: undefined, privilege: undefined };
      expect(server.questions).toEqual([{ name: "fine", question }]);
    }
    if (status === 403 || status === 404) expect(server.questions).toEqual([]);
  });

  test.each(["cross-site", "same-site"])(
    "asks a person where another page sent the browser (%s)",
    async (site) => {
      const server = await served();
      const { status, text } = await ask(server, asked, { headers: { "sec-fetch-site": site } });
      expect([status, server.questions]).toEqual([200, []]);
      expect(text).toContain('value="joe@pve"');
    },
  );
});

describe("who may ask for a reload", () => {
  test.each<[string, Record<string, string>, number]>([
    ["this machine", {}, 202],
    ["a page that is open on this machine", { origin: "http://localhost:1" }, 401],
    ["whoever a proxy speaks for", { "x-forwarded-for": "192.0.2.1" }, 401],
    ["the same, by the standard's header", { forwarded: "for=192.0.2.1" }, 401],
    ["the same, by what only tells that there is one", { via: "1.1 proxy" }, 401],
    ["who shows the token", { forwarded: "for=192.0.2.1", authorization: "Bearer let-me-in" }, 202],
    ["a page that was rebound to it", { host: "evil.example" }, 421],
    ["who shows another", { forwarded: "for=192.0.2.1", authorization: "Bearer let-me" }, 401],
    ["who shows it in another way", { forwarded: "for=192.0.2.1", authorization: "Basic let-me-in" }, 401],
  ])("%s", async (_, headers, status) => {
    const server = await served();
    expect(await ask(server, "/-/reload", { method: "POST", headers })).toMatchObject({ status });
    expect(server.reloads()).toBe(status === 202 ? 1 : 0);
  });
});

describe("what is refused", () => {
  test.each(["127.0.0.1", "0.0.0.0"])(
    "a name that is none of the daemon's, listening on %s",
    async (host) => {
      const server = await served(host);
      for (const name of ["evil.example", "evil.example:9855", "localhost.evil.example"]) {
        const answer = await ask(server, "/api/v1/status", { headers: { host: name } });
        expect([answer.status, answer.text]).toEqual([421, expect.stringContaining("--allow-host")]);
      }
      for (const name of ["localhost:1", "127.0.0.1", "[::1]:80", "192.0.2.7:80", "ROLES.example.:9855"])
        expect(await ask(server, "/healthz", { headers: { host: name } })).toMatchObject({ status: 200 });
      // Told once a name, so that whoever scrapes by one that nobody allowed finds out why.
      expect(server.log).toEqual([
        { level: "warn", message: expect.stringContaining("--allow-host"), fields: { host: "evil.example" } },
        { level: "warn", message: expect.any(String), fields: { host: "localhost.evil.example" } },
      ]);
    },
  );

  test("nobody who sends no name at all, as no browser does", async () => {
    expect(await raw(await served("0.0.0.0"), "GET /healthz HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /u);
  });

  test("a body, however it comes", async () => {
    const server = await served();
    expect(await ask(server, "/-/reload", { method: "POST", body: "x" })).toMatchObject({ status: 413 });
    const chunked =
      "POST /-/reload HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n";
    expect(await raw(server, chunked)).toMatch(/^HTTP\/1\.1 413 /u);
    expect(server.reloads()).toBe(0);
  });

  test("what is no HTTP, too long, or never ends", async () => {
    const server = await served();
    expect(await raw(server, "\u0016\u0003\u0001\r\n\r\n")).toBe("");
    expect(
      await raw(server, `GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: ${"y".repeat(20_000)}\r\n\r\n`),
    ).toBe("");
    expect(await ask(server, "/healthz")).toMatchObject({ status: 200 });
  });

  test("every answer tells a browser to embed, guess and keep nothing", async () => {
    const server = await served();
    for (const path of ["/api/v1/status", "/gone", "/metrics"]) {
      expect((await ask(server, path)).headers).toMatchObject({
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
      });
    }
  });
});

describe("what goes wrong in the daemon itself", () => {
  test("is a line of the log, without what was asked, and an answer", async () => {
    const server = await served("127.0.0.1", {
      get targets(): never {
        throw new Error("impossible");
      },
    });
    const answer = await ask(server, "/api/v1/status?subject=joe", {
      headers: { authorization: "Bearer x-y-z" },
    });
    expect(answer).toMatchObject({ status: 500, text: expect.stringContaining("bug") });
    expect(server.log).toEqual([
      {
        level: "error",
        message: expect.stringContaining("bug"),
        fields: { method: "GET", path: "/api/v1/status", stack: expect.stringContaining("impossible") },
      },
    ]);
    expect(JSON.stringify(server.log)).not.toMatch(/joe|x-y-z/u);
  });

  test("as a connection that can't be taken does not end it", async () => {
    const server = await served();
    const taking: Server[] = [];
    const note = (message: unknown): void => {
      if (typeof message === "object" && message !== null && "server" in message)
        if (message.server instanceof Server) taking.push(message.server);
    };
    subscribe("http.server.request.start", note);
    await ask(server, "/healthz");
    unsubscribe("http.server.request.start", note);
    expect(taking).toHaveLength(1);
    taking[0]?.emit("error", Object.assign(new Error("accept EMFILE"), { code: "EMFILE" }));
    expect(server.log).toEqual([{ level: "error", message: expect.any(String), fields: { code: "EMFILE" } }]);
    expect(await ask(server, "/healthz")).toMatchObject({ status: 200 });
  });
});
