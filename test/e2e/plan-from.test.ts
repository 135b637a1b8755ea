import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { rolecall, type Ended } from "./support/command.ts";

const root = mkdtempSync(join(tmpdir(), "rolecall-e2e-plan-from-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function targetNamed(name: string, more = ""): string {
  return `apiVersion: rolecall.dev/v1
kind: Target
metadata: { name: "${name}" }
spec:
  product: pve
  # Nobody listens there, and the variable is set nowhere: neither is looked at.
  endpoints: [https://127.0.0.1:1]
  credentials: { token: { id: rolecall@pve!gitops, secret: { env: NOT_SET } } }
  prune: true
${more}`;
}

const people = `apiVersion: rolecall.dev/v1
kind: User
metadata: { name: joe@pve }
spec: { comment: "on call" }
---
apiVersion: rolecall.dev/v1
kind: ACL
metadata: { name: joe }
spec: { path: /vms, roles: [PVEVMUser], subjects: [{ user: joe@pve }] }
`;

const cfg = "user:root@pam:1:0::::::\nuser:joe@pve:1:0::::::\nacl:1:/vms:joe@pve:PVEVMUser:\n";
const callerCfg = `${cfg}user:rolecall@pve:1:0::::::\ntoken:rolecall@pve!gitops:0:0::\nacl:1:/:rolecall@pve:Administrator:\n`;

interface Layout {
  readonly [file: string]: string;
}

function plan(layout: Layout, words: readonly string[], env = {}, stdin = ""): Promise<Ended> {
  const cwd = mkdtempSync(join(root, "case-"));
  for (const [file, text] of Object.entries(layout)) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text, "latin1");
  }
  return rolecall(["plan", ...words], { cwd, env, stdin });
}

const manifests = { "manifests/target.yaml": targetNamed("dc1"), "manifests/people.yaml": people };

test("a folder is planned on without a server and without a secret, and what is not known is told", async () => {
  const files = {
    ...manifests,
    "copy/user.cfg": callerCfg,
    "copy/domains.cfg": "pam: pam\n\tcomment Linux PAM standard authentication\n",
    "copy/pveversion": "9.1.4\n",
  };
  const ended = await plan(files, ["--from", "copy", "--detailed-exitcode"]);
  expect(ended).toMatchObject({ status: 2, stderr: "" });
  expect(ended.stdout).toContain("dc1 (pve 9.1.4, as rolecall@pve!gitops)");
  expect(ended.stdout).toContain("from copy, not from the server");
  expect(ended.stdout).toContain("which members of pools exist");
  expect(ended.stdout).toContain('comment: none → "on call"');
  expect(ended.stdout).not.toContain("taken for granted");
  expect(ended.stdout).not.toContain("read whole");
  expect((await plan(files, ["--from", "copy"])).status).toBe(0);
});

test.each(["json", "markdown"])("as %s", async (format) => {
  const files = { ...manifests, "copy/user.cfg": callerCfg };
  const { stdout, status } = await plan(files, ["--from", "copy", "-o", format]);
  expect(status).toBe(0);
  expect(stdout).toContain("from copy, not from the server");
  expect(stdout).toContain("the release 9.2.11");
  expect(stdout).toContain("domains.cfg");
});

test("a file alone, and standard input", async () => {
  const files = { ...manifests, "user.cfg": callerCfg };
  const file = await plan(files, ["--from", "user.cfg", "--server-version", "8.4.1"]);
  expect(file).toMatchObject({ status: 0, stdout: expect.stringContaining("pve 8.4.1") });
  const input = await plan(manifests, ["--from", "-"], {}, callerCfg);
  expect(input).toMatchObject({ status: 0, stdout: expect.stringContaining("from standard input") });
});

test("several targets have a folder each, and one without a copy is told", async () => {
  const files = {
    ...manifests,
    "manifests/second.yaml": targetNamed("dc2"),
    "copies/dc1/user.cfg": callerCfg,
    "copies/dc2/user.cfg": callerCfg.replace("joe@pve:1:0::::::", "joe@pve:1:0::::on call::"),
  };
  const both = await plan(files, ["--from", "copies", "-o", "json"]);
  expect(both.status).toBe(0);
  const { targets } = JSON.parse(both.stdout) as {
    targets: readonly { readonly name: string; readonly summary: { readonly update: number } }[];
  };
  expect(targets.map(({ name, summary }) => [name, summary.update])).toEqual([
    ["dc1", 1],
    ["dc2", 0],
  ]);
  const { "copies/dc2/user.cfg": gone, ...rest } = files;
  expect(gone).toBeDefined();
  const one = await plan(rest, ["--from", "copies"]);
  expect(one.status).toBe(1);
  expect(one.stdout).toContain("no-copy");
  expect(one.stdout).toContain('comment: none → "on call"');
  expect((await plan(rest, ["--from", "copies", "--target", "dc1"])).status).toBe(0);
});

test("one copy for several targets is a slip", async () => {
  const files = { ...manifests, "manifests/second.yaml": targetNamed("dc2"), "copy/user.cfg": callerCfg };
  for (const from of ["copy", "copy/user.cfg"]) {
    const ended = await plan(files, ["--from", from]);
    expect(ended).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining("several targets"),
    });
  }
});

test("a target's name never leads out of the folder", async () => {
  const files = {
    ...manifests,
    "manifests/target.yaml": targetNamed("../outside"),
    "outside/user.cfg": callerCfg,
    "copies/x": "",
  };
  expect(await plan(files, ["--from", "copies"])).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining("is not of the form"),
  });
});

test("guards and policies refuse as they do on a server", async () => {
  const policy = `apiVersion: rolecall.dev/v1
kind: Policy
metadata: { name: house }
spec: { rules: [{ name: no-consoles, deny: { privileges: [VM.Console], except: [user:rolecall@pve] }, message: nobody looks }] }
`;
  const files = { ...manifests, "manifests/policy.yaml": policy, "copy/user.cfg": callerCfg };
  const ended = await plan(files, ["--from", "copy"]);
  expect(ended.status).toBe(3);
  expect(ended.stdout).toContain("nobody looks");
  expect(ended.stdout).toContain("Refused because of");
  const many = `${callerCfg}${Array.from({ length: 30 }, (_, at) => `user:u${at}@pve:1:0::::::\n`).join("")}`;
  const budget = await plan({ ...manifests, "copy/user.cfg": many }, ["--from", "copy"]);
  expect(budget).toMatchObject({ status: 3, stdout: expect.stringContaining("max-deletes") });
});

test("users of realms that the copy does not explain are taken for a directory's", async () => {
  const members = `apiVersion: rolecall.dev/v1
kind: Group
metadata: { name: ops }
spec: { members: [anna@corp] }
`;
  const withAnna = `${callerCfg}user:anna@corp:1:0::::::\n`;
  const files = { ...manifests, "manifests/ops.yaml": members, "copy/user.cfg": withAnna };
  const guessed = await plan(files, ["--from", "copy"]);
  expect(guessed.status).toBe(0);
  expect(guessed.stdout).not.toContain("- anna@corp");
});

test("who applies can be named where its id is not known here", async () => {
  const unnamed = targetNamed("dc1").replace("id: rolecall@pve!gitops", "id: { env: NOT_SET_EITHER }");
  const files = { ...manifests, "manifests/target.yaml": unnamed, "copy/user.cfg": callerCfg };
  const ended = await plan(files, ["--from", "copy"]);
  expect(ended).toMatchObject({ status: 1, stdout: expect.stringContaining("caller-unknown") });
  const named = await plan(files, ["--from", "copy", "--caller", "rolecall@pve!gitops"]);
  expect(named).toMatchObject({ status: 0, stdout: expect.stringContaining("as rolecall@pve!gitops") });
});

test.each([
  [["--from", "nowhere"], "could not be read"],
  [["--from", "manifests/people.yaml"], "is no user.cfg"],
  [["--from", "user.cfg", "--server-version", "6.4"], "is no release"],
  [["--server-version", "9.2.1"], "--server-version goes with --from"],
])("%j is refused", async (words, said) => {
  const ended = await plan({ ...manifests, "user.cfg": callerCfg }, words);
  expect(ended).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining(said) });
});

test("a saved plan is one that apply would hold itself to", async () => {
  const files = { ...manifests, "copy/user.cfg": callerCfg };
  const ended = await plan(files, ["--from", "copy", "--out", "plan.json"]);
  expect(ended.status).toBe(0);
});

test("a domains.cfg that was not copied whole is told, and one that is none is refused", async () => {
  const layout = { ...manifests, "copy/user.cfg": callerCfg, "copy/pveversion": "9.1.4\n" };
  const words = ["--from", "copy"];
  const empty = await plan({ ...layout, "copy/domains.cfg": "" }, words);
  expect(empty.stderr).toContain("domains.cfg is empty");
  const cut = await plan({ ...layout, "copy/domains.cfg": "pam: pam\n\tcomm" }, words);
  expect(cut.stderr).toContain("the last line of domains.cfg has no end");
  const other = await plan({ ...layout, "copy/domains.cfg": "garbage\n" }, words);
  expect(other).toMatchObject({ status: 1 });
  expect(other.stderr).toContain("is no domains.cfg");
});
