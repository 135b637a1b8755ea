import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFiles } from "../../../src/manifest/read.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rolecall-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function read(...paths: string[]): Promise<{ texts: string[]; codes: string[]; names: string[] }> {
  const { files, diagnostics } = await readFiles(
    paths.map((path) => (path === "-" ? path : join(folder, path))),
    () => Promise.resolve("in"),
  );
  const names = files.map(({ name }) => name.replace(`${folder}/`, ""));
  return { texts: files.map(({ text }) => text), codes: diagnostics.map(({ code }) => code), names };
}

test("a folder is read all the way down, by path", async () => {
  await write({
    "b.yaml": "1",
    "a/c.yml": "2",
    "a/b/d.json": "3",
    "note.md": "4",
    ".git/x.yaml": "5",
    ".y.yaml": "6",
  });
  expect(await read(".")).toEqual({
    texts: ["3", "2", "1"],
    codes: [],
    names: ["a/b/d.json", "a/c.yml", "b.yaml"],
  });
});

test("kustomize's own files are left out", async () => {
  await write({ "kustomization.yaml": "1", "a/kustomization.yml": "2", "a/b.yaml": "3" });
  expect((await read(".")).texts).toEqual(["3"]);
});

test("a file is read whatever its name, and once", async () => {
  await write({ "a.txt": "1", "b.yaml": "2" });
  expect((await read("a.txt", "b.yaml", ".", "a.txt")).texts).toEqual(["1", "2"]);
});

test("standard input", async () => {
  await write({ "a.yaml": "1" });
  expect((await read("-", "a.yaml", "-")).texts.sort()).toEqual(["1", "in"]);
});

describe("links", () => {
  test("a swap as Kubernetes makes it is read once", async () => {
    await write({ "m/..2026/a.yaml": "1" });
    await symlink("..2026", join(folder, "m/..data"));
    await symlink("..data/a.yaml", join(folder, "m/a.yaml"));
    expect(await read("m")).toMatchObject({ texts: ["1"], codes: [] });
  });

  test("a folder that is a link itself", async () => {
    await write({ "v1/a.yaml": "1" });
    await symlink("v1", join(folder, "current"));
    expect(await read("current")).toMatchObject({ texts: ["1"], codes: [], names: ["current/a.yaml"] });
  });

  test("a circle ends", async () => {
    await write({ "m/a.yaml": "1" });
    await symlink("..", join(folder, "m/up"));
    await symlink(".", join(folder, "m/same"));
    expect((await read("m")).texts).toEqual(["1"]);
  });

  test("one that leads out of the folder is refused, not shown", async () => {
    await write({ "secret.yaml": "hunter2", "m/a.yaml": "1" });
    await symlink("../secret.yaml", join(folder, "m/b.yaml"));
    expect(await read("m")).toMatchObject({ texts: ["1"], codes: ["outside-folder"] });
  });

  test("one that leads nowhere", async () => {
    await write({ "m/a.yaml": "1" });
    await symlink("gone", join(folder, "m/b.yaml"));
    expect(await read("m")).toMatchObject({ texts: ["1"], codes: ["unreadable"] });
  });
});

describe("what cannot be read", () => {
  test.each<[string, Readonly<Record<string, string | Uint8Array>>, string, string]>([
    ["a path that leads nowhere", {}, "gone", "unreadable"],
    ["a folder without a manifest", { "m/a.md": "" }, "m", "no-manifests"],
    ["more than 8 MiB", { "a.yaml": " ".repeat(8 * 1024 * 1024 + 1) }, "a.yaml", "file-too-large"],
    ["what is not UTF-8", { "a.yaml": Uint8Array.of(0x61, 0xff, 0xfe) }, "a.yaml", "not-utf8"],
  ])("%s", async (_name, files, path, code) => {
    await write(files);
    expect(await read(path)).toMatchObject({ texts: [], codes: [code] });
  });

  test("8 MiB are not too much", async () => {
    await write({ "a.yaml": " ".repeat(8 * 1024 * 1024) });
    expect((await read("a.yaml")).codes).toEqual([]);
  });
});

test("no name reaches a terminal raw", async () => {
  await write({ "a\u001b[2Jb.yaml": "1" });
  expect((await read(".")).names).toEqual(["a\\u{1b}[2Jb.yaml"]);
  const { diagnostics } = await readFiles([join(folder, "\u001b[2J")], () => Promise.resolve(""));
  expect(JSON.stringify(diagnostics)).not.toMatch(/\\u001b\[/u);
});

test("a path named by mistake is given up, and says so", async () => {
  const deep = Array.from({ length: 40 }, () => "d").join("/");
  await write({ [`${deep}/a.yaml`]: "1", "b.yaml": "2" });
  expect(await read(".")).toMatchObject({ texts: ["2"], codes: ["too-many-files"] });
});
