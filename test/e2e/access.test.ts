import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { request } from "undici";
import { recordedLines } from "../support/recordings.ts";
import { main, rolecall, type Ended } from "./support/command.ts";
import { secrets, target, useOffices, userCfg } from "./support/office.ts";

const folder = mkdtempSync(join(tmpdir(), "rolecall-e2e-access-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Each text as a file of the server's, one character a byte. */
function cfgFile(content: string): string {
  const name = join(folder, "user.cfg");
  writeFileSync(name, content, "latin1");
  return name;
}

/** What the server itself says: GET /access/permissions, by identity. */
type Answers = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, 0 | 1>>>>>>;

function subjectsOf({ stdout }: Ended): Answers {
  // Proof: a test compares it with what the server says.
  return (JSON.parse(stdout) as { readonly subjects: Answers }).subjects;
}

interface Recording {
  readonly id: number;
  readonly cfg: string;
  readonly effective: Answers;
}

describe("--from user.cfg", () => {
  const states = recordedLines<Recording>("permissions/pve-random.jsonl").filter((_, at) => at % 12 === 0);

  test.each(states)("state $id: the report is what the real server answers", async ({ cfg, effective }) => {
    const ended = await rolecall(["access", "report", "--from", cfgFile(cfg), "-o", "json"], { cwd: folder });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    const subjects = subjectsOf(ended);
    expect(Object.keys(JSON.parse(ended.stdout) as object)).toEqual(["subjects"]);
    for (const [id, permissions] of Object.entries(effective)) {
      expect({ id, permissions: subjects[id] }).toEqual({ id, permissions });
    }
    const ids = [...cfg.matchAll(/^(?:user|token):([^:]+):/gmu)].map(([, id]) => id);
    expect(Object.keys(subjects).sort()).toEqual(ids.sort());
  });

  test("needs no manifests, and takes standard input and an older release", async () => {
    const words = ["access", "who-can", "VM.Monitor", "--on", "/vms/100", "--from", "-", "-o", "json"];
    const cfg = "user:joe@pve:1:0::::::\nacl:1:/vms:joe@pve:PVEVMAdmin:\n";
    const ended = await rolecall([...words, "--server-version", "8.4.1"], { cwd: folder, stdin: cfg });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(JSON.parse(ended.stdout)).toEqual({
      privilege: "VM.Monitor",
      path: "/vms/100",
      holders: [
        { subject: "user:joe@pve", propagate: true, because: ["user joe@pve has PVEVMAdmin on /vms"] },
        { subject: "user:root@pam", propagate: true, because: ["root@pam holds every privilege"] },
      ],
    });
  });

  test("knows who is in which pool", async () => {
    const cfg = "user:joe@pve:1:0::::::\npool:dev::100::\nacl:1:/pool/dev:joe@pve:PVEVMUser:\n";
    const words = ["access", "of", "joe@pve", "--on", "/vms/100", "--from", cfgFile(cfg)];
    const { stdout, stderr } = await rolecall(words, { cwd: folder });
    expect(stderr).toBe("");
    expect(stdout).toContain("user joe@pve has PVEVMUser on /pool/dev");
  });

  test("says that a disabled user can use nothing, and what it would have", async () => {
    const cfg = "user:joe@pve:0:0::::::\nacl:1:/vms:joe@pve:PVEVMUser:\n";
    const words = ["access", "of", "user:joe@pve", "--from", cfgFile(cfg)];
    const shown = await rolecall(words, { cwd: folder });
    expect(shown.stdout).toMatch(/is disabled[\s\S]*VM\.PowerMgmt/u);
    const json = await rolecall([...words, "-o", "json"], { cwd: folder });
    expect(JSON.parse(json.stdout)).toMatchObject({
      logIn: "disabled",
      usable: false,
      paths: [{ path: "/vms" }],
    });
  });
});

describe("of a server", () => {
  const offices = useOffices();
  afterEach(offices.close);

  test("the report is what the server answers for everybody", async () => {
    const { server, folder: cwd, env } = await offices.open();
    const ended = await rolecall(["access", "report", "-o", "json"], { cwd, env });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(server.requests.every(({ method }) => method === "GET")).toBe(true);
    const subjects = subjectsOf(ended);
    const ids = ["anna@pve", "old@pve", "rolecall@pve", "rolecall@pve!gitops", "rolecall@pve!half"];
    expect(Object.keys(subjects)).toEqual([...ids, "rolecall@pve!plan", "root@pam"]);
    for (const [id, permissions] of Object.entries(subjects)) {
      const url = `${server.url}/api2/json/access/permissions?userid=${encodeURIComponent(id)}`;
      const authorization = `PVEAPIToken=rolecall@pve!gitops=${secrets.gitops}`;
      const answer = await request(url, { headers: { authorization } });
      expect(await answer.body.json()).toEqual({ data: permissions });
    }
  });

  test("planCredentials are enough, also where the id of the others is not set", async () => {
    const { folder: cwd, env, write } = await offices.open();
    write("manifests/target.yaml", target.replace("id: rolecall@pve!gitops", "id: { env: NOT_SET_HERE }"));
    const { ROLECALL_ENDPOINT = "", ROLECALL_PLAN_TOKEN = "" } = env;
    const rest = { ROLECALL_ENDPOINT, ROLECALL_PLAN_TOKEN };
    const ended = await rolecall(["access", "of", "anna@pve", "--on", "/vms"], { cwd, env: rest });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toContain("group operators has PVEVMUser on /vms");
  });

  test("what a pool gives on its members is told, and the report is the server's own answer", async () => {
    const files = {
      "user.cfg": `${userCfg}acl:1:/pool/dev:anna@pve:PVEVMUser:\npool:dev::100:local:\npool:idle::101::\n`,
      "priv/token.cfg": `rolecall@pve!plan ${secrets.plan}\n`,
    };
    const { folder: cwd, env } = await offices.open({ state: { files } });
    const ended = await rolecall(["access", "of", "anna@pve", "--on", "/storage/local"], { cwd, env });
    expect(ended).toMatchObject({ status: 0, stderr: "" });
    expect(ended.stdout).toContain("user anna@pve has PVEVMUser on /pool/dev");
    const report = subjectsOf(await rolecall(["access", "report", "-o", "json"], { cwd, env }));
    expect(Object.keys(report["anna@pve"] ?? {})).toEqual(expect.arrayContaining(["/vms/100", "/vms/101"]));
  });

  test("a token that sees only half gets no answer", async () => {
    const { folder: cwd, env, write } = await offices.open();
    const half = "{ token: { id: rolecall@pve!half, secret: { env: ROLECALL_HALF_TOKEN } } }";
    write("manifests/target.yaml", target.replaceAll(/redentials: .*/gu, `redentials: ${half}`));
    const { status, stdout, stderr } = await rolecall(["access", "report"], { cwd, env });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("incomplete-read"),
    });
  });

  test("one target is asked at a time", async () => {
    const { folder: cwd, env, write } = await offices.open();
    write(
      "manifests/second.yaml",
      target.replace("name: office", "name: second").replace("delivered", "other"),
    );
    const none = await rolecall(["access", "report"], { cwd, env });
    expect(none).toEqual({ status: 1, stdout: "", stderr: expect.stringContaining("office, second") });
    expect(await rolecall(["access", "report", "--target", "office"], { cwd, env })).toMatchObject({
      status: 0,
    });
  });
});

describe("wrong words: status 1, nothing on standard output", () => {
  const from = ["--from", "user.cfg"];

  test.each<{ title: string; words: readonly string[]; stderr: RegExp }>([
    { title: "an unknown user", words: ["of", "jo@pve", ...from], stderr: /did you mean joe@pve/u },
    {
      title: "a token named as a user",
      words: ["of", "user:joe@pve!ci", ...from],
      stderr: /no user joe@pve!ci/u,
    },
    { title: "a group", words: ["of", "group:ops", ...from], stderr: /group:ops/u },
    {
      title: "an unknown privilege",
      words: ["who-can", "VM.PowerMgt", "--on", "/", ...from],
      stderr: /did you mean VM\.PowerMgmt/u,
    },
    {
      title: "a privilege of another release",
      words: ["who-can", "VM.Monitor", "--on", "/", ...from],
      stderr: /VM\.GuestAgent\.Audit/u,
    },
    { title: "no path", words: ["who-can", "VM.Audit", ...from], stderr: /--on/u },
    {
      title: "what is no path",
      words: ["who-can", "VM.Audit", "--on", "vms", ...from],
      stderr: /vms is not a path/u,
    },
    {
      title: "a file that is not there",
      words: ["report", "--from", "none.cfg"],
      stderr: /none\.cfg.*ENOENT/u,
    },
    { title: "a file that is none", words: ["report", "--from", "other.yaml"], stderr: /no user\.cfg/u },
    {
      title: "a release that is none",
      words: ["report", ...from, "--server-version", "5"],
      stderr: /5 is no release/u,
    },
    { title: "a file and a target", words: ["report", ...from, "--target", "dc1"], stderr: /--target/u },
    { title: "a release without a file", words: ["report", "--server-version", "8.4"], stderr: /--from/u },
    { title: "CSV of a question", words: ["of", "joe@pve", ...from, "-o", "csv"], stderr: /csv/u },
  ])("$title", async ({ words, stderr }) => {
    cfgFile("user:joe@pve:1:0::::::\ntoken:joe@pve!ci:0:1::\ngroup:ops:joe@pve::\n");
    writeFileSync(join(folder, "other.yaml"), "kind: Target\n");
    const ended = await rolecall(["access", ...words], { cwd: folder });
    expect(ended).toEqual({ status: 1, stdout: "", stderr: expect.stringMatching(stderr) });
  });
});

test("who reads only the first lines gets them, and no complaint", async () => {
  const ids = Array.from({ length: 3000 }, (_, at) => `u${at}@pve`);
  const users = ids.map((id) => `user:${id}:1:0::::::\n`).join("");
  const cfg = `${users}group:ops:${ids.join(",")}::\nacl:1:/:@ops:Administrator:\n`;
  const words = ["access", "report", "--from", cfgFile(cfg), "-o", "csv"];
  const child = spawn(process.execPath, [main, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.once("data", () => child.stdout.destroy());
  const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect({ status: child.exitCode, stderr }).toEqual({ status: 0, stderr: "" });
});
