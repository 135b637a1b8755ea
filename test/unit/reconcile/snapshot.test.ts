import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdir, mkdtemp, open, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readOnce, takeSnapshot, type Snapshot } from "../../../src/reconcile/snapshot.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rolecall-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

async function look(...names: string[]): Promise<Snapshot> {
  const snapshot = await takeSnapshot({ filenames: names.map((name) => join(folder, name)) });
  if (snapshot === undefined) throw new Error("torn");
  return snapshot;
}

test("what is read is the snapshot: names, texts, and what is wrong", async () => {
  await write("m/a.yaml", "a");
  await write("m/b/c.yaml", "c");
  await write("m/bad.yaml", "");
  await writeFile(join(folder, "m/bad.yaml"), new Uint8Array([0xff]));
  const { read, fileCount, unlinked } = await look("m");
  expect(read.filenames.files.map(({ text }) => text)).toEqual(["a", "c"]);
  expect(read.filenames.diagnostics.map(({ code }) => code)).toEqual(["not-utf8"]);
  expect([fileCount, unlinked]).toEqual([3, []]);
});

describe("the digest", () => {
  const change: Readonly<Record<string, () => Promise<void>>> = {
    "another text": () => write("m/a.yaml", "b"),
    "another name": () => rename(join(folder, "m/a.yaml"), join(folder, "m/b.yaml")),
    "another file": () => write("m/b.yaml", ""),
    "a text that moved to the next file": async () => {
      await write("m/a.yaml", "");
      await write("m/z.yaml", "az");
    },
  };
  test.each(Object.keys(change))("differs after %s", async (name) => {
    await write("m/a.yaml", "a");
    await write("m/z.yaml", "z");
    const before = await look("m");
    await change[name]?.();
    expect((await look("m")).digest).not.toBe(before.digest);
  });

  test("is the same wherever the manifests lie, and whatever lies beside them", async () => {
    for (const root of ["one", "two/deep"]) {
      await write(`${root}/a.yaml`, "a");
      await write(`${root}/.git/HEAD`, root);
      await write(`${root}/..hidden/b.yaml`, root);
      await write(`${root}/README.md`, root);
    }
    expect((await look("one")).digest).toBe((await look("two/deep")).digest);
  });

  test("is one a path: what was flipped can be told from what was edited", async () => {
    await write("a/x.yaml", "x");
    await write("b/y.yaml", "y");
    const before = await look("a", "b");
    await write("b/y.yaml", "z");
    const after = await look("a", "b");
    expect(after.roots.map(({ digest }, at) => digest === before.roots[at]?.digest)).toEqual([true, false]);
  });
});

test("a path that leads nowhere is a mistake like any other, with the rest", async () => {
  await write("a/x.yaml", "x");
  const { read } = await look("a", "gone");
  expect(read.filenames.files).toHaveLength(1);
  expect(read.filenames.diagnostics.map(({ code }) => code)).toEqual(["unreadable"]);
});

test("a file without a name, as a mount of a single file that was replaced outside", async () => {
  await write("a.yaml", "old");
  const handle = await open(join(folder, "a.yaml"));
  const path = `/proc/${process.pid}/fd/${handle.fd}`;
  const before = await takeSnapshot({ filenames: [path] });
  await rm(join(folder, "a.yaml"));
  const after = await takeSnapshot({ filenames: [path] });
  await handle.close();
  expect([before?.unlinked, after?.unlinked]).toEqual([[], [path]]);
});

/** What Kubernetes does to a ConfigMap: a new folder, then one rename of the link that all others lead through. */
test("a ConfigMap is of one moment, however often it is swapped meanwhile", async () => {
  const names = Array.from({ length: 40 }, (_, at) => `f${at}.yaml`);
  await mkdir(join(folder, "m"));
  const swap = async (version: number): Promise<void> => {
    const data = join(folder, "m", `..v${version}`);
    await mkdir(data);
    for (const name of names) await writeFile(join(data, name), `v${version}`);
    await symlink(`..v${version}`, join(folder, "m", "..data_tmp"));
    await rename(join(folder, "m", "..data_tmp"), join(folder, "m", "..data"));
    if (version > 0) await rm(join(folder, "m", `..v${version - 1}`), { recursive: true });
  };
  await swap(0);
  for (const name of names) await symlink(`..data/${name}`, join(folder, "m", name));
  const swapping = { isOn: true };
  const swaps = (async () => {
    for (let version = 1; version <= 30; version++) await swap(version);
    swapping.isOn = false;
  })();
  let looks = 0;
  while (swapping.isOn) {
    const snapshot = await takeSnapshot({ filenames: [join(folder, "m")] });
    const texts = snapshot?.read.filenames.files.map(({ text }) => text) ?? [];
    looks += 1;
    // One that tore is not handed out; one with files that are gone is no valid one.
    if (snapshot?.read.filenames.diagnostics.length === 0) expect(new Set(texts).size).toBe(1);
  }
  await swaps;
  expect((await look("m")).read.filenames.files[0]?.text).toBe("v30");
  expect(looks).toBeGreaterThan(1);
});

describe("who reads once", () => {
  const nobody = (): Promise<string> => Promise.reject(new Error("nobody asked for standard input"));

  test("sees the same, with the same digest", async () => {
    await write("m/a.yaml", "a");
    await write("c/t.yaml", "t");
    const paths = { filenames: [join(folder, "m"), join(folder, "gone")], config: join(folder, "c") };
    const [once, snapshot] = [await readOnce(paths, nobody), await takeSnapshot(paths)];
    expect(once.digest).toBe(snapshot?.digest);
    expect(once.read.config?.files).toEqual(snapshot?.read.config?.files);
  });

  test("has standard input in it", async () => {
    await write("m/a.yaml", "a");
    const read = (text: string): ReturnType<typeof readOnce> =>
      readOnce({ filenames: ["-", join(folder, "m")] }, () => Promise.resolve(text));
    const [one, other] = [await read("b"), await read("c")];
    expect(one.read.filenames.files.map(({ text }) => text).sort()).toEqual(["a", "b"]);
    expect(one.digest).not.toBe(other.digest);
  });
});
