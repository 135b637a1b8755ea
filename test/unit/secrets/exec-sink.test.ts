import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "@jest/globals";

import type { Issued, SecretDelivery } from "../../../src/model/delivery.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { ExecSinkSettings } from "../../../src/model/target.ts";
import { execSink } from "../../../src/secrets/exec-sink.ts";
import type { Resolved } from "../../../src/secrets/resolved.ts";
import { aTokenId } from "../../support/builders.ts";
import { theSurroundings } from "../../support/secret-surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "rolecall-exec-"));
afterAll(() => rmSync(folder, { recursive: true }));

const issued: Issued = {
  kind: "token",
  tokenId: aTokenId("ci@pve!deploy"),
  secret: new Secret("0b4e-canary"),
};
const allowed = theSurroundings({
  allowExec: true,
  environment: { PATH: process.env["PATH"], MINE: "1", MINE_TOO: "canary" },
});

function aSink(script: string, also: Partial<ExecSinkSettings> = {}): ExecSinkSettings {
  return {
    kind: "exec",
    name: "hook",
    command: process.execPath,
    args: ["-e", script],
    timeoutMs: 10_000,
    inheritEnv: ["MINE"],
    ...also,
  };
}

function aDelivery(sink: ExecSinkSettings, also: Partial<SecretDelivery> = {}): SecretDelivery {
  return { sink, as: "dc1/deploy", format: "json", key: "TOKEN", ...also };
}

const deliver = (sink: ExecSinkSettings, also: Partial<SecretDelivery> = {}): Promise<Resolved<string>> =>
  execSink.deliver(sink, aDelivery(sink, also), issued, allowed);
const prove = (sink: ExecSinkSettings, surroundings = allowed): Promise<Resolved<string>> =>
  execSink.prove(sink, aDelivery(sink), issued, surroundings);

function codeOf(result: Resolved<string>): string {
  return result.ok ? "ok" : (result.problems[0]?.code ?? "");
}

/** A program that writes down all that it was told. */
function noting(file: string): string {
  return `let text = ""; process.stdin.on("data", (c) => text += c).on("end", () =>
    require("fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify({ text, args: process.argv.slice(1),
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => /^ROLECALL|^MINE/.test(name))) })))`;
}

describe("a program", () => {
  test("gets the secret on its standard input, and whose it is beside it", async () => {
    const file = join(folder, "noted");
    const args = ["-e", noting(file), "{other}", "$(id)"];
    expect(codeOf(await deliver(aSink("", { args })))).toBe("ok");
    // Proof: the program above wrote it.
    const noted = JSON.parse(readFileSync(file, "utf8")) as { text: string; args: string[]; env: object };
    expect(JSON.parse(noted.text)).toEqual({
      tokenid: "ci@pve!deploy",
      secret: "0b4e-canary",
      token: "ci@pve!deploy=0b4e-canary",
    });
    expect(noted.args).toEqual(["{other}", "$(id)"]);
    expect(noted.env).toEqual({
      MINE: "1",
      ROLECALL_TARGET: "dc1",
      ROLECALL_KIND: "token",
      ROLECALL_ID: "ci@pve!deploy",
      ROLECALL_AS: "dc1/deploy",
      ROLECALL_FORMAT: "json",
    });
  });

  test("as raw, the secret alone", async () => {
    const file = join(folder, "raw");
    await deliver(aSink(noting(file)), { format: "raw" });
    expect(readFileSync(file, "utf8")).toContain('"text":"0b4e-canary"');
  });

  test("may leave its input unread", async () => {
    expect(codeOf(await deliver(aSink("process.exit(0)")))).toBe("ok");
  });

  test.each([
    ["ends with a status", aSink("process.exitCode = 7"), /status 7/u],
    ["ends by a signal", aSink("process.kill(process.pid)"), /SIGTERM/u],
    ["hangs", aSink("setInterval(() => {}, 1000)", { timeoutMs: 300 }), /0\.3 s and was killed/u],
    ["is not there", aSink("", { command: "/nowhere/at/all" }), /ENOENT/u],
  ])("that %s did not take it", async (_, sink, words) => {
    const result = await deliver(sink);
    expect(codeOf(result)).toBe("exec-failed");
    expect(result.ok ? "" : result.problems[0]?.message).toMatch(words);
  });

  test("that prints the secret shows it to nobody", async () => {
    const echo =
      "process.stdin.pipe(process.stderr); process.stdin.on('data', (c) => console.log(String(c))); process.exitCode = 1";
    const result = await deliver(aSink(echo));
    expect(codeOf(result)).toBe("exec-failed");
    expect(JSON.stringify(result)).not.toContain("canary");
  });
});

describe("a proof", () => {
  test("does not start it", async () => {
    const file = join(folder, "started");
    expect(codeOf(await prove(aSink(noting(file))))).toBe("ok");
    expect(existsSync(file)).toBe(false);
  });

  test("says that programs are off", async () => {
    const result = await prove(aSink(""), theSurroundings());
    expect(codeOf(result)).toBe("exec-off");
    expect(codeOf(await execSink.deliver(aSink(""), aDelivery(aSink("")), issued, theSurroundings()))).toBe(
      "exec-off",
    );
  });

  test.each([
    ["finds it by PATH", "sh", "ok"],
    ["says that PATH has none", "no-such-program-anywhere", "sink-unwritable"],
    ["says that it is no program", join(folder, "text"), "sink-unwritable"],
    ["says that it is not there", "/nowhere/at/all", "sink-unwritable"],
  ])("%s", async (_, command, code) => {
    writeFileSync(join(folder, "text"), "", { mode: 0o644 });
    expect(codeOf(await prove(aSink("", { command })))).toBe(code);
  });
});

test("nothing is read back", async () => {
  const sink = aSink("");
  expect((await execSink.readBack(sink, aDelivery(sink), issued, allowed)).kind).toBe("unknown");
});
