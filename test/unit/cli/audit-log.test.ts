import { afterEach, describe, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditLine } from "../../../src/apply/audit.ts";
import { openAuditLog } from "../../../src/cli/audit-log.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFile(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-audit-"));
  folders.push(folder);
  const file = join(folder, "audit.jsonl");
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

const line: AuditLine = {
  formatVersion: 1,
  time: "2026-01-01T00:00:00.000Z",
  run: "r",
  target: "dc1",
  caller: "rolecall@pve!gitops",
  write: 1,
  phase: "before",
  operation: { method: "DELETE", path: "/access/groups/ops", parameters: {} },
  changes: [],
  approvals: [],
};

describe("the audit log", () => {
  test("is made for its owner only, and grows by whole lines", async () => {
    const file = aFile();
    const log = await openAuditLog(
      file,
      new Map([
        ["max-deletes", 12],
        ["escalation", undefined],
      ]),
    );
    await log.append(line);
    await log.append({ ...line, phase: "after" });
    await log.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((text) => (JSON.parse(text) as AuditLine).phase)).toEqual(["before", "after"]);
    expect(log.approvals).toEqual(["max-deletes=12", "escalation"]);
    expect(log.problem()).toBeUndefined();
  });

  test("keeps what is there, and begins a line of its own after one that was cut", async () => {
    const file = aFile('{"old":1}\n{"cut');
    const log = await openAuditLog(file, new Map());
    await log.append(line);
    await log.close();
    const [old, cut, added] = readFileSync(file, "utf8").split("\n");
    expect([old, cut]).toEqual(['{"old":1}', '{"cut']);
    expect(JSON.parse(added ?? "")).toMatchObject({ run: "r" });
  });

  test.each<[string, (file: string) => void]>([
    ["is a symbolic link", (file) => symlinkSync("/etc/hostname", file)],
    ["is a folder", (file) => mkdirSync(file)],
    ["lies in a folder that is not there", (file) => rmSync(join(file, ".."), { recursive: true })],
  ])("that %s is refused before anything is asked", async (_, spoil) => {
    const file = aFile();
    spoil(file);
    await expect(openAuditLog(file, new Map())).rejects.toThrow(/nothing is applied/u);
  });

  test("that can't be written any more says so, and takes no more", async () => {
    const log = await openAuditLog(aFile(), new Map());
    await log.close();
    await log.append(line);
    expect(log.problem()).toMatch(/audit log .* could not be written/u);
  });
});
