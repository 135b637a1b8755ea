import { once } from "node:events";
import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { request } from "undici";
import { rolecall } from "./support/command.ts";
import { openGate, type Gate } from "./support/gate.ts";
import { gitIn } from "./support/git.ts";
import { access, secrets, target, useOffices, type Office } from "./support/office.ts";
import { useDaemons } from "./support/watching.ts";

const offices = useOffices();
const daemons = useDaemons();
const gates: Gate[] = [];
afterEach(async () => {
  await daemons.close();
  for (const gate of gates.splice(0)) await gate.close();
  await offices.close();
});

/** An office whose daemon goes through the gate. */
async function behindGate(
  office: Office,
  beforeWrite: (before: number) => Promise<void>,
): Promise<Pick<Office, "folder" | "env">> {
  const gate = await openGate(office.server.url, beforeWrite);
  gates.push(gate);
  return { folder: office.folder, env: { ...office.env, ROLECALL_ENDPOINT: gate.url } };
}

function writesTo({ server }: Office): number {
  return server.requests.filter(({ method }) => method !== "GET").length;
}

/** Somebody else's write, with the token that may do everything. */
async function meddle(
  { server }: Office,
  method: "POST" | "PUT" | "DELETE",
  path: string,
  body = "",
): Promise<void> {
  const answer = await request(`${server.url}/api2/json${path}`, {
    method,
    headers: {
      authorization: `PVEAPIToken=rolecall@pve!gitops=${secrets.gitops}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    ...(body !== "" && { body }),
  });
  expect(await answer.body.json()).toMatchObject({ data: null });
}

const eve = "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: eve@pve }\n";
const broken = eve.replace("User", "Usr");

describe("what changes in the files", () => {
  test("is applied within five seconds, with the settings that it comes with", async () => {
    const office = await offices.open();
    const daemon = await daemons.open(office, "--settle", "2s");
    await daemon.untilPass("office", "synced");
    // The quickest of three: a machine that is held up says nothing of the daemon.
    const took: number[] = [];
    for (const name of ["eve", "lea", "tim"]) {
      const before = Date.now();
      office.write(`manifests/${name}.yaml`, eve.replace("eve", name));
      const isThere = (): boolean =>
        office.server.files()["user.cfg"]?.includes(`user:${name}@pve:`) === true;
      await daemon.until(name, isThere, 15_000);
      took.push(Date.now() - before);
      if ((took.at(-1) ?? 0) < 5_000) break;
    }
    expect(Math.min(...took)).toBeLessThan(5_000);
    expect(
      await rolecall(["plan", "--detailed-exitcode"], { cwd: office.folder, env: office.env }),
    ).toMatchObject({
      status: 0,
    });
  });

  test("ends what is bounded when its time is over, though no file changes", async () => {
    const office = await offices.open();
    const notAfter = new Date(Date.now() + 8_000).toISOString().replace(/\.\d+Z$/u, "Z");
    const until = `validity: { notAfter: "${notAfter}" }`;
    office.write(
      "manifests/boxed.yaml",
      `apiVersion: rolecall.dev/v1\nkind: ACL\nmetadata: { name: boxed }\nspec: { path: /storage, roles: [PVEDatastoreAdmin], subjects: [{ user: anna@pve }], ${until} }\n`,
    );
    const daemon = await daemons.open(office);
    const isGranted = (): boolean =>
      office.server.files()["user.cfg"]?.includes("PVEDatastoreAdmin") === true;
    await daemon.until("the grant", isGranted);
    await daemon.until("its end", () => !isGranted());
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(notAfter));
  });

  test("of a ConfigMap arrives with its swap", async () => {
    const office = await offices.open();
    rmSync(join(office.folder, "manifests"), { recursive: true });
    const swap = (version: string, files: Readonly<Record<string, string>>): void => {
      for (const [name, text] of Object.entries(files)) office.write(`manifests/..${version}/${name}`, text);
      symlinkSync(`..${version}`, join(office.folder, "manifests/..data_tmp"));
      renameSync(join(office.folder, "manifests/..data_tmp"), join(office.folder, "manifests/..data"));
    };
    const files = { "target.yaml": target, "access.yaml": access };
    swap("v1", files);
    for (const name of [...Object.keys(files), "eve.yaml"])
      symlinkSync(`..data/${name}`, join(office.folder, "manifests", name));
    symlinkSync(`..data/eve.yaml`, join(office.folder, "manifests", ".keep"));
    rmSync(join(office.folder, "manifests/eve.yaml"));
    const daemon = await daemons.open(office);
    const { observedDigest } = await daemon.untilPass("office", "synced");
    symlinkSync(`..data/eve.yaml`, join(office.folder, "manifests/eve.yaml"));
    swap("v2", { ...files, "eve.yaml": eve });
    rmSync(join(office.folder, "manifests/..v1"), { recursive: true });
    await daemon.untilPass("office", "synced", observedDigest);
    expect(office.server.files()["user.cfg"]).toContain("eve@pve");
  });

  test("of a git-sync arrives with its flip, at once, though the old tree stays; with the commit", async () => {
    const office = await offices.open();
    const git = gitIn(join(office.folder, "repository"));
    git("init", "-q");
    const commit = (files: Readonly<Record<string, string>>): string => {
      for (const [name, text] of Object.entries(files)) office.write(`repository/m/${name}`, text);
      git("add", "-A");
      git("commit", "-qm", "x");
      const head = git("rev-parse", "HEAD");
      git("worktree", "add", "-q", "--detach", join(office.folder, ".worktrees", head));
      return head;
    };
    const flip = (head: string): void => {
      symlinkSync(`.worktrees/${head}`, join(office.folder, "next"));
      renameSync(join(office.folder, "next"), join(office.folder, "current"));
    };
    flip(commit({ "target.yaml": target }));
    // So long that nothing but a flip is accepted while anybody waits.
    const daemon = await daemons.open(office, "-f", "current/m", "--settle", "10m");
    await daemon.until("settling", async () => (await daemon.status()).manifests.waiting === "settling");
    const first = commit({ "access.yaml": access });
    flip(first);
    const { observedDigest, observedCommit } = await daemon.untilPass("office", "synced");
    expect(observedCommit).toBe(first);
    const second = commit({ "eve.yaml": eve });
    flip(second);
    const after = await daemon.untilPass("office", "synced", observedDigest);
    expect(after.observedCommit).toBe(second);
    expect(office.server.files()["user.cfg"]).toContain("eve@pve");
  });

  test("and is wrong keeps what was accepted before, and is told", async () => {
    const office = await offices.open();
    const daemon = await daemons.open(office);
    const good = await daemon.untilPass("office", "synced");
    const writes = writesTo(office);
    office.write("manifests/access.yaml", "");
    office.write("manifests/eve.yaml", broken);
    await daemon.until("invalid", async () => !(await daemon.status()).manifests.valid);
    const status = await daemon.status();
    expect(status.manifests).toMatchObject({
      inForceDigest: good.observedDigest,
      diagnostics: [{ code: "unknown-kind", file: "manifests/eve.yaml", line: 2 }],
    });
    expect(status.targets[0]?.conditions).toContainEqual(
      expect.objectContaining({ type: "ManifestsValid", status: "False", reason: "Invalid" }),
    );
    expect((await daemon.get("/metrics")).text).toMatch(/^rolecall_manifests_valid 0$/mu);
    await meddle(office, "PUT", "/access/users/joe@pve", "comment=by+hand&enable=1");
    // Mended in one go: what was in force all along is what counts.
    office.write("manifests/access.yaml", access);
    office.write("manifests/eve.yaml", eve);
    await daemon.until("valid", async () => (await daemon.status()).manifests.valid);
    await daemon.untilPass("office", "synced", good.observedDigest);
    expect(office.server.files()["user.cfg"]).toMatch(/user:joe@pve.*on call/u);
    expect(writesTo(office)).toBeGreaterThan(writes);
  });

  test("before there is anything valid is waited for", async () => {
    const office = await offices.open();
    office.write("manifests/eve.yaml", broken);
    const daemon = await daemons.open(office);
    await daemon.until("told", () =>
      daemon.log.some(({ message }) => String(message).includes("unknown-kind")),
    );
    expect((await daemon.get("/readyz")).status).toBe(503);
    expect((await daemon.get("/healthz")).status).toBe(200);
    expect(office.server.requests).toEqual([]);
    office.write("manifests/eve.yaml", eve);
    await daemon.untilPass("office", "synced");
    expect((await daemon.get("/readyz")).status).toBe(200);
  });
});

describe("what changes on the server", () => {
  const quick = target.replace("prune: true", "prune: true\n  interval: 2s");

  test("is mended at the next resync", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick);
    const daemon = await daemons.open(office);
    await daemon.untilPass("office", "synced");
    await meddle(office, "DELETE", "/access/users/joe@pve");
    await daemon.until(
      "mended",
      () => office.server.files()["user.cfg"]?.includes("joe@pve") === true,
      5_000,
    );
    const history = (await daemon.target("office"))?.history ?? [];
    await daemon.until(
      "told",
      async () => ((await daemon.target("office"))?.history.length ?? 0) > history.length,
    );
    expect(
      (await daemon.target("office"))?.history.some(
        ({ reasons, applied }) => reasons[0] === "resync" && applied > 0,
      ),
    ).toBe(true);
  });

  test("is only told where the mode is observe", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick.replace("prune: true", "prune: true\n  mode: observe"));
    // What only looks needs no more than the credentials to look with.
    const env = Object.fromEntries(Object.entries(office.env).filter(([name]) => name !== "ROLECALL_TOKEN"));
    const daemon = await daemons.open({ folder: office.folder, env });
    const seen = await daemon.untilPass("office", "drift");
    await daemon.until("again", async () => ((await daemon.target("office"))?.history.length ?? 0) > 1);
    expect(writesTo(office)).toBe(0);
    expect(seen.conditions).toContainEqual(
      expect.objectContaining({ type: "Synced", status: "False", reason: "Drift" }),
    );
    expect((await daemon.get("/metrics")).text).toMatch(
      /^rolecall_drift\{target="office",kind="User"\} [1-9]/mu,
    );
    const { text } = await daemon.get("/api/v1/targets/office");
    expect(JSON.parse(text)).toMatchObject({
      plan: { status: "ok", summary: { create: expect.any(Number) } },
    });
  });

  test("is left alone where the target is suspended, until it is not", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick.replace("prune: true", "prune: true\n  suspend: true"));
    const daemon = await daemons.open(office);
    await daemon.until("ready", async () => (await daemon.get("/readyz")).status === 200);
    await wait(2_500);
    expect(office.server.requests).toEqual([]);
    expect((await daemon.target("office"))?.conditions).toContainEqual(
      expect.objectContaining({ type: "Synced", status: "Unknown", reason: "Suspended" }),
    );
    office.write("manifests/target.yaml", quick);
    await daemon.untilPass("office", "synced");
  });

  test("while the switch is pulled nothing is written, for as long as the target allows", async () => {
    const office = await offices.open();
    office.write("manifests/target.yaml", quick.replace("safety: {", "safety: { maxPause: 4s,"));
    await meddle(office, "POST", "/access/groups", "groupid=rolecall-pause");
    const daemon = await daemons.open(office);
    const paused = await daemon.untilPass("office", "paused");
    expect(writesTo(office)).toBe(1);
    expect(paused.pause).toBeDefined();
    expect((await daemon.get("/metrics")).text).toMatch(/^rolecall_paused\{target="office"\} 1$/mu);
    await daemon.untilPass("office", "synced");
    const took = Date.now() - Date.parse(paused.pause?.since ?? "");
    expect(took).toBeGreaterThan(4_000);
    expect(office.server.files()["user.cfg"]).toContain("group:rolecall-pause:");
  });
});

test("a pass that finds nothing to do opens one connection", async () => {
  const office = await offices.open();
  let connections = 0;
  const counter = createServer((from) => {
    connections += 1;
    const to = connect(office.server.port, "127.0.0.1");
    from.pipe(to).pipe(from);
    for (const socket of [from, to]) socket.on("error", () => undefined);
  });
  await once(counter.listen(0, "127.0.0.1"), "listening");
  // Proof: it listens on TCP.
  const { port } = counter.address() as AddressInfo;
  try {
    office.write("manifests/target.yaml", target.replace("prune: true", "prune: true\n  mode: observe"));
    const env = { ...office.env, ROLECALL_ENDPOINT: `http://127.0.0.1:${port}` };
    const daemon = await daemons.open({ folder: office.folder, env });
    await daemon.untilPass("office", "drift");
    expect(office.server.requests).toHaveLength(8);
    expect(connections).toBe(1);
  } finally {
    counter.close();
  }
});

test("one target that is down keeps no other waiting", async () => {
  const office = await offices.open();
  const named = (name: string, endpoint: string): string =>
    target
      .replace("name: office", `name: ${name}`)
      .replace("env: ROLECALL_ENDPOINT", `env: ${endpoint}`)
      .replace("prune: true", "prune: false");
  const other = await offices.open();
  office.write(
    "manifests/target.yaml",
    [named("a", "ROLECALL_ENDPOINT"), named("b", "DOWN"), named("c", "OTHER")].join("---\n"),
  );
  office.write("manifests/access.yaml", eve);
  const env = { ...office.env, DOWN: "http://127.0.0.1:9", OTHER: other.server.url };
  const daemon = await daemons.open({ folder: office.folder, env });
  await daemon.untilPass("a", "synced");
  await daemon.untilPass("c", "synced");
  const down = await daemon.untilPass("b", "unreachable");
  expect(down.conditions).toContainEqual(
    expect.objectContaining({ type: "Reachable", status: "False", reason: "ServerUnreachable" }),
  );
  office.write("manifests/eve.yaml", eve.replace("eve", "lea"));
  for (const { server } of [office, other])
    await daemon.until("lea", () => server.files()["user.cfg"]?.includes("lea@pve") === true, 5_000);
});

describe("its end", () => {
  test("SIGTERM in the middle of an apply finishes the write in flight, and ends with 0", async () => {
    const office = await offices.open();
    let inFlight = (): void => undefined;
    const begun = new Promise<void>((resolve) => (inFlight = resolve));
    const gated = await behindGate(office, async (before) => {
      if (before !== 1) return;
      inFlight();
      await wait(500);
    });
    const daemon = await daemons.open(gated);
    await begun;
    expect(await daemon.stop()).toBe(0);
    expect(writesTo(office)).toBe(2);
    expect(daemon.log.at(-1)).toMatchObject({ message: "stopped" });
    // Another one goes on where it ended.
    const next = await daemons.open(office);
    await next.untilPass("office", "synced");
  });

  test("a second signal ends at once, with 130", async () => {
    const office = await offices.open();
    let inFlight = (): void => undefined;
    const begun = new Promise<void>((resolve) => (inFlight = resolve));
    const gated = await behindGate(office, async (before) => {
      if (before === 1) inFlight();
      if (before >= 1) await wait(20_000, undefined, { ref: false });
    });
    const daemon = await daemons.open(gated);
    await begun;
    daemon.child.kill("SIGTERM");
    await daemon.until("heard", () =>
      daemon.log.some(({ message }) => String(message).startsWith("stopping")),
    );
    expect(await daemon.stop("SIGTERM")).toBe(130);
  });

  test("SIGKILL in the middle of an apply leaves what a restart brings to its end", async () => {
    const office = await offices.open();
    let inFlight = (): void => undefined;
    const begun = new Promise<void>((resolve) => (inFlight = resolve));
    const gated = await behindGate(office, async (before) => {
      if (before === 3) inFlight();
      await wait(before >= 3 ? 200 : 0);
    });
    const daemon = await daemons.open(gated);
    await begun;
    await daemon.stop("SIGKILL");
    const next = await daemons.open(office);
    await next.untilPass("office", "synced");
    expect(readFileSync(join(office.folder, "delivered/deploy.json"), "utf8")).toContain("ci@pve!deploy");
    expect(
      await rolecall(["plan", "--detailed-exitcode"], { cwd: office.folder, env: office.env }),
    ).toMatchObject({ status: 0 });
  });
});

test("a bug outside of any pass ends it with 70, which is started anew", async () => {
  const office = await offices.open();
  // As a bug would: a promise that nobody waits for.
  const bug = "data:text/javascript,setTimeout(() => void Promise.reject(new Error('impossible')), 1500)";
  const env = { ...office.env, NODE_OPTIONS: `--import "${bug}"` };
  const daemon = await daemons.open({ folder: office.folder, env });
  await daemon.until("its end", () => daemon.child.exitCode !== null);
  expect(daemon.child.exitCode).toBe(70);
  expect(JSON.stringify(daemon.log)).toMatch(/this is a bug.*impossible/u);
});

test("no secret is in its log, its status or its metrics", async () => {
  const office = await offices.open();
  const daemon = await daemons.open(office, "--log-level", "debug");
  await daemon.untilPass("office", "synced");
  const delivered = readFileSync(join(office.folder, "delivered/deploy.json"), "utf8");
  const [issued] = /[0-9a-f]{8}-[0-9a-f-]{27}/u.exec(delivered) ?? [];
  const said = [
    JSON.stringify(daemon.log),
    ...(await Promise.all(
      ["/api/v1/status", "/api/v1/targets/office", "/metrics"].map(
        async (path) => (await daemon.get(path)).text,
      ),
    )),
  ].join("\n");
  expect(said).toContain("rolecall@pve!gitops");
  for (const secret of [secrets.gitops, secrets.plan, secrets.password, issued])
    expect(said).not.toContain(secret);
});

describe("wrong options end it at once, with 1", () => {
  test.each([
    ["a duration that is none", ["--settle", "soon"]],
    ["an address that is none", ["--listen", "9855"]],
    ["standard input", ["-f", "-"]],
  ])("%s", async (_, words) => {
    const { folder: cwd, env } = await offices.open();
    expect(await rolecall(["watch", ...words], { cwd, env })).toMatchObject({ status: 1, stdout: "" });
  });

  test("an address that somebody listens on", async () => {
    const { folder: cwd, env, server } = await offices.open();
    const ended = await rolecall(["watch", "--listen", `127.0.0.1:${server.port}`], { cwd, env });
    expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining("choose another port") });
  });
});

test("SIGHUP and a reload ask for a look; from a page elsewhere none is taken", async () => {
  const office = await offices.open();
  writeFileSync(join(office.folder, "reload-token"), "let-me-in\n");
  const daemon = await daemons.open(office, "--reload-token-file", "reload-token");
  await daemon.untilPass("office", "synced");
  const asked = (): number => daemon.log.filter(({ message }) => String(message).startsWith("asked")).length;
  daemon.child.kill("SIGHUP");
  await daemon.until("SIGHUP", () => asked() === 1);
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await request(`${daemon.url}/-/reload`, { method: "POST", headers })).statusCode;
  expect(await post({})).toBe(202);
  expect(await post({ origin: "https://evil.example" })).toBe(401);
  expect(await post({ "x-forwarded-for": "10.0.0.1" })).toBe(401);
  expect(await post({ "x-forwarded-for": "10.0.0.1", authorization: "Bearer let-me-in" })).toBe(202);
  expect(await post({ "x-forwarded-for": "10.0.0.1", authorization: "Bearer let-me" })).toBe(401);
  expect(asked()).toBe(3);
});
