import { afterEach, describe, expect, test } from "@jest/globals";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openAuditLog, type OpenAuditLog } from "../../../src/cli/audit-log.ts";
import { chainLine, sealOf } from "../../../src/apply/audit-chain.ts";
import { auditLine, proved } from "../../support/audit-lines.ts";
import { aHeardLogger } from "../../support/quiet.ts";
import { canMount, mountTinyDisk } from "../../support/tiny-disk.ts";

const { logger, log: heard } = aHeardLogger();
const about = { logger, signal: new AbortController().signal };
const folders: string[] = [];
const logs: OpenAuditLog[] = [];
afterEach(async () => {
  heard.splice(0);
  for (const log of logs.splice(0)) await log.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFile(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), "rolecall-audit-"));
  folders.push(folder);
  const file = join(folder, "audit.jsonl");
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

/** As another process would open it, unless it is said to be one. */
async function opened(file: string, maximumBytes = Infinity, pid = process.pid): Promise<OpenAuditLog> {
  const log = await openAuditLog(file, {
    ...about,
    maximumBytes,
    holder: { pid, began: "1", world: undefined },
  });
  logs.push(log);
  return log;
}

let count = 0;
async function add(log: OpenAuditLog, times = 1): Promise<void> {
  for (let at = 0; at < times; at++) {
    count += 1;
    expect(await log.append({ ...auditLine, run: `r${count}` })).toBeUndefined();
  }
}

const textsOf = (...files: readonly string[]): readonly string[] =>
  files.map((file) => readFileSync(file, "utf8"));

/** All files of the log, the full ones first. */
function filesOf(file: string): readonly string[] {
  return readdirSync(dirname(file))
    .sort()
    .map((name) => join(dirname(file), name));
}

const linesOf = (file: string): number => readFileSync(file, "utf8").trimEnd().split("\n").length;

describe("the audit log", () => {
  test("is made for its owner only, grows by whole lines, and leaves nothing else behind", async () => {
    const file = aFile();
    const log = await opened(file);
    await add(log, 2);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(proved(textsOf(file))).toMatchObject({ broken: undefined, last: log.lastHash() });
    expect(filesOf(file)).toEqual([file]);
  });

  test("goes on from the last line of the file, and knows of one that was cut off", async () => {
    const file = aFile();
    await add(await opened(file));
    writeFileSync(file, `${textsOf(file).join("")}{"formatVersion":1,"cut`);
    await add(await opened(file));
    expect(proved(textsOf(file))).toMatchObject({ broken: undefined, files: [{ lines: 3, torn: [2] }] });
  });

  test("is one chain for all who add to it at once", async () => {
    const file = aFile();
    const all = await Promise.all([1, 2, 3].map((pid) => opened(file, 2_000, pid)));
    await Promise.all(all.map((log) => add(log, 10)));
    const files = filesOf(file);
    expect(files.length).toBeGreaterThan(3);
    expect(proved(textsOf(...files))).toMatchObject({ broken: undefined });
    expect(files.map(linesOf).reduce((a, b) => a + b)).toBe(30);
  });

  test.each<[string, (file: string) => void]>([
    ["is a symbolic link", (file) => symlinkSync("/etc/hostname", file)],
    ["is a folder", (file) => mkdirSync(file)],
    ["lies in a folder that is not there", (file) => rmSync(join(file, ".."), { recursive: true })],
    ["is another file", (file) => writeFileSync(file, "- a list\n".repeat(100))],
  ])("that %s is refused before anything is asked", async (_, spoil) => {
    const file = aFile();
    spoil(file);
    await expect(openAuditLog(file, { ...about, maximumBytes: Infinity })).rejects.toThrow(
      /nothing is applied/u,
    );
  });

  test("says while it can't be written, and goes on when it can", async () => {
    const file = aFile();
    const log = await opened(file);
    await add(log);
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    expect(await log.append(auditLine)).toMatch(/audit log .* could not be written/u);
    expect(log.problem()).toMatch(/could not be written/u);
    rmSync(file, { recursive: true });
    renameSync(`${file}.away`, file);
    await add(log);
    expect(log.problem()).toBeUndefined();
    expect(proved(textsOf(file))).toMatchObject({ broken: undefined, files: [{ lines: 2 }] });
  });

  (canMount() ? test : test.skip)("takes back what a full disk cut off", async () => {
    const file = aFile();
    const unmount = mountTinyDisk(dirname(file));
    try {
      const log = await opened(file);
      let problem: string | undefined;
      for (let at = 0; at < 40 && problem === undefined; at++) problem = await log.append(auditLine);
      expect(problem).toMatch(/ENOSPC/u);
      const { files, broken } = proved(textsOf(file));
      expect({ files, broken }).toMatchObject({ broken: undefined, files: [{ torn: [] }] });
    } finally {
      for (const log of logs.splice(0)) await log.close();
      unmount();
    }
  });
});

describe("when nothing more is to be begun", () => {
  test("a line before a write does not wait for a lock, nor does a log that is to be opened", async () => {
    const [file, stopping] = [aFile(), new AbortController()];
    const holder = { pid: process.pid, began: "1", world: "the world" };
    const options = { ...about, signal: stopping.signal, maximumBytes: Infinity, holder };
    const log = await openAuditLog(file, options);
    logs.push(log);
    symlinkSync(`${process.pid} 1 some-id elsewhere`, join(dirname(file), ".audit.jsonl.lock"));
    const appended = log.append(auditLine);
    const opening = openAuditLog(file, options);
    stopping.abort(new Error("the daemon is stopping"));
    await expect(opening).rejects.toThrow("the daemon is stopping");
    expect(await appended).toMatch(/could not be written \(the daemon is stopping\)/u);
  });

  test("the outcome of a write does", async () => {
    const [file, stopping] = [aFile(), new AbortController()];
    const holder = { pid: process.pid, began: "1", world: "the world" };
    const options = { ...about, signal: stopping.signal, maximumBytes: Infinity, holder };
    const log = await openAuditLog(file, options);
    logs.push(log);
    const lock = join(dirname(file), ".audit.jsonl.lock");
    symlinkSync(`${process.pid} 1 some-id elsewhere`, lock);
    const appended = log.append({ ...auditLine, phase: "after", outcome: { status: "done" } });
    stopping.abort(new Error("the daemon is stopping"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    rmSync(lock);
    expect(await appended).toBeUndefined();
  });
});

describe("a lock that was left behind", () => {
  test.each([
    ["by a process that is gone", "999999999"],
    ["by one that had the same number", String(process.pid)],
  ])("%s is taken at once", async (_, pid) => {
    const file = aFile();
    symlinkSync(`${pid} 1 some-id the world`, join(dirname(file), ".audit.jsonl.lock"));
    const holder = { pid: process.pid, began: "1", world: "the world" };
    const log = await openAuditLog(file, { ...about, maximumBytes: Infinity, holder });
    logs.push(log);
    await add(log);
    expect(filesOf(file)).toEqual([file]);
  });

  test("by somebody elsewhere is waited for", async () => {
    const file = aFile();
    const lock = join(dirname(file), ".audit.jsonl.lock");
    symlinkSync(`${process.pid} 1 some-id elsewhere`, lock);
    const holder = { pid: process.pid, began: "1", world: "the world" };
    const opening = openAuditLog(file, { ...about, maximumBytes: Infinity, holder });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(filesOf(file)).toEqual([lock]);
    rmSync(lock);
    logs.push(await opening);
  });
});

describe("a full file", () => {
  test("gets the next number, keeps its mode, and the chain goes on in a new one", async () => {
    const file = aFile();
    const log = await opened(file, 1_000);
    await add(log);
    const { mode } = statSync(file);
    await add(log, 5);
    const files = filesOf(file);
    expect(files.slice(0, 2).map((path) => path.slice(dirname(file).length + 1))).toEqual([
      "audit.000001.jsonl",
      "audit.000002.jsonl",
    ]);
    expect(files.map((path) => statSync(path).mode)).toEqual(files.map(() => mode));
    expect(files.every((path) => statSync(path).size <= 1_000)).toBe(true);
    expect(proved(textsOf(...files)).broken).toBeUndefined();
  });

  test("is gone on from where the process died before there was a new one, or a line in it", async () => {
    for (const next of [undefined, ""]) {
      const file = aFile();
      await add(await opened(file), 2);
      const full = join(dirname(file), "audit.000001.jsonl");
      renameSync(file, full);
      if (next !== undefined) writeFileSync(file, next);
      await add(await opened(file));
      expect(proved(textsOf(full, file))).toMatchObject({
        broken: undefined,
        files: [{ lines: 2 }, { lines: 1 }],
      });
    }
  });
});

describe("what others do to the file", () => {
  test.each<[string, (file: string, kept: string) => void]>([
    ["renamed", (file, kept) => renameSync(file, kept)],
    [
      "renamed, with an empty one in its place",
      (file, kept) => {
        renameSync(file, kept);
        writeFileSync(file, "");
      },
    ],
    [
      "copied and emptied",
      (file, kept) => {
        copyFileSync(file, kept);
        truncateSync(file);
      },
    ],
  ])("%s, it goes on in the new one", async (_, rotate) => {
    const file = aFile();
    const log = await opened(file);
    await add(log, 2);
    rotate(file, `${file}.1`);
    await add(log, 2);
    expect(log.breach()).toBeUndefined();
    expect(proved(textsOf(`${file}.1`, file))).toMatchObject({
      broken: undefined,
      files: [{ lines: 2 }, { lines: 2 }],
    });
  });

  const edited = (text: string): string => text.replace(/"run":"r(\d+)"(?=.*\n$)/u, '"run":"x$1"');
  const lastOf = (text: string): string => text.slice(text.lastIndexOf("\n", text.length - 2) + 1);

  test.each<[string, (file: string, text: string) => void, string]>([
    ["cut its end off", (file, text) => truncateSync(file, text.indexOf("\n") + 1), "cut off"],
    ["removed it", (file) => rmSync(file), "removed"],
    ["changed its last line", (file, text) => writeFileSync(file, edited(text)), "is another one"],
    [
      "changed a copy and put it there",
      (file, text) => {
        writeFileSync(`${file}.new`, edited(text));
        renameSync(`${file}.new`, file);
      },
      "behind the one",
    ],
    [
      "left its last line out, with a chain that holds",
      (file, text) => {
        const [first = ""] = text.split("\n");
        const tail = { hash: sealOf(Buffer.from(first))?.claimed, torn: [] };
        const forged = chainLine({ ...auditLine, target: "t".repeat(2_000) }, tail).text;
        writeFileSync(file, `${first}\n${forged}`);
      },
      "is another one",
    ],
    ["added a line", (file, text) => writeFileSync(file, `${text}{"a":1}\n`), "behind the one"],
    ["added one twice", (file, text) => writeFileSync(file, text + lastOf(text)), "behind the one"],
  ])("who %s is told of, once, and the chain shows it", async (_, tamper, words) => {
    const file = aFile();
    const log = await opened(file);
    await add(log, 3);
    expect([log.breach(), heard]).toEqual([undefined, []]);
    tamper(file, textsOf(file).join(""));
    await add(log, 2);
    expect(log.breach()).toContain(words);
    expect(heard.map(({ level, message }) => [level, message])).toEqual([["error", log.breach()]]);
    expect(proved(textsOf(file)).broken).toBeDefined();
  });

  test("while nobody watched, in its last line, is told when it is opened", async () => {
    const file = aFile();
    await add(await opened(file), 2);
    writeFileSync(file, edited(textsOf(file).join("")));
    expect((await opened(file)).breach()).toContain("its last line was changed");
  });

  test("is no breach where others go on with it, over several full files", async () => {
    const file = aFile();
    const log = await opened(file, 1_000, 1);
    const other = await opened(file, 1_000, 2);
    await add(log);
    await add(other, 9);
    expect(filesOf(file).length).toBeGreaterThan(3);
    await add(log);
    await add(other);
    expect([log.breach(), other.breach(), heard]).toEqual([undefined, undefined, []]);
    expect(proved(textsOf(...filesOf(file)))).toMatchObject({ broken: undefined });
  });
});
