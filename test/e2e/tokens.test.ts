import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { request } from "undici";
import type { AuditLine } from "../../src/apply/audit.ts";
import { rolecall, type Ended } from "./support/command.ts";
import { secrets, target, useOffices, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const id = "ci@pve!deploy";
const path = "/access/users/ci@pve/token/deploy";
const day = 86_400;
const inDays = (days: number): number => Math.floor(Date.now() / 1000) + days * day;

const manifests = (token: string): string => `apiVersion: rolecall.dev/v1
kind: User
metadata: { name: ci@pve }
---
apiVersion: rolecall.dev/v1
kind: Token
metadata: { name: ${id} }
spec: { sinks: [{ name: ci, as: deploy, format: raw }], ${token} }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: ci }
spec: { path: /vms, roles: [PVEAuditor], subjects: [{ user: ci@pve }, { token: ${id} }] }
`;

/** An office that keeps one token and prunes nothing. */
async function open(token: string, serverVersion = "9.2.11"): Promise<Office> {
  const office = await offices.open({ serverVersion });
  office.write("manifests/target.yaml", target.replace("prune: true", "prune: false"));
  office.write("manifests/access.yaml", manifests(token));
  return office;
}

function run(words: readonly string[], { folder: cwd, env }: Office): Promise<Ended> {
  return rolecall(words, { cwd, env });
}

async function apply(office: Office): Promise<void> {
  const { status, stdout, stderr } = await run(["apply", "--yes"], office);
  expect({ status, said: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, said: "" });
}

/** Somebody else's write. */
async function write({ server }: Office, body: string): Promise<void> {
  const answer = await request(`${server.url}/api2/json${path}`, {
    method: "PUT",
    headers: {
      authorization: `PVEAPIToken=rolecall@pve!gitops=${secrets.gitops}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body,
  });
  await answer.body.dump();
  expect(answer.statusCode).toBe(200);
}

const secretOf = ({ folder }: Office): string => readFileSync(join(folder, "delivered/deploy"), "utf8");

async function answerTo({ server }: Office, token: string, secret: string): Promise<number> {
  const headers = { authorization: `PVEAPIToken=${token}=${secret}` };
  const answer = await request(`${server.url}/api2/json/version`, { headers });
  await answer.body.dump();
  return answer.statusCode;
}

const expireOf = ({ server }: Office): number =>
  Number(/^token:ci@pve!deploy:(\d+):/mu.exec(server.files()["user.cfg"] ?? "")?.[1]);

const entriesOf = ({ server }: Office): readonly string[] =>
  (server.files()["user.cfg"] ?? "").split("\n").filter((line) => /^acl:.*ci@pve!deploy/u.test(line));

describe.each([
  ["9.2.11", "in place"],
  ["8.4.5", "by making it again"],
])("a token with a lifetime on %s", (version) => {
  const spec = "lifetime: 90d, renewBefore: 15d, rotation: replace";

  test("is made, listed, left alone, and renewed when it is due", async () => {
    const office = await open(spec, version);
    await apply(office);
    const first = secretOf(office);
    expect(await answerTo(office, id, first)).toBe(200);
    expect(Math.abs(expireOf(office) - inDays(90))).toBeLessThan(120);
    expect(await run(["plan", "--detailed-exitcode"], office)).toMatchObject({ status: 0 });

    await write(office, `expire=${inDays(10)}`);
    const plan = await run(["plan", "--detailed-exitcode", "--out", "plan.json"], office);
    expect(plan).toMatchObject({ status: 2 });
    expect(plan.stdout).toContain("secret: new, since the last one is due");
    expect(plan.stdout.includes("token-gap")).toBe(version !== "9.2.11");
    const saved = await run(["apply", "--yes", "--plan", "plan.json"], office);
    expect(saved).toMatchObject({ status: 0 });
    expect(secretOf(office)).not.toBe(first);
    expect([await answerTo(office, id, first), await answerTo(office, id, secretOf(office))]).toEqual([
      401, 200,
    ]);
    expect(entriesOf(office)).toHaveLength(1);
    expect(await run(["plan", "--detailed-exitcode"], office)).toMatchObject({ status: 0 });
  });

  test("is given a new secret on demand, and only then", async () => {
    const office = await open(spec, version);
    await apply(office);
    const first = secretOf(office);
    await apply(office);
    expect(secretOf(office)).toBe(first);
    const { status, stdout } = await run(["tokens", "rotate", "--yes", id], office);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("1 applied") });
    expect([await answerTo(office, id, first), await answerTo(office, id, secretOf(office))]).toEqual([
      401, 200,
    ]);
    expect(entriesOf(office)).toHaveLength(1);
  });
});

test("without a word in the manifest an old server's token waits, and asking for it is refused", async () => {
  const office = await open("lifetime: 90d, renewBefore: 15d", "8.4.5");
  await apply(office);
  await write(office, `expire=${inDays(10)}`);
  const plan = await run(["plan", "--detailed-exitcode"], office);
  expect(plan.status).toBe(0);
  expect(plan.stdout).toContain("rotation-unsupported");
  const refused = await run(["tokens", "rotate", "--yes", id], office);
  expect(refused).toMatchObject({ status: 3, stdout: expect.stringContaining("rotation-unsupported") });
});

describe("tokens rotate", () => {
  test.each([
    [
      "a token that nobody declares",
      ["tokens", "rotate", "--yes", "x@pve!other"],
      1,
      "is not declared at office",
    ],
    [
      "one that is meant for another",
      ["tokens", "rotate", "--yes", "ci@pve!deploi"],
      1,
      "did you mean ci@pve!deploy?",
    ],
    ["what is no token", ["tokens", "rotate", "--yes", "ci@pve"], 1, "name a token in full"],
    ["nobody to ask", ["tokens", "rotate", id], 1, "add --yes"],
  ])("%s", async (_, words, status, said) => {
    const office = await open("comment: x");
    const ended = await run(words, office);
    expect({ status: ended.status, stderr: ended.stderr }).toEqual({
      status,
      stderr: expect.stringContaining(said),
    });
  });
});

describe("tokens", () => {
  test("lists what lives and what is declared, without a look into a sink", async () => {
    const office = await open("lifetime: 90d");
    const before = await run(["tokens"], office);
    expect(before).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/ci@pve!deploy .* not made yet/u),
    });
    await apply(office);
    rmSync(join(office.folder, "delivered"), { recursive: true });
    const { stdout } = await run(["tokens", "list", "-o", "json"], office);
    const { targets } = JSON.parse(stdout) as { targets: { tokens: { token: string; state: string }[] }[] };
    expect(targets[0]?.tokens.find(({ token }) => token === id)).toMatchObject({
      state: "in-order",
      owner: "ci@pve",
      ownerUsable: true,
    });
    expect(targets[0]?.tokens.map(({ token }) => token)).toContain("rolecall@pve!half");
  });

  test("verify tells what the server takes, what is gone, and how to mend it", async () => {
    const office = await open("comment: x");
    await apply(office);
    expect(await run(["tokens", "verify"], office)).toMatchObject({ status: 0 });
    writeFileSync(join(office.folder, "delivered/deploy"), "another-secret");
    const refused = await run(["tokens", "verify"], office);
    expect(refused).toMatchObject({ status: 2, stdout: expect.stringContaining("the server refuses it") });
    expect(refused.stdout).not.toContain("another-secret");
    writeFileSync(join(office.folder, "delivered/deploy"), "ask anna for it");
    const occupied = await run(["tokens", "verify"], office);
    expect(occupied.stdout).toContain("name another file, or move this one away");
    expect(occupied.stdout).toContain("make room in it, then rolecall tokens rotate");
    expect((await run(["tokens", "rotate", "--yes", id], office)).stdout).toContain("sink-occupied");
    rmSync(join(office.folder, "delivered/deploy"));
    const gone = await run(["tokens", "verify", "-o", "json"], office);
    expect(gone.status).toBe(2);
    expect(gone.stdout).toContain("secret-not-delivered");
    // Apply is no way to mend it: another machine may hold the secret.
    await apply(office);
    expect(await run(["tokens", "verify"], office)).toMatchObject({ status: 2 });
    expect(await run(["tokens", "rotate", "--yes", id], office)).toMatchObject({ status: 0 });
    expect(await run(["tokens", "verify"], office)).toMatchObject({ status: 0 });
  });

  test("of repair: reissue are mended by apply, and plan stays blind", async () => {
    const office = await open("repair: reissue");
    await apply(office);
    rmSync(join(office.folder, "delivered/deploy"));
    expect(await run(["plan", "--detailed-exitcode", "--out", "plan.json"], office)).toMatchObject({
      status: 0,
    });
    const applied = await run(["apply", "--yes", "--plan", "plan.json"], office);
    expect(applied).toMatchObject({ status: 0, stdout: expect.stringContaining("a sink does not hold") });
    expect(await answerTo(office, id, secretOf(office))).toBe(200);
  });
});

describe("the caller's own token", () => {
  const own = (as: string): string => `apiVersion: rolecall.dev/v1
kind: Token
metadata: { name: "rolecall@pve!gitops" }
spec: { privilegeSeparation: false, lifetime: 90d, renewBefore: 15d, sinks: [{ name: ci, as: ${as}, format: raw }] }
---
apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: night-shift }
`;

  async function openOwn(as: string): Promise<Office> {
    const office = await open("comment: x");
    const secret = "secret: { file: ../delivered/gitops }";
    const readFrom = target
      .replace("prune: true", "prune: false")
      .replace("secret: { env: ROLECALL_TOKEN }", secret);
    office.write("manifests/target.yaml", readFrom);
    mkdirSync(join(office.folder, "delivered"));
    writeFileSync(join(office.folder, "delivered/gitops"), secrets.gitops, { mode: 0o600 });
    office.write("manifests/own.yaml", own(as));
    // Its expiry is never, so that it is lowered first; then it is asked for.
    await apply(office);
    return office;
  }

  test("is renewed last, by the file that it is read from, and the run goes on with it", async () => {
    const office = await openOwn("gitops");
    office.write("manifests/own.yaml", own("gitops").replace("night-shift", "day-shift"));
    const { status, stdout } = await run(["tokens", "rotate", "--yes", "rolecall@pve!gitops"], office);
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining("1 applied") });
    const renewed = readFileSync(join(office.folder, "delivered/gitops"), "utf8");
    expect(renewed).not.toBe(secrets.gitops);
    expect(await answerTo(office, "rolecall@pve!gitops", secrets.gitops)).toBe(401);
    await apply(office);
    expect(await run(["plan", "--detailed-exitcode"], office)).toMatchObject({ status: 0 });
  });

  test("is not, where its new secret would go elsewhere", async () => {
    const office = await openOwn("elsewhere");
    const refused = await run(["tokens", "rotate", "--yes", "rolecall@pve!gitops"], office);
    expect(refused).toMatchObject({ status: 3, stdout: expect.stringContaining("own-token") });
    expect(await answerTo(office, "rolecall@pve!gitops", secrets.gitops)).toBe(200);
  });
});

describe("enforced passwords", () => {
  const asRoot = target
    .replace(
      / {2}credentials: .*\n/u,
      "  credentials: { password: { user: root@pam, password: { env: ROOT } } }\n",
    )
    .replace("prune: true", "prune: false");
  const joe = `apiVersion: rolecall.dev/v1
kind: User
metadata: { name: joe@pve }
spec: { password: { from: { env: ROLECALL_SECRET_JOE }, policy: enforce } }
`;

  async function openJoe(targetText: string): Promise<Office> {
    const office = await offices.open();
    office.write("manifests/target.yaml", targetText);
    office.write("manifests/access.yaml", joe);
    return { ...office, env: { ...office.env, ROOT: secrets.rootPassword } };
  }

  async function logIn({ server }: Office, password: string): Promise<number> {
    const body = new URLSearchParams({ username: "joe@pve", password }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await request(`${server.url}/api2/json/access/ticket`, { method: "POST", headers, body });
    await answer.body.dump();
    return answer.statusCode;
  }

  test("are set again where they don't log in, which only apply finds out", async () => {
    const office = await openJoe(asRoot);
    await apply(office);
    expect(await logIn(office, secrets.password)).toBe(200);
    office.env["ROLECALL_SECRET_JOE"] = "another-word-2026";
    expect(await run(["plan", "--detailed-exitcode"], office)).toMatchObject({ status: 0 });
    const applied = await run(["apply", "--yes", "--audit-log", "audit.jsonl"], office);
    expect(applied).toMatchObject({ status: 0, stdout: expect.stringContaining("since it does not log in") });
    expect([await logIn(office, secrets.password), await logIn(office, "another-word-2026")]).toEqual([
      401, 200,
    ]);
    const again = await run(["apply", "--yes"], office);
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining("No changes") });
    const lines = readFileSync(join(office.folder, "audit.jsonl"), "utf8");
    expect(lines).toContain('"password":{"secret":"env ROLECALL_SECRET_JOE"}');
    for (const secret of ["another-word-2026", secrets.rootPassword]) expect(lines).not.toContain(secret);
  });

  test("can't be by a token, which is said", async () => {
    const office = await openJoe(target.replace("prune: true", "prune: false"));
    const { status, stdout } = await run(["plan"], office);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringContaining("password-not-enforceable"),
    });
  });
});

describe("--audit-log", () => {
  test("has two lines a write, in order, and none of the secrets", async () => {
    const office = await open("comment: x");
    const applied = await run(["apply", "--yes", "--audit-log", "audit.jsonl"], office);
    expect(applied).toMatchObject({ status: 0 });
    const text = readFileSync(join(office.folder, "audit.jsonl"), "utf8");
    // Proof: the command has just written it, a line at a time.
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as AuditLine);
    const writes = office.server.requests.filter(({ method }) => method !== "GET");
    expect(lines.map(({ write: number, phase }) => `${number} ${phase}`)).toEqual(
      writes.flatMap((_, index) => [`${index + 1} before`, `${index + 1} after`]),
    );
    expect(lines.filter(({ phase }) => phase === "before").map(({ operation }) => operation.method)).toEqual(
      writes.map(({ method }) => method),
    );
    for (const secret of [secretOf(office), secrets.gitops]) expect(text).not.toContain(secret);
  });

  test("that can't be written means that nothing is", async () => {
    const office = await open("comment: x");
    const { status, stderr } = await run(["apply", "--yes", "--audit-log", "missing/audit.jsonl"], office);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("nothing is applied") });
    expect(office.server.requests).toEqual([]);
  });
});
