import { existsSync } from "node:fs";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "@jest/globals";
import { root } from "./support/command.ts";

/** A disk in memory, where there is one: every point syncs some files. */
const quickDisk = existsSync("/dev/shm") ? { TMPDIR: "/dev/shm" } : {};

test("cut off after any answer, file operation or audit line, every scenario of tokens and of all kinds converges", async () => {
  const words = [join(root, "scripts/run.mjs"), join(root, "test/crash/crash.mjs"), "--real", "all kinds"];
  const { stdout } = await promisify(execFile)(process.execPath, words, {
    cwd: root,
    env: { ...process.env, ...quickDisk },
  });
  const [, points, killed] = /^crash points: (\d+), of a killed process: (\d+),/mu.exec(stdout) ?? [];
  process.stdout.write(stdout);
  expect(Number(points)).toBeGreaterThan(950);
  expect(Number(killed)).toBeGreaterThan(140);
}, 1_200_000);
