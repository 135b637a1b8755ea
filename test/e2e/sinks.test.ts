import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { armor, Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";
import { request } from "undici";
import { kubeconfigFor, startKubernetes } from "../support/fake-kubernetes.ts";
import { canMount, mountTinyDisk } from "../support/tiny-disk.ts";
import { rolecall, type Ended } from "./support/command.ts";
import { access, target, useOffices, userCfg, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

/** An office whose target has these sinks, and whose token goes to those. */
async function officeWith(sinks: string, tokenSinks: string): Promise<Office> {
  const office = await offices.open();
  office.write("manifests/target.yaml", target.replace(/ {2}sinks: .*\n/u, `  sinks: { ${sinks} }\n`));
  office.write("manifests/access.yaml", access.replace(/sinks: \[.*\]/u, `sinks: [${tokenSinks}]`));
  return office;
}

const apply = ({ folder: cwd, env }: Office, ...more: readonly string[]): Promise<Ended> =>
  rolecall(["apply", "--yes", ...more], { cwd, env });

/** Whether the server takes a secret as the token's. */
async function authenticates({ server }: Office, secret: string): Promise<boolean> {
  const headers = { authorization: `PVEAPIToken=ci@pve!deploy=${secret}` };
  const answer = await request(`${server.url}/api2/json/access/permissions`, { headers });
  await answer.body.dump();
  return answer.statusCode === 200;
}

async function isConverged({ folder: cwd, env }: Office): Promise<boolean> {
  return (await rolecall(["plan", "--detailed-exitcode"], { cwd, env })).status === 0;
}

test("one token's secret goes to sinks of every kind, and each of them has the one that works", async () => {
  const cluster = await startKubernetes();
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const office = await officeWith(
    `ci: { file: { dir: ../out, mode: "0640" } }, team: { age: { dir: ../out, recipients: [${recipient}] } }, ` +
      `hook: { exec: { command: ../store.sh, args: ["{as}"] } }, ` +
      `k8s: { kubernetesSecret: { namespace: apps, name: proxmox, kubeconfig: ../kube } }`,
    "{ name: ci, as: deploy.env }, { name: team, as: deploy.age, format: raw }, { name: hook, as: it }, { name: k8s, as: token }",
  );
  office.write("kube", kubeconfigFor(cluster.url));
  office.write("out/deploy.env", "OTHER=1\n");
  office.write(
    "store.sh",
    `#!/bin/sh\nenv > "$(dirname "$0")/env"\ncat > "$(dirname "$0")/stored-$1-$ROLECALL_ID"\n`,
  );
  chmodSync(join(office.folder, "store.sh"), 0o755);

  expect(await apply(office, "--allow-exec")).toMatchObject({ status: 0, stderr: "" });
  const at = (file: string): string => readFileSync(join(office.folder, file), "utf8");
  const secret = /^OTHER=1\nPROXMOX_API_TOKEN='ci@pve!deploy=([-0-9a-f]{36})'\n$/u.exec(
    at("out/deploy.env"),
  )?.[1];
  expect(await authenticates(office, secret ?? "")).toBe(true);
  expect(statSync(join(office.folder, "out/deploy.env")).mode & 0o777).toBe(0o640);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  expect(await decrypter.decrypt(armor.decode(at("out/deploy.age")), "text")).toBe(secret);
  expect(JSON.parse(at("stored-it-ci@pve!deploy"))).toMatchObject({ tokenid: "ci@pve!deploy", secret });
  // What Rolecall itself logs in with is none of the program's business.
  const names = at("env")
    .split("\n")
    .map((line) => line.split("=", 1)[0]);
  expect(names).toEqual(expect.arrayContaining(["PATH", "ROLECALL_TARGET", "ROLECALL_ID"]));
  expect(names.filter((name) => Object.hasOwn(office.env, name ?? ""))).toEqual([]);
  const held = cluster.secrets.get("proxmox")?.data["token"] ?? "";
  expect(Buffer.from(held, "base64").toString("utf8")).toBe(secret);
  expect(await isConverged(office)).toBe(true);
  await cluster.close();
});

const outside = mkdtempSync(join(tmpdir(), "rolecall-outside-"));
afterAll(() => rmSync(outside, { recursive: true }));

const plainFile = ["ci: { file: { dir: ../out } }", "{ name: ci, as: team/token, format: raw }"] as const;
/** What is wrong with a sink and can be seen before the token exists. */
const unprovable: readonly (readonly [
  string,
  readonly [string, string],
  (folder: string) => void,
  RegExp,
])[] = [
  [
    "its folder is a file",
    plainFile,
    (folder) => writeFileSync(join(folder, "out"), ""),
    /ENOTDIR.*a file is where a folder belongs/u,
  ],
  [
    "it is a directory",
    plainFile,
    (folder) => mkdirSync(join(folder, "out/team/token"), { recursive: true }),
    /is a folder: name another file, or remove it/u,
  ],
  [
    "a symbolic link leads out of its folder",
    plainFile,
    (folder) => {
      mkdirSync(join(folder, "out"));
      symlinkSync(outside, join(folder, "out/team"));
    },
    /a symbolic link leads .* out of .*: remove the link/u,
  ],
  [
    "its file holds somebody's notes",
    plainFile,
    (folder) => {
      mkdirSync(join(folder, "out/team"), { recursive: true });
      writeFileSync(join(folder, "out/team/token"), "notes\nof somebody\n");
    },
    /left as it is: name another file, or move this one away/u,
  ],
  [
    "its owner is nobody",
    ["ci: { file: { dir: ../out, owner: { user: no-such-user } } }", plainFile[1]],
    () => undefined,
    /no user "no-such-user": write its number/u,
  ],
  [
    "its program is not allowed",
    ["hook: { exec: { command: cat } }", "{ name: hook }"],
    () => undefined,
    /only with --allow-exec/u,
  ],
  [
    "one of two can't take it",
    [
      "ci: { file: { dir: ../out } }, hook: { exec: { command: cat } }",
      "{ name: ci, as: a }, { name: hook }",
    ],
    () => undefined,
    /only with --allow-exec/u,
  ],
  [
    "its cluster does not answer",
    ["k8s: { kubernetesSecret: { namespace: apps, name: p, kubeconfig: ../kube } }", "{ name: k8s, as: t }"],
    (folder) => writeFileSync(join(folder, "kube"), kubeconfigFor("http://127.0.0.1:1")),
    /can't reach the cluster .*ECONNREFUSED.*look at the kubeconfig/u,
  ],
];

describe("nothing is created where a sink can't take the secret, because", () => {
  test.each(unprovable)("%s", async (_, [sinks, tokenSinks], arrange, words) => {
    const office = await officeWith(sinks, tokenSinks);
    arrange(office.folder);
    const { status, stdout, stderr } = await apply(office);
    expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
    expect(stdout.replaceAll(/\s+/gu, " ")).toMatch(words);
    expect(stdout).toMatch(/manifests\/access\.yaml:\d+: secret of ci@pve!deploy: sink /u);
    expect(office.server.files()["user.cfg"]).toBe(userCfg);
    expect(existsSync(join(outside, "token"))).toBe(false);
  });

  const mountable = canMount() ? test : test.skip;
  mountable("its disk is full", async () => {
    const office = await officeWith(...plainFile);
    const disk = join(office.folder, "out");
    mkdirSync(disk);
    const unmount = mountTinyDisk(disk);
    try {
      writeFileSync(join(disk, "other"), "x".repeat(4000));
      const { status, stdout } = await apply(office);
      expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining("the disk is full") });
      expect(office.server.files()["user.cfg"]).toBe(userCfg);
    } finally {
      unmount();
    }
  });

  test("its cluster refuses", async () => {
    const cluster = await startKubernetes();
    cluster.forbidden.add("patch");
    const office = await officeWith(
      "k8s: { kubernetesSecret: { namespace: apps, name: proxmox, kubeconfig: ../kube } }",
      "{ name: k8s, as: token }",
    );
    office.write("kube", kubeconfigFor(cluster.url));
    const { status, stdout } = await apply(office);
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/gu, " ")).toMatch(
      /may not patch secret apps\/proxmox \(403\): grant get and patch/u,
    );
    expect(office.server.files()["user.cfg"]).toBe(userCfg);
    cluster.forbidden.clear();
    expect(await apply(office)).toMatchObject({ status: 0 });
    await cluster.close();
  });

  test("its recipient is malformed, which validate finds, with the place", async () => {
    const office = await officeWith(
      "team: { age: { dir: ../out, recipients: [age1qqqq] } }",
      "{ name: team, as: a.age }",
    );
    const { folder: cwd, env } = office;
    const { status, stdout } = await rolecall(["validate"], { cwd, env });
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringMatching(/target\.yaml:11:\d+[^]*age1qqqq[^]*is too short/u),
    });
  });
});

/** What only shows once the secret is there. */
describe("a token whose secret did not arrive is mended by the next apply, because its program", () => {
  test.each([
    ["ends with a status", "exit 1", /status 1/u],
    ["hangs", "sleep 60", /took longer than 1 s and was killed/u],
    ["prints the secret and fails", "cat; cat >&2; exit 3", /status 3/u],
  ])("%s", async (_, script, words) => {
    const office = await officeWith(
      "ci: { file: { dir: ../out } }, hook: { exec: { command: ../hook.sh, timeout: 1s } }",
      "{ name: ci, as: token, format: raw }, { name: hook }",
    );
    const write = (body: string): void => {
      office.write("hook.sh", `#!/bin/sh\n${body}\n`);
      chmodSync(join(office.folder, "hook.sh"), 0o755);
    };
    write(script);
    const first = await apply(office, "--allow-exec");
    expect(first.status).toBe(4);
    expect(first.stdout.replaceAll(/\s+/gu, " ")).toMatch(words);
    const token = join(office.folder, "out/token");
    const lost = readFileSync(token, "utf8");
    expect(first.stdout + first.stderr).not.toContain(lost);
    // It ends within the hour, whatever happens, and was granted nothing.
    const live = office.server.files()["user.cfg"] ?? "";
    const expire = Number(/^token:ci@pve!deploy:(\d+):/mu.exec(live)?.[1]);
    expect(expire).toBeLessThanOrEqual(Date.now() / 1000 + 3600);
    expect(live).not.toMatch(/^acl:.*ci@pve!deploy/mu);

    write(`cat > "$(dirname "$0")/taken"`);
    expect(await apply(office, "--allow-exec")).toMatchObject({ status: 0 });
    const secret = readFileSync(token, "utf8");
    expect(secret).not.toBe(lost);
    expect(readFileSync(join(office.folder, "taken"), "utf8")).toContain(secret);
    expect(await authenticates(office, secret)).toBe(true);
    expect(await authenticates(office, lost)).toBe(false);
    expect(await isConverged(office)).toBe(true);
  });
});

describe("a generated password", () => {
  const generated = (sinks: string): string =>
    access.replace(
      /password: \{ from: \{ env: ROLECALL_SECRET_JOE \} \}/u,
      `password: { generate: { sinks: [${sinks}] } }`,
    );

  /** Whether the server takes it as joe's. */
  async function logsIn({ server }: Office, password: string): Promise<boolean> {
    const answer = await request(`${server.url}/api2/json/access/ticket`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ username: "joe@pve", password }).toString(),
    });
    await answer.body.dump();
    return answer.statusCode === 200;
  }

  test("is in its sink, logs in, and is in no plan", async () => {
    const office = await offices.open();
    office.write("manifests/access.yaml", generated("{ name: ci, as: joe.pass, format: raw }"));
    const { folder: cwd, env } = office;
    const { stdout } = await rolecall(["plan", "--verbose"], { cwd, env });
    expect(stdout).toContain("generated, to sink ci");
    expect(existsSync(join(cwd, "delivered"))).toBe(false);
    expect(await apply(office)).toMatchObject({ status: 0 });
    const password = readFileSync(join(cwd, "delivered/joe.pass"), "utf8");
    expect(password).toHaveLength(20);
    expect(await logsIn(office, password)).toBe(true);
    expect(await isConverged(office)).toBe(true);
  });

  test("is not made where its sink can't take it", async () => {
    const office = await offices.open();
    office.write("manifests/access.yaml", generated("{ name: ci, as: joe.pass, format: raw }"));
    office.write("delivered/joe.pass/x", "");
    const { status, stdout } = await apply(office);
    expect(status).toBe(1);
    expect(stdout).toMatch(/access\.yaml:\d+: password of joe@pve: sink ci/u);
    expect(office.server.files()["user.cfg"]).toBe(userCfg);
  });
});

describe("sources", () => {
  test("a missing variable is told at the manifest's place before anything is written", async () => {
    const office = await offices.open();
    const env = Object.fromEntries(
      Object.entries(office.env).filter(([name]) => name !== "ROLECALL_SECRET_JOE"),
    );
    const { status, stdout } = await rolecall(["apply", "--yes"], { cwd: office.folder, env });
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /manifests\/access\.yaml:\d+: password of joe@pve: env ROLECALL_SECRET_JOE is not set/u,
    );
    expect(office.server.files()["user.cfg"]).toBe(userCfg);
  });

  test("plan needs none of them but its own credentials", async () => {
    const office = await offices.open();
    const { ROLECALL_ENDPOINT = "", ROLECALL_PLAN_TOKEN = "" } = office.env;
    const env = { ROLECALL_ENDPOINT, ROLECALL_PLAN_TOKEN };
    expect(await rolecall(["plan"], { cwd: office.folder, env })).toMatchObject({ status: 0 });
  });

  test("a program gives a target's own secret, if it is allowed", async () => {
    const office = await offices.open();
    const program = "{ exec: { command: printenv, args: [FROM_A_PROGRAM], inheritEnv: [FROM_A_PROGRAM] } }";
    office.write("manifests/target.yaml", target.replaceAll("{ env: ROLECALL_PLAN_TOKEN }", program));
    const env = { ...office.env, FROM_A_PROGRAM: office.env["ROLECALL_PLAN_TOKEN"] ?? "" };
    expect(await rolecall(["plan", "--allow-exec"], { cwd: office.folder, env })).toMatchObject({
      status: 0,
    });
    const { status, stdout } = await rolecall(["plan"], { cwd: office.folder, env });
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining("--allow-exec") });
  });

  test("plan says what apply will start, and needs none of it", async () => {
    const office = await officeWith("hook: { exec: { command: cat } }", "{ name: hook }");
    const written = readFileSync(join(office.folder, "manifests/target.yaml"), "utf8");
    const own = written.replace("{ env: ROLECALL_TOKEN }", "{ exec: { command: vault } }");
    office.write("manifests/target.yaml", own);
    const { ROLECALL_ENDPOINT = "", ROLECALL_PLAN_TOKEN = "" } = office.env;
    const env = { ROLECALL_ENDPOINT, ROLECALL_PLAN_TOKEN };
    const { status, stdout } = await rolecall(["plan", "-o", "json"], { cwd: office.folder, env });
    expect(status).toBe(0);
    // Proof: what plan prints is held to its schema elsewhere.
    const { targets } = JSON.parse(stdout) as {
      targets: { findings: { code: string; message: string }[] }[];
    };
    const off = (targets[0]?.findings ?? []).filter(({ code }) => code === "exec-off");
    expect(off.map(({ message }) => /vault|cat/u.exec(message)?.[0])).toEqual(["cat", "vault"]);
    const allowed = await rolecall(["plan", "--allow-exec"], { cwd: office.folder, env });
    expect([allowed.status, allowed.stdout.includes("exec-off")]).toEqual([0, false]);
  });

  test("a file that others can read brings a warning", async () => {
    const office = await offices.open();
    office.write("manifests/plan-token", `${office.env["ROLECALL_PLAN_TOKEN"] ?? ""}\n`);
    chmodSync(join(office.folder, "manifests/plan-token"), 0o644);
    office.write(
      "manifests/target.yaml",
      target.replace("{ env: ROLECALL_PLAN_TOKEN }", "{ file: plan-token }"),
    );
    const { status, stderr } = await rolecall(["plan"], { cwd: office.folder, env: office.env });
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining("mode 0644") });
    expect(stderr).not.toContain(office.env["ROLECALL_PLAN_TOKEN"]);
  });
});
