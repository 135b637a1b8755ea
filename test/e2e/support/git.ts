// In: a folder. Out: Git in it, as somebody whom every machine knows.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";

export function gitIn(folder: string): (...words: readonly string[]) => string {
  mkdirSync(folder, { recursive: true });
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
  return (...words) =>
    execFileSync("git", [...who, ...words], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
}
