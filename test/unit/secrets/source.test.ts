import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "@jest/globals";

import { resolveSecret } from "../../../src/secrets/source.ts";
import type { Resolved } from "../../../src/secrets/resolved.ts";
import type { ProgramReference, Secret } from "../../../src/model/secret.ts";
import { theSurroundings } from "../../support/secret-surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "rolecall-source-"));
afterAll(() => rmSync(folder, { recursive: true }));

function outcome(result: Resolved<Secret>): string {
  return result.ok ? `= ${result.value.reveal()}` : (result.problems[0]?.code ?? "");
}

describe("env", () => {
  test.each([
    ["A", { A: "text" }, "= text"],
    ["A", { A: "text\n" }, "= text\n"],
    ["A", { A: "" }, "secret-empty"],
    ["A", {}, "secret-missing"],
    ["constructor", {}, "secret-missing"],
  ])("%s of %j is %s", async (name, environment, expected) => {
    expect(outcome(await resolveSecret({ source: "env", name }, theSurroundings({ environment })))).toBe(
      expected,
    );
  });
});

describe("file", () => {
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return name;
  };

  test.each([
    [file("plain", "text"), "= text"],
    [file("newline", "text\n"), "= text"],
    [file("windows", "text\r\n"), "= text"],
    [file("two-newlines", "text\n\n"), "= text\n"],
    [file("inner", "a\nb"), "= a\nb"],
    [file("empty", ""), "secret-empty"],
    [file("only-newline", "\n"), "secret-empty"],
    [file("full", "x".repeat(64 * 1024)), `= ${"x".repeat(64 * 1024)}`],
    [file("too-large", "x".repeat(64 * 1024 + 1)), "secret-too-large"],
    [file("binary", Uint8Array.of(0xff, 0xfe, 0x41)), "secret-unreadable"],
    ["nowhere", "secret-missing"],
    ["plain/below", "secret-missing"],
    [".", "secret-unreadable"],
  ])("%s", async (name, expected) => {
    expect(
      outcome(await resolveSecret({ source: "file", path: join(folder, name) }, theSurroundings())),
    ).toBe(expected);
  });

  test("a link is followed, as Kubernetes mounts secrets", async () => {
    mkdirSync(join(folder, "..2026"));
    writeFileSync(join(folder, "..2026", "token"), "text");
    symlinkSync(join("..2026", "token"), join(folder, "token"));
    expect(
      outcome(await resolveSecret({ source: "file", path: join(folder, "token") }, theSurroundings())),
    ).toBe("= text");
  });

  test("a pipe is refused without waiting for its writer", async () => {
    const path = join(folder, "pipe");
    execFileSync("/usr/bin/env", ["mkfifo", path]);
    expect(outcome(await resolveSecret({ source: "file", path }, theSurroundings()))).toBe(
      "secret-unreadable",
    );
  });

  test("a problem names the reference", async () => {
    const result = await resolveSecret({ source: "file", path: "/nowhere/at/all" }, theSurroundings());
    expect(result.ok ? "" : result.problems[0]?.message).toContain("/nowhere/at/all");
  });
});

test.each([
  [0o644, 1],
  [0o660, 1],
  [0o604, 1],
  [0o640, 0],
  [0o600, 0],
  [0o700, 0],
])("a file of mode %o brings %i warning", async (mode, count) => {
  const path = join(folder, `mode-${mode}`);
  writeFileSync(path, "canary-text");
  chmodSync(path, mode);
  const warnings: string[] = [];
  const logger = { warn: (message: string) => void warnings.push(message) };
  expect(outcome(await resolveSecret({ source: "file", path }, theSurroundings({ logger })))).toBe(
    "= canary-text",
  );
  expect(warnings).toHaveLength(count);
  expect(warnings.join("")).not.toContain("canary");
});

describe("exec", () => {
  const program = (script: string, timeoutMs = 5000): ProgramReference => ({
    source: "exec",
    command: process.execPath,
    args: ["-e", script],
    timeoutMs,
    inheritEnv: ["FOR_IT"],
  });
  const run = (reference: ProgramReference, allowExec = true): Promise<Resolved<Secret>> =>
    resolveSecret(
      reference,
      theSurroundings({
        allowExec,
        environment: { FOR_IT: "from outside", LC_ALL: "C.UTF-8", ROLECALL_TOKEN: "canary" },
      }),
    );

  test.each([
    ["what it prints, without the newline", program("console.log('text')"), "= text"],
    ["only one newline is cut", program("process.stdout.write('text\\n\\n')"), "= text\n"],
    ["it has the variables", program("console.log(process.env.FOR_IT)"), "= from outside"],
    [
      "it has no others",
      program("console.log(['LC_ALL', 'ROLECALL_TOKEN'].map((name) => process.env[name]).join())"),
      "= C.UTF-8,",
    ],
    [
      "it has none that is not named",
      { ...program("console.log(process.env.FOR_IT)"), inheritEnv: [] },
      "= undefined",
    ],
    ["nothing", program(""), "secret-empty"],
    ["a status", program("console.log('text'); process.exitCode = 3"), "exec-failed"],
    ["a signal", program("process.kill(process.pid, 'SIGTERM')"), "exec-failed"],
    ["too much", program("process.stdout.write('x'.repeat(70000))"), "exec-failed"],
    ["no end", program("setInterval(() => {}, 1000)", 300), "exec-failed"],
    ["no program", { ...program(""), command: "/nowhere/program" }, "exec-failed"],
  ])("%s", async (_, reference, expected) => {
    expect(outcome(await run(reference))).toBe(expected);
  });

  test("a variable that it should have and that is not set is named where it fails", async () => {
    const result = await run({ ...program("process.exitCode = 1"), inheritEnv: ["FOR_IT", "VAULT_TOKEN"] });
    expect(result.ok ? "" : result.problems[0]?.message).toMatch(/\(inheritEnv\) VAULT_TOKEN is not set/u);
  });

  test("is off unless it is allowed", async () => {
    const result = await run(program("console.log('text')"), false);
    expect(outcome(result)).toBe("exec-off");
    expect(result.ok ? "" : result.problems[0]?.message).toContain("--allow-exec");
  });

  test("no shell reads the arguments", async () => {
    const args = ["-e", "console.log(process.argv[1])", "$(id); *"];
    expect(outcome(await run({ ...program(""), args }))).toBe("= $(id); *");
  });

  test("what it printed is in no problem", async () => {
    const result = await run(program("console.log('canary'); console.error('canary'); process.exitCode = 1"));
    expect(JSON.stringify(result)).not.toContain("canary");
  });

  test("what it started ends with it", async () => {
    const child =
      "require('child_process').spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)'], { stdio: 'inherit' })";
    const started = Date.now();
    const result = await run(
      program(
        `const c = ${child}; require('fs').writeFileSync(${JSON.stringify(join(folder, "child.pid"))}, String(c.pid))`,
        1500,
      ),
    );
    expect(outcome(result)).toBe("exec-failed");
    expect(Date.now() - started).toBeLessThan(10_000);
    const pid = Number(readFileSync(join(folder, "child.pid"), "utf8"));
    await waitFor(() => !isAlive(pid));
    expect(isAlive(pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A child that ended and was not waited for is there by name only.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100 && !condition(); attempt++) {
    await new Promise((settle) => setTimeout(settle, 20));
  }
}
