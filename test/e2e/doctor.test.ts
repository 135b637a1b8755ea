import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { request } from "undici";
import { deadPort, tlsFile } from "../support/api-server.ts";
import { rolecall, root, type Ended } from "./support/command.ts";
import { secrets, target, useOffices, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

interface Report {
  readonly targets: readonly {
    readonly status: string;
    readonly checks: readonly {
      readonly status: string;
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
    }[];
  }[];
}

const certificateOf = (
  name: "signed" | "self-signed",
): { readonly certificate: string; readonly key: string } => ({
  certificate: tlsFile(`${name}.pem`),
  key: tlsFile(`${name}.key`),
});
const pinOf = (name: "signed" | "self-signed"): string =>
  new X509Certificate(tlsFile(`${name}.pem`)).fingerprint256;

async function openWith(name: "signed" | "self-signed", tls: string): Promise<Office> {
  const office = await offices.open({ tls: certificateOf(name) });
  office.write("manifests/target.yaml", target.replace("  prune:", `  tls: ${tls}\n  prune:`));
  copyFileSync(join(root, "test/support/tls/ca.pem"), join(office.folder, "manifests", "ca.pem"));
  return office;
}

/** Codes that are not well, and everything that was said. */
async function examine(
  { folder: cwd, env }: Office,
  also: Record<string, string> = {},
): Promise<{
  readonly ended: Ended;
  readonly bad: readonly string[];
  readonly checks: Report["targets"][number]["checks"];
}> {
  const ended = await rolecall(["doctor", "-o", "json"], { cwd, env: { ...env, ...also } });
  // Proof: the schema's own test holds for what the command prints.
  const report = JSON.parse(ended.stdout) as Report;
  const checks = report.targets.flatMap((one) => one.checks);
  return {
    ended,
    checks,
    bad: checks.filter(({ status }) => status !== "ok").map(({ status, code }) => `${status} ${code}`),
  };
}

describe("doctor", () => {
  test("a target that is well: status 0, and the server was only looked at", async () => {
    const office = await openWith("signed", "{ caFile: ca.pem }");
    const { folder: cwd, env, server } = office;
    const { status, stdout } = await rolecall(["doctor"], { cwd, env });
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("office (pve 9.2.11): all is well"),
    });
    expect(stdout).toMatch(/^ {2}ok {7}/mu);
    expect(stdout).toContain(pinOf("signed"));
    expect(server.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    const all = (await examine(office)).checks.map(({ code }) => code);
    expect(all).toEqual([
      "endpoint-reached",
      "certificate-trusted",
      "release-supported",
      "login-accepted",
      "login-accepted",
      "read-whole",
      "read-whole",
      "privileges-held",
    ]);
  });

  test("a pinned certificate is trusted by its pin alone", async () => {
    const office = await openWith("self-signed", `{ fingerprint: "${pinOf("self-signed")}" }`);
    expect(await examine(office)).toMatchObject({ ended: { status: 0 }, bad: [] });
  });

  test("another certificate than the pinned one: both fingerprints, and nothing is sent", async () => {
    const office = await openWith("self-signed", `{ fingerprint: "${pinOf("signed")}" }`);
    const { ended, bad, checks } = await examine(office);
    expect({ status: ended.status, bad }).toEqual({ status: 1, bad: ["error certificate-mismatch"] });
    const said = checks.map(({ message }) => message).join();
    expect([said.includes(pinOf("signed")), said.includes(pinOf("self-signed"))]).toEqual([true, true]);
    expect(office.server.requests).toEqual([]);
  });

  test("an unknown self-signed certificate: the line to pin it with, and nothing is sent", async () => {
    const office = await openWith("self-signed", "{}");
    const { ended, bad, checks } = await examine(office);
    expect({ status: ended.status, bad }).toEqual({ status: 1, bad: ["error certificate-untrusted"] });
    const hint = checks.find(({ code }) => code === "certificate-untrusted")?.hint;
    expect(hint).toContain(`tls: { fingerprint: "${pinOf("self-signed")}" }`);
    expect(office.server.requests).toEqual([]);
    // What it says to paste is what it takes.
    const pasted = /tls: (\{.*\})/u.exec(hint ?? "")?.[1] ?? "";
    office.write("manifests/target.yaml", target.replace("  prune:", `  tls: ${pasted}\n  prune:`));
    expect((await examine(office)).bad).toEqual([]);
  });

  test("a token that the server refuses is told from one that is not here", async () => {
    const office = await offices.open();
    const refused = await examine(office, { ROLECALL_PLAN_TOKEN: "11111111-2222-4333-8444-000000000000" });
    expect([refused.ended.status, refused.bad]).toEqual([1, ["error login-refused"]]);
    const { folder: cwd, env } = office;
    const unset = { ...env };
    delete unset["ROLECALL_TOKEN"];
    const missing = await rolecall(["doctor"], { cwd, env: unset });
    expect(missing).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/warning {2}secret-missing: .*apply.*env ROLECALL_TOKEN is not set/u),
    });
    // What planning sees tells what applying would lack all the same.
    expect(missing.stdout).toContain(
      "rolecall@pve!gitops (for apply) holds all that these manifests can need, by what rolecall@pve!plan reads",
    );
    const barred = await examine(office, { ROLECALL_TOKEN: "11111111-2222-4333-8444-000000000000" });
    expect([barred.ended.status, barred.bad]).toEqual([1, ["error login-refused"]]);
    const held = barred.checks.find(({ code }) => code === "privileges-held");
    expect(held?.message).toContain(
      "by what rolecall@pve!plan reads: whether it can log in was not seen here",
    );
  });

  test("lists that are not whole: which, and which privilege on which path", async () => {
    const office = await offices.open();
    const half = target.replace(
      "rolecall@pve!plan, secret: { env: ROLECALL_PLAN_TOKEN",
      "rolecall@pve!half, secret: { env: ROLECALL_HALF_TOKEN",
    );
    office.write("manifests/target.yaml", half);
    const { ended, bad, checks } = await examine(office);
    expect(ended.status).toBe(1);
    expect(new Set(bad)).toEqual(new Set(["error incomplete-read"]));
    expect(checks.map(({ message }) => message).join("\n")).toMatch(
      /lacks Sys\.Audit on \/access, propagated/u,
    );
  });

  test("a dead endpoint beside a good one is a warning, alone it is an error", async () => {
    const office = await offices.open();
    const dead = `http://127.0.0.1:${await deadPort()}`;
    office.write("manifests/target.yaml", target.replace("[{ env", `[${dead}, { env`));
    expect(await examine(office)).toMatchObject({
      ended: { status: 0 },
      bad: ["warning endpoint-unreachable"],
    });
    office.write("manifests/target.yaml", target.replace("[{ env: ROLECALL_ENDPOINT }]", `[${dead}]`));
    expect(await examine(office)).toMatchObject({
      ended: { status: 1 },
      bad: ["error endpoint-unreachable"],
    });
  });

  test("JSON is as the published schema says, of checks and of grants", async () => {
    const { folder: cwd, env } = await offices.open();
    const { stdout: schema } = await rolecall(["schema", "doctor"], { cwd });
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(schema) as object);
    for (const words of [["doctor"], ["doctor", "--grant"]]) {
      const { stdout } = await rolecall([...words, "-o", "json"], { cwd, env });
      validate(JSON.parse(stdout));
      expect(validate.errors).toBe(null);
    }
  });

  test("no secret is in what it prints", async () => {
    const { folder: cwd, env } = await offices.open();
    const { stdout, stderr } = await rolecall(["doctor", "--log-level", "debug"], { cwd, env });
    for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret);
  });
});

describe("doctor --grant", () => {
  const word = "caller-of-the-office";
  const asUser = target
    .replace(
      / {2}credentials:.*\n/u,
      "  credentials: { password: { user: keeper@pve, password: { env: KEEPER } } }\n",
    )
    .replace(/ {2}planCredentials:.*\n/u, "")
    .replace("prune: true", "prune: false");
  const asRoot = target
    .replace(
      / {2}credentials:.*\n/u,
      "  credentials: { password: { user: root@pam, password: { env: ROOT } } }\n",
    )
    .replace(/ {2}planCredentials:.*\n/u, "")
    .replace("prune: true", "prune: false");

  test("works without a server, and what it prints is valid", async () => {
    const { folder: cwd, server, write } = await offices.open();
    const { status, stdout } = await rolecall(["doctor", "--grant"], { cwd });
    expect(status).toBe(0);
    write("grant/access.yaml", stdout);
    write("grant/target.yaml", asRoot);
    expect(await rolecall(["validate", "-f", "grant"], { cwd })).toMatchObject({ status: 0 });
    expect(server.requests).toEqual([]);
  });

  test("an id that stands in an unset variable can be named", async () => {
    const { folder: cwd, write } = await offices.open();
    write("manifests/target.yaml", target.replace("id: rolecall@pve!gitops", "id: { env: WHO }"));
    expect(await rolecall(["doctor", "--grant"], { cwd })).toMatchObject({ status: 1, stdout: "" });
    const named = await rolecall(["doctor", "--grant", "--caller", "other@pve!ci"], { cwd });
    expect(named).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("what other@pve!ci needs to apply"),
    });
  });

  test("a fresh user with exactly that applies; without any part of it something is missing", async () => {
    const office = await offices.open();
    const { folder: cwd, env, write, server } = office;
    write("manifests/target.yaml", asUser);
    const { stdout: granted } = await rolecall(["doctor", "--grant"], { cwd });
    write("grant/access.yaml", granted);
    write("root/target.yaml", asRoot);
    const rootEnv = { ...env, ROOT: secrets.rootPassword };
    const given = await rolecall(["apply", "--yes", "-f", "grant", "-c", "root"], { cwd, env: rootEnv });
    expect(given).toMatchObject({ status: 0 });

    const asKeeper = { ...office, env: { ...env, KEEPER: word } };
    const say = await rootLine(server.url);
    await say("PUT", "/access/password", { userid: "keeper@pve", password: word });
    expect(await examine(asKeeper)).toMatchObject({ ended: { status: 0 }, bad: [] });
    for (const entry of entriesOf(server.files()["user.cfg"] ?? "")) {
      await say("PUT", "/access/acl", { ...entry, delete: "1" });
      const { bad } = await examine(asKeeper);
      expect({ entry, isMissed: bad.some((one) => /missing-privilege|incomplete-read/u.test(one)) }).toEqual({
        entry,
        isMissed: true,
      });
      await say("PUT", "/access/acl", entry);
    }

    const applied = await rolecall(["apply", "--yes"], { cwd, env: asKeeper.env });
    expect(applied).toMatchObject({ status: 0, stdout: expect.not.stringContaining("missing-privilege") });
    expect(await rolecall(["plan", "--detailed-exitcode"], { cwd, env: asKeeper.env })).toMatchObject({
      status: 0,
    });
    // A command for each entry, each as slow as the machine is busy.
  }, 240_000);
});

/** Every role that keeper@pve has somewhere, as the parameters that give it. */
function entriesOf(userCfg: string): readonly Readonly<Record<string, string>>[] {
  return [...userCfg.matchAll(/^acl:([01]):([^:]+):keeper@pve:([^:]+):$/gmu)].flatMap(
    ([, propagate = "", path = "", roles = ""]) =>
      roles.split(",").map((role) => ({ path, roles: role, users: "keeper@pve", propagate })),
  );
}

/** Writes as root@pam. */
async function rootLine(
  url: string,
): Promise<(method: "PUT", path: string, parameters: Readonly<Record<string, string>>) => Promise<void>> {
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const login = await request(`${url}/api2/json/access/ticket`, {
    method: "POST",
    headers: form,
    body: new URLSearchParams({ username: "root@pam", password: secrets.rootPassword }).toString(),
  });
  // Proof: what the server answers to a login.
  const { data } = (await login.body.json()) as { data: { ticket: string; CSRFPreventionToken: string } };
  return async (method, path, parameters) => {
    const answer = await request(`${url}/api2/json${path}`, {
      method,
      headers: {
        ...form,
        cookie: `PVEAuthCookie=${encodeURIComponent(data.ticket)}`,
        csrfpreventiontoken: data.CSRFPreventionToken,
      },
      body: new URLSearchParams(parameters).toString(),
    });
    expect(await answer.body.json()).toMatchObject({ data: null });
  };
}
