import { describe, expect, test } from "@jest/globals";
import { PassThrough } from "node:stream";
import type { Command } from "commander";
import { simulateCommand } from "../../../src/cli/simulate.ts";

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | undefined;
}

/** Runs the command until it listens, or fails. */
async function run(...words: readonly string[]): Promise<Ran> {
  const texts = { stdout: "", stderr: "" };
  const stopping = new AbortController();
  const stream = (name: "stdout" | "stderr"): PassThrough =>
    new PassThrough({
      transform: (chunk: Buffer, _, done) => {
        texts[name] += chunk.toString();
        if (texts.stdout.includes("listening")) stopping.abort();
        done();
      },
    });
  let status: number | undefined;
  const process = {
    argv: [],
    env: {},
    stdin: new PassThrough(),
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    on: () => undefined,
    removeListener: () => undefined,
  };
  const finish = (result: number): void => {
    status = result;
  };
  const command: Command = simulateCommand({
    process,
    signal: stopping.signal,
    interrupt: () => undefined,
    finish,
  });
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  await command.parseAsync(words, { from: "user" });
  return { ...texts, status };
}

describe("rolecall simulate", () => {
  test("says where it listens, and ends well when it is stopped", async () => {
    const { stdout, stderr, status } = await run("--listen", "127.0.0.1:0", "--root-password", "x");
    expect(stdout).toMatch(/^listening on http:\/\/127\.0\.0\.1:[0-9]+\n$/u);
    expect([stderr, status]).toEqual(["", 0]);
  });

  test("makes up a password and shows it once, apart from its output", async () => {
    const { stdout, stderr } = await run("--listen", "127.0.0.1:0");
    const password = /root@pam logs in with (\S+)/u.exec(stderr)?.[1] ?? "";
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(stdout).not.toContain(password);
  });

  test("warns where others can reach it", async () => {
    expect((await run("--listen", "0.0.0.0:0", "--root-password", "x")).stderr).toMatch(/^warning: /u);
  });

  test.each([
    ["--listen", "8006"],
    ["--listen", "127.0.0.1:99999"],
    ["--unix-account", "alice"],
    ["--guests", "1-5"],
    ["--guests", "110-100"],
    ["--product", "pbs"],
    ["--product", "esx"],
    ["--server-version", "6.4"],
    ["--server-version", "nine"],
  ])("%s %s is refused", async (option, value) => {
    await expect(run(option, value)).rejects.toMatchObject({ code: "commander.invalidArgument" });
  });

  test.each([
    ["--tls-cert", "x.pem"],
    ["--tls-key", "x.pem"],
    ["--state", "/nowhere/at/all"],
    ["--listen", "192.0.2.1:1"],
  ])("%s %s cannot start", async (option, value) => {
    await expect(run(option, value, "--root-password", "x")).rejects.toMatchObject({
      name: "Failure",
      exitStatus: 1,
    });
  });
});
