import { readdirSync, readFileSync, renameSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { AuditLine } from "../../src/apply/audit.ts";
import { rolecall, type Ended } from "./support/command.ts";
import { openGate, type Gate } from "./support/gate.ts";
import { useOffices, type Office } from "./support/office.ts";
import { useDaemons } from "./support/watching.ts";

const offices = useOffices();
const daemons = useDaemons();
const gates: Gate[] = [];
afterEach(async () => {
  await daemons.close();
  for (const gate of gates.splice(0)) await gate.close();
  await offices.close();
});

const user = (name: string): string =>
  `apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: ${name}@pve }\n`;

function run(words: readonly string[], { folder, env }: Pick<Office, "folder" | "env">): Promise<Ended> {
  return rolecall(words, { cwd: folder, env });
}

/** The files of the log, the oldest first. */
function logFiles({ folder }: Pick<Office, "folder">): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /^audit.*\.jsonl$/u.test(name))
    .sort();
}

function verify(office: Pick<Office, "folder" | "env">, ...words: readonly string[]): Promise<Ended> {
  return run(["audit", "verify", ...words, ...logFiles(office)], office);
}

function linesOf(office: Pick<Office, "folder">): readonly (AuditLine & { readonly hash: string })[] {
  const text = logFiles(office).map((name) => readFileSync(join(office.folder, name), "utf8"));
  // Proof: only for whole logs, which the command has written.
  return text
    .join("")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as AuditLine & { readonly hash: string });
}

describe("audit verify", () => {
  test("proves what apply wrote, and names what was changed afterwards", async () => {
    const office = await offices.open();
    const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    const git = (...words: readonly string[]): string =>
      execFileSync("git", [...who, ...words], { cwd: office.folder, encoding: "utf8" }).trim();
    for (const words of [
      ["init", "--quiet"],
      ["add", "manifests"],
      ["commit", "--quiet", "-m", "all"],
    ])
      git(...words);
    expect(await run(["apply", "--yes", "--audit-log", "audit.jsonl"], office)).toMatchObject({ status: 0 });
    const lines = linesOf(office);
    const last = lines.at(-1)?.hash ?? "";
    const whole = await verify(office, "--expect", last);
    expect(whole).toMatchObject({
      status: 0,
      stdout: `audit.jsonl: whole, ${lines.length} lines, ${lines.length / 2} writes\nlast hash: ${last}\n`,
    });
    expect(lines[0]?.manifests).toEqual({
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/u),
      commit: git("rev-parse", "HEAD"),
    });

    const file = join(office.folder, "audit.jsonl");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace('"phase":"after"', '"phase":"before"'));
    expect(await verify(office)).toMatchObject({
      status: 2,
      stdout: expect.stringContaining("error audit.jsonl:2: changed: the line was changed"),
    });
    writeFileSync(file, text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1));
    const cut = await verify(office, "-o", "json", "--expect", last);
    expect({ status: cut.status, ...(JSON.parse(cut.stdout) as object) }).toMatchObject({
      status: 2,
      result: "broken",
      absent: [last],
      open: [{ line: lines.length - 1 }],
    });
  });

  test("takes a file from standard input, and ends with 1 where one can't be read", async () => {
    const office = await offices.open();
    await run(["apply", "--yes", "--audit-log", "audit.jsonl"], office);
    const stdin = readFileSync(join(office.folder, "audit.jsonl"), "utf8");
    expect(await rolecall(["audit", "verify", "-"], { cwd: office.folder, stdin })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("standard input: whole"),
    });
    for (const file of ["none.jsonl", "manifests"])
      expect(await rolecall(["audit", "verify", file], { cwd: office.folder })).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(`${file} can't be read`),
      });
    expect(await rolecall(["audit", "verify", "--expect", "5b", "x"], { cwd: office.folder })).toMatchObject({
      status: 1,
    });
  });
});

test("audit verify tells what is no audit log, and what is empty, from what is broken and whole", async () => {
  const office = await offices.open();
  writeFileSync(join(office.folder, "empty.jsonl"), "");
  const at = { cwd: office.folder };
  expect(await rolecall(["audit", "verify", "manifests/target.yaml"], at)).toMatchObject({
    status: 2,
    stdout: expect.stringMatching(/^manifests\/target\.yaml: not an audit log, .* lines/u),
  });
  expect(await rolecall(["audit", "verify", "empty.jsonl"], at)).toMatchObject({
    status: 0,
    stdout:
      "empty.jsonl: empty, 0 lines, 0 writes\n" +
      "  notice empty.jsonl: nothing is proved of an empty file: one that was emptied looks the same\n" +
      "no line has a hash\n",
  });
  const { stdout } = await rolecall(["audit", "verify", "-o", "json", "empty.jsonl"], at);
  expect(JSON.parse(stdout)).toMatchObject({ result: "empty", files: [{ result: "empty", lines: 0 }] });
  expect(await rolecall(["audit", "verify", "--expect", "5b".repeat(32), "empty.jsonl"], at)).toMatchObject({
    status: 2,
  });
});

describe("the daemon's audit log", () => {
  test("is one chain over full files, with apply beside it, and says which manifests asked", async () => {
    const office = await offices.open();
    const words = ["--audit-log", "audit.jsonl", "--audit-max-size", "2KiB"];
    const daemon = await daemons.open(office, ...words);
    let { observedDigest } = await daemon.untilPass("office", "synced");
    for (const name of ["eve", "ida", "max"]) {
      office.write(`manifests/${name}.yaml`, user(name));
      const beside = run(["apply", "--yes", ...words], office);
      ({ observedDigest } = await daemon.untilPass("office", "synced", observedDigest));
      await beside;
    }
    expect(logFiles(office).length).toBeGreaterThan(3);
    const { auditLog } = await daemon.status();
    expect(auditLog).toMatchObject({ writable: true });
    const last = auditLog?.lastHash ?? "";
    expect(daemon.log).toContainEqual(expect.objectContaining({ message: "audit log", last }));
    expect(await verify(office, "--expect", last)).toMatchObject({ status: 0 });
    const of = linesOf(office).filter(({ changes }) => changes.some(({ name }) => name === "max@pve"));
    expect(new Set(of.map(({ manifests }) => manifests.digest))).toEqual(new Set([observedDigest]));
    expect(of[0]?.changes[0]).toMatchObject({ source: { file: "manifests/max.yaml", line: 3 } });
    await daemon.stop();
  });

  test("that can't be written means that nothing is, until it can again", async () => {
    const office = await offices.open();
    const daemon = await daemons.open(office, "--audit-log", "audit.jsonl");
    const { observedDigest } = await daemon.untilPass("office", "synced");
    const [file, away] = [join(office.folder, "audit.jsonl"), join(office.folder, "away")];
    renameSync(file, away);
    mkdirSync(file);
    const writes = (): number => office.server.requests.filter(({ method }) => method !== "GET").length;
    const before = writes();
    office.write("manifests/eve.yaml", user("eve"));
    const { conditions } = await daemon.untilPass("office", "failed", observedDigest);
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: "Synced", status: "False", reason: "AuditLog" }),
    );
    expect(conditions).toContainEqual(expect.objectContaining({ type: "Reachable", status: "True" }));
    expect((await daemon.status()).auditLog).toMatchObject({ writable: false });
    expect((await daemon.get("/metrics")).text).toContain("rolecall_audit_log_writable 0");
    expect(writes()).toBe(before);

    rmSync(file, { recursive: true });
    renameSync(away, file);
    await daemon.until("eve", () => office.server.files()["user.cfg"]?.includes("eve@pve") === true, 20_000);
    await daemon.untilPass("office", "synced");
    expect((await daemon.get("/metrics")).text).toContain("rolecall_audit_log_writable 1");
    expect(await verify(office)).toMatchObject({ status: 0 });
  });

  test("that somebody changes behind its back is an alarm, and the proof shows it", async () => {
    const office = await offices.open();
    const daemon = await daemons.open(office, "--audit-log", "audit.jsonl");
    const { observedDigest } = await daemon.untilPass("office", "synced");
    expect((await daemon.status()).auditLog).toMatchObject({ intact: true });
    expect((await daemon.get("/metrics")).text).toContain("rolecall_audit_log_intact 1");
    const file = join(office.folder, "audit.jsonl");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.slice(0, text.lastIndexOf("\n", text.length - 2) + 1));
    office.write("manifests/eve.yaml", user("eve"));
    await daemon.untilPass("office", "synced", observedDigest);
    expect((await daemon.status()).auditLog).toMatchObject({
      writable: true,
      intact: false,
      breach: expect.stringContaining("its end was cut off"),
    });
    expect((await daemon.get("/metrics")).text).toContain("rolecall_audit_log_intact 0");
    expect((await daemon.get("/")).text).toContain("The audit log needs you.");
    expect(daemon.log).toContainEqual(
      expect.objectContaining({
        level: "error",
        message: expect.stringContaining("was changed by somebody else"),
      }),
    );
    expect(await verify(office)).toMatchObject({ status: 2, stdout: expect.stringContaining(": missing:") });
  });

  test("of a daemon that was killed is whole, tells of the write that was under way, and goes on", async () => {
    const office = await offices.open();
    let isStuck = false;
    const gate = await openGate(office.server.url, async (before) => {
      isStuck ||= before === 2;
      if (before === 2) await wait(60_000, undefined, { ref: false });
    });
    gates.push(gate);
    const first = await daemons.open(
      { folder: office.folder, env: { ...office.env, ROLECALL_ENDPOINT: gate.url } },
      "--audit-log",
      "audit.jsonl",
    );
    await first.until("the third write", () => isStuck);
    await first.stop("SIGKILL");
    const killed = await verify(office);
    expect(killed).toMatchObject({ status: 0, stdout: expect.stringContaining("no outcome of") });
    const second = await daemons.open(office, "--audit-log", "audit.jsonl");
    await second.untilPass("office", "synced");
    expect(await verify(office)).toMatchObject({ status: 0 });
  });

  test("that can't be had ends it before anything is asked", async () => {
    const office = await offices.open();
    const words = ["watch", "--listen", "none", "--audit-log", "missing/audit.jsonl"];
    expect(await run(words, office)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("missing/audit.jsonl can't be written (ENOENT)"),
    });
    expect(office.server.requests).toEqual([]);
  });
});
