import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lookAtGit } from "../../../src/reconcile/git-head.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "rolecall-")));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The real Git: what it writes is what must be read. */
function git(...words: readonly string[]): string {
  const who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...who, ...words], { cwd: folder, encoding: "utf8", stdio: "pipe" }).trim();
}

function commit(text: string): string {
  mkdirSync(join(folder, "m/deep"), { recursive: true });
  writeFileSync(join(folder, "m/deep/a.yaml"), text);
  git("add", "-A");
  git("commit", "-qm", text);
  return git("rev-parse", "HEAD");
}

describe("the commit of a work tree", () => {
  test("is found from any folder and file in it", async () => {
    git("init", "-q");
    const head = commit("1");
    for (const path of ["", "m", "m/deep", "m/deep/a.yaml"])
      expect(await lookAtGit(join(folder, path))).toEqual({ commit: head, lock: undefined });
  });

  test("is followed over branches, detached heads and packed references", async () => {
    git("init", "-q");
    const first = commit("1");
    git("checkout", "-qb", "feature/x");
    const second = commit("2");
    expect((await lookAtGit(folder))?.commit).toBe(second);
    git("pack-refs", "--all");
    expect((await lookAtGit(folder))?.commit).toBe(second);
    git("checkout", "-q", "--detach", first);
    expect((await lookAtGit(folder))?.commit).toBe(first);
  });

  test("is that of a linked work tree, whose references lie elsewhere", async () => {
    git("init", "-q");
    const first = commit("1");
    git("branch", "other");
    git("worktree", "add", "-q", join(folder, "linked"), "other");
    commit("2");
    expect((await lookAtGit(join(folder, "linked/m")))?.commit).toBe(first);
  });

  test("is unknown before the first one", async () => {
    git("init", "-q");
    expect(await lookAtGit(folder)).toEqual({ commit: undefined, lock: undefined });
  });
});

test("Git at work is seen by its lock, in a linked work tree too", async () => {
  git("init", "-q");
  commit("1");
  git("worktree", "add", "-q", "--detach", join(folder, "linked"));
  const lock = join(folder, ".git/worktrees/linked/index.lock");
  writeFileSync(lock, "");
  expect((await lookAtGit(join(folder, "linked")))?.lock).toBe(lock);
  expect((await lookAtGit(folder))?.lock).toBeUndefined();
});

test("no work tree, no commit", async () => {
  // The folder for temporary files lies in none.
  expect(await lookAtGit(folder)).toBeUndefined();
  expect(await lookAtGit(join(folder, "gone"))).toBeUndefined();
});

test.each([
  ["a reference that leads out", "ref: refs/heads/../../../secret\n"],
  ["no reference", "whatever\n"],
  ["nothing", ""],
])("a HEAD with %s gives no commit", async (_, head) => {
  mkdirSync(join(folder, ".git"));
  writeFileSync(join(folder, "secret"), `${"a".repeat(40)}\n`);
  writeFileSync(join(folder, ".git/HEAD"), head);
  expect(await lookAtGit(folder)).toEqual({ commit: undefined, lock: undefined });
});
