import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "@jest/globals";

import { resolveSecret } from "../../../src/secrets/source.ts";
import type { Resolved } from "../../../src/secrets/resolved.ts";
import type { Secret } from "../../../src/model/secret.ts";

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
    expect(outcome(await resolveSecret({ source: "env", name }, environment))).toBe(expected);
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
    expect(outcome(await resolveSecret({ source: "file", path: join(folder, name) }, {}))).toBe(expected);
  });

  test("a link is followed, as Kubernetes mounts secrets", async () => {
    mkdirSync(join(folder, "..2026"));
    writeFileSync(join(folder, "..2026", "token"), "text");
    symlinkSync(join("..2026", "token"), join(folder, "token"));
    expect(outcome(await resolveSecret({ source: "file", path: join(folder, "token") }, {}))).toBe("= text");
  });

  test("a pipe is refused without waiting for its writer", async () => {
    const path = join(folder, "pipe");
    execFileSync("/usr/bin/env", ["mkfifo", path]);
    expect(outcome(await resolveSecret({ source: "file", path }, {}))).toBe("secret-unreadable");
  });

  test("a problem names the reference", async () => {
    const result = await resolveSecret({ source: "file", path: "/nowhere/at/all" }, {});
    expect(result.ok ? "" : result.problems[0]?.message).toContain("/nowhere/at/all");
  });
});
