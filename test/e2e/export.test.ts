import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "@jest/globals";
import { rolecall, type Ended } from "./support/command.ts";
import { secrets, target, useOffices, userCfg } from "./support/office.ts";

const offices = useOffices();
const root = mkdtempSync(join(tmpdir(), "rolecall-e2e-export-"));
afterEach(() => offices.close());
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** An empty folder. */
function aFolder(): string {
  return mkdtempSync(join(root, "case-"));
}

/** An office whose manifests say nothing but the target, which prunes. */
async function aGrownOffice(): ReturnType<typeof offices.open> {
  const office = await offices.open();
  rmSync(join(office.folder, "manifests"), { recursive: true });
  office.write("manifests/target.yaml", target);
  return office;
}

describe("of a server", () => {
  test("the next plan is empty, and nothing was written", async () => {
    const { server, folder: cwd, env } = await aGrownOffice();
    const ended = await rolecall(["export", "--out", "manifests/office"], { cwd, env });
    expect(ended).toMatchObject({ status: 0, stdout: "" });
    expect(ended.stderr).toContain("in 5 files in manifests/office");
    expect(readdirSync(join(cwd, "manifests", "office"))).toEqual([
      "acl.yaml",
      "groups.yaml",
      "roles.yaml",
      "tokens.yaml",
      "users.yaml",
    ]);
    const plan = await rolecall(["plan", "--detailed-exitcode"], { cwd, env });
    expect(plan.stdout).toContain("No changes. Live state matches.");
    expect(plan.stdout).not.toContain("Unmanaged");
    expect(plan.status).toBe(0);
    expect((await rolecall(["validate"], { cwd, env })).status).toBe(0);
    expect(server.requests.every(({ method }) => method === "GET")).toBe(true);
  });

  test("what another manifest beside it declares is told", async () => {
    const { folder: cwd, env, write } = await aGrownOffice();
    const document = (kind: string, name: string): string =>
      `---\napiVersion: rolecall.dev/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: {}\n`;
    write("manifests/old.yaml", document("User", "anna@pve"));
    const beside = await rolecall(["export", "--out", "manifests/office"], { cwd, env });
    expect(beside.stderr).toContain("warning: 1 object of it is declared by another manifest, too");
    expect(beside.stderr).toContain("User anna@pve in manifests/old.yaml");
    expect((await rolecall(["plan"], { cwd, env })).stderr).toContain("duplicate-object");
    rmSync(join(cwd, "manifests", "office"), { recursive: true });
    const elsewhere = await rolecall(["export", "--out", "elsewhere"], { cwd, env });
    expect(elsewhere.stderr).not.toContain("warning");
    rmSync(join(cwd, "manifests", "old.yaml"));
    const first = await rolecall(["export", "--out", "manifests/office"], { cwd, env });
    const again = await rolecall(["export", "--out", "manifests/office", "--force"], { cwd, env });
    expect([first.stderr, again.stderr].join("")).not.toContain("warning");
  });

  test("the stream on standard output is the same, and the plan takes it", async () => {
    const { folder: cwd, env } = await aGrownOffice();
    const { stdout } = await rolecall(["export"], { cwd, env });
    const plan = await rolecall(["plan", "-c", "manifests", "-f", "-", "--detailed-exitcode"], {
      cwd,
      env,
      stdin: stdout,
    });
    expect(plan).toMatchObject({ status: 0 });
    expect(plan.stdout).toContain("No changes. Live state matches.");
  });

  test("no secret is in it", async () => {
    const { folder: cwd, env } = await aGrownOffice();
    const { stdout, stderr } = await rolecall(["export"], { cwd, env });
    for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret);
  });

  test("--only and --scope", async () => {
    const { folder: cwd, env } = await aGrownOffice();
    const only = await rolecall(["export", "--only", "Group/operators", "--only", "ACL//vms"], { cwd, env });
    expect(only.stdout.match(/^kind: .*/gmu)).toEqual(["kind: Group", "kind: ACL"]);
    expect(only.stdout.match(/^---$/gmu)).toHaveLength(1);
    const scoped = await rolecall(["export", "--scope", "users=anna@*", "--scope", "tokens=!**"], {
      cwd,
      env,
    });
    expect(scoped.stdout).toContain("anna@pve");
    expect(scoped.stdout).not.toContain("kind: Token");
    expect(scoped.stdout.match(/kind: User/gu)).toHaveLength(1);
    const unknown = await rolecall(["export", "--only", "User/nobody@pve"], { cwd, env });
    expect(unknown).toMatchObject({ status: 1, stdout: "" });
    expect(unknown.stderr).toContain("User/nobody@pve");
  });

  test("where there are several targets, each manifest names its own", async () => {
    const { folder: cwd, env, write } = await aGrownOffice();
    write(
      "manifests/second.yaml",
      target.replace("name: office", "name: second").replace("delivered", "other"),
    );
    expect(await rolecall(["export"], { cwd, env })).toMatchObject({ status: 1 });
    const { stdout } = await rolecall(["export", "--target", "office"], { cwd, env });
    expect(stdout.match(/targets: \[office\]/gu)).toHaveLength(stdout.match(/^kind: /gmu)!.length);
  });

  test("a token that sees only half exports nothing", async () => {
    const { folder: cwd, env, write } = await aGrownOffice();
    const half = "{ token: { id: rolecall@pve!half, secret: { env: ROLECALL_HALF_TOKEN } } }";
    write("manifests/target.yaml", target.replaceAll(/redentials: .*/gu, `redentials: ${half}`));
    const ended = await rolecall(["export", "--out", "out"], { cwd, env });
    expect(ended).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("incomplete-read"),
    });
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });
});

/** As a server's file, one character a byte. */
function exportOf(cfg: string, words: readonly string[] = [], cwd = aFolder()): Promise<Ended> {
  writeFileSync(join(cwd, "user.cfg"), cfg, "latin1");
  return rolecall(["export", "--from", "user.cfg", ...words], { cwd });
}

describe("files", () => {
  test("that are there are never replaced without --force", async () => {
    const cwd = aFolder();
    mkdirSync(join(cwd, "out"));
    writeFileSync(join(cwd, "out", "groups.yaml"), "mine");
    const refused = await exportOf(userCfg, ["--out", "out"], cwd);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("--force") });
    expect(refused.stderr).toContain(join("out", "groups.yaml"));
    expect(readdirSync(join(cwd, "out"))).toEqual(["groups.yaml"]);
    expect(readFileSync(join(cwd, "out", "groups.yaml"), "utf8")).toBe("mine");

    expect(await exportOf(userCfg, ["--out", "out", "--force"], cwd)).toMatchObject({ status: 0 });
    expect(readFileSync(join(cwd, "out", "groups.yaml"), "utf8")).toContain("operators");
    expect(readdirSync(join(cwd, "out")).filter((name) => !name.endsWith(".yaml"))).toEqual([]);
  });

  test("a link in a file's place is one, too, and --force replaces it and not what it leads to", async () => {
    const cwd = aFolder();
    mkdirSync(join(cwd, "out"));
    writeFileSync(join(cwd, "elsewhere"), "mine");
    symlinkSync("../elsewhere", join(cwd, "out", "users.yaml"));
    expect(await exportOf(userCfg, ["--out", "out"], cwd)).toMatchObject({ status: 1 });
    expect(await exportOf(userCfg, ["--out", "out", "--force"], cwd)).toMatchObject({ status: 0 });
    expect(readFileSync(join(cwd, "elsewhere"), "utf8")).toBe("mine");
    expect(lstatSync(join(cwd, "out", "users.yaml")).isFile()).toBe(true);
  });

  test("that an earlier export left are told", async () => {
    const cwd = aFolder();
    mkdirSync(join(cwd, "out"));
    writeFileSync(join(cwd, "out", "pools.yaml"), "");
    const ended = await exportOf(userCfg, ["--out", "out"], cwd);
    expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining("out/pools.yaml") });
  });

  test("where a folder can't be, the reason is told", async () => {
    const cwd = aFolder();
    writeFileSync(join(cwd, "out"), "");
    expect(await exportOf(userCfg, ["--out", "out"], cwd)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("could not be written to out"),
    });
  });

  test("no name of a server's becomes the name of a file", async () => {
    const cwd = aFolder();
    const cfg = "user:..@pve:1:0::::::\ngroup:..::\nrole:..::\npool:..::::\npool:../../up::::\n";
    expect(await exportOf(cfg, ["--out", "out"], cwd)).toMatchObject({ status: 0 });
    expect(readdirSync(cwd).sort()).toEqual(["out", "user.cfg"]);
    for (const name of readdirSync(join(cwd, "out"))) expect(name).toMatch(/^[a-z]+\.yaml$/u);
  });
});

describe("of a copy", () => {
  test("no manifest is read and no target needed", async () => {
    const { status, stdout, stderr } = await exportOf(userCfg);
    expect(status).toBe(0);
    expect(stdout).toContain("metadata: { name: anna@pve }");
    expect(stderr).toContain("taken for granted: the release");
  });

  test("a folder tells its release and its realms", async () => {
    const cwd = aFolder();
    const copy = join(cwd, "copy");
    mkdirSync(copy);
    writeFileSync(join(copy, "user.cfg"), "user:a@corp:1:0::::::\nrole:R:VM.Monitor:\n");
    writeFileSync(join(copy, "domains.cfg"), "pve: pve\n\tcomment x\n");
    writeFileSync(
      join(copy, "pveversion"),
      "pve-manager/8.4.1/2a5fa54a8503f96d (running kernel: 6.8.12-9-pve)\n",
    );
    const { status, stdout, stderr } = await rolecall(["export", "--from", "copy"], { cwd });
    expect(status).toBe(0);
    expect(stderr).not.toContain("taken for granted");
    // A realm that is gone is no directory any more: its users are like any others.
    expect(stdout).toContain("name: a@corp");
    expect(stdout).toContain("privileges: [VM.Monitor]");
    writeFileSync(join(copy, "pveversion"), "who knows\n");
    const broken = await rolecall(["export", "--from", "copy"], { cwd });
    expect(broken).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("pveversion") });
  });

  test("standard input", async () => {
    const ended = await rolecall(["export", "--from", "-"], { cwd: aFolder(), stdin: userCfg });
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining("name: anna@pve") });
  });

  test.each([
    ["nothing of one", "hello\nworld\n", "is no user.cfg"],
    ["no such file", undefined, "could not be read"],
  ])("%s is refused", async (_, cfg, words) => {
    const cwd = aFolder();
    if (cfg !== undefined) writeFileSync(join(cwd, "user.cfg"), cfg);
    const ended = await rolecall(["export", "--from", "user.cfg", "--out", "out"], { cwd });
    expect(ended).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining(words) });
    expect(existsSync(join(cwd, "out"))).toBe(false);
  });

  test("broken lines are passed over as the server does, and an end that was cut off is told", async () => {
    const cfg = "user:anna@pve:1:0::::::\nuser:::\nacl:1:/:nobody\ngroup:\n\u0000\u0001\nuser:cut@pv";
    const { status, stdout, stderr } = await exportOf(cfg);
    expect(status).toBe(0);
    expect(stdout).toContain("anna@pve");
    expect(stderr).toContain("may be cut off");
  });

  test("odd names and texts come out as valid manifests", async () => {
    const { folder: cwd, env } = await aGrownOffice();
    const note = encodeURIComponent("größer\n---\nkind: Role # {x}: &a *b \u202e\u0007");
    const cfg = [
      `user:"'#&*!{}[]|>@pve:1:0:${note}:::${note}::`,
      `user:${"x".repeat(60)}@pve:1:99999999999999999999::::::`,
      "user:null@pve:0:1:::::",
      `user:${Buffer.from("ü@pve").toString("latin1")}:1:0::::::`,
      "group:-:null@pve::",
      "group:Yes:nobody@pve::",
      `role:${"r".repeat(300)}::`,
      "role:true::",
      `pool:0x10:${note}::`,
      `acl:0:/:"'#&*!{}[]|>@pve,@Yes:${"r".repeat(300)},true:`,
      "",
    ].join("\n");
    const exported = await exportOf(cfg, [], cwd);
    expect(exported.status).toBe(0);
    for (const hidden of ["\u0007", "\u202e"]) expect(exported.stdout).not.toContain(hidden);
    expect(exported.stdout).toContain("scope.users.exclude");
    expect(exported.stdout).toContain("scope.roles.exclude");
    writeFileSync(join(cwd, "user.cfg"), cfg, "latin1");
    const keeping = target.replace(/prune: .*/u, "prune: false");
    writeFileSync(join(cwd, "manifests", "target.yaml"), keeping);
    const words = ["plan", "-c", "manifests", "-f", "-", "--from", "user.cfg", "--detailed-exitcode"];
    const plan = await rolecall(words, { cwd, env, stdin: exported.stdout });
    expect({ stderr: plan.stderr, status: plan.status, out: plan.stdout }).toMatchObject({
      status: 0,
      out: expect.stringContaining("No changes. Live state matches."),
    });
  });

  test.each([
    [["--server-version", "9.2.1"], "--server-version goes with --from"],
    [["--force"], "--force goes with --out"],
    [["--scope", "people=x"], "KIND=GLOB"],
    [["--only", "x"], "KIND/NAME"],
  ])("%j alone is a slip", async (words, said) => {
    const ended = await rolecall(["export", ...words], { cwd: aFolder() });
    expect(ended).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining(said) });
  });

  test("the help has examples and exit statuses", async () => {
    const { stdout } = await rolecall(["export", "--help"], { cwd: aFolder() });
    expect(stdout).toContain("rolecall export --out manifests/dc1");
    expect(stdout).toContain("Exit status:");
  });
});
