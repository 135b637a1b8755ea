import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { thisHolder, withLock, type Holder } from "../../../src/cli/audit-lock.ts";
import { systemClock } from "../../../src/support/clock.ts";
import { aClock } from "../../support/wound-clock.ts";

let folder: string;
let file: string;
let lock: string;
let other: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rolecall-lock-"));
  file = join(folder, "audit.jsonl");
  lock = join(folder, ".audit.jsonl.lock");
  other = spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"], { stdio: "ignore" });
});
afterEach(() => {
  other.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** What a lock of the other process would say, had it begun then. */
async function leave(began: string, world?: string): Promise<Holder> {
  const own = await thisHolder();
  const real = readFileSync(`/proc/${String(other.pid)}/stat`, "utf8")
    .replace(/^.*\) /u, "")
    .split(" ")[19];
  const shown = began === "as it did" ? (real ?? "") : began;
  symlinkSync([String(other.pid), shown, "some-id", world ?? own.world ?? ""].join(" "), lock);
  return own;
}

const signal = new AbortController().signal;

test("is not waited for any longer by who is to end", async () => {
  const [holder, stopping] = [await leave("as it did"), new AbortController()];
  const waiting = withLock(file, { holder, clock: systemClock, signal: stopping.signal }, () =>
    Promise.resolve(),
  );
  const reason = new Error("the daemon is stopping");
  setTimeout(() => stopping.abort(reason), 50);
  await expect(waiting).rejects.toBe(reason);
});

test("is not waited for beyond the limit, though it comes and goes", async () => {
  const [holder, clock] = [await leave("as it did"), aClock(0)];
  let asked = 0;
  // Given back before it is looked at, and taken by somebody else before it is tried again.
  const restless = {
    now: () => {
      if (asked++ > 0) rmSync(lock);
      return clock.now();
    },
    sleep: async (ms: number, of: AbortSignal) => {
      symlinkSync("somebody else's", lock);
      await clock.sleep(ms, of);
    },
  };
  await expect(withLock(file, { holder, clock: restless, signal }, () => Promise.resolve())).rejects.toThrow(
    "others hold its lock",
  );
});

test("who lives is never robbed, however long it holds the lock", async () => {
  const [holder, clock] = [await leave("as it did"), aClock(0)];
  await expect(withLock(file, { holder, clock, signal }, () => Promise.resolve())).rejects.toThrow(
    "others hold its lock",
  );
  expect([clock.now() > 60_000, readlinkSync(lock)]).toEqual([true, expect.stringContaining("some-id")]);
});

test.each([
  ["a process that has the same number and began later", "12345", undefined, 0],
  ["somebody elsewhere, of whom nobody can tell", "as it did", "another world", 10_000],
])("the lock of %s is taken", async (_, began, world, afterMs) => {
  const [holder, clock] = [await leave(began, world), aClock(0)];
  expect(await withLock(file, { holder, clock, signal }, () => Promise.resolve(clock.now() >= afterMs))).toBe(
    true,
  );
  expect(clock.now()).toBeLessThan(afterMs + 1_000);
});

test("who was robbed leaves the lock of its heir where it is", async () => {
  const [holder, clock] = [await thisHolder(), aClock(0)];
  await withLock(file, { holder, clock, signal }, () => {
    unlinkSync(lock);
    symlinkSync("the heir's", lock);
    return Promise.resolve();
  });
  expect(readlinkSync(lock)).toBe("the heir's");
});
