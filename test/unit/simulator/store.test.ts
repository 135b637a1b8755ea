import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolderStore, openMemoryStore } from "../../../src/simulator/store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "store-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe.each([
  ["in memory", () => openMemoryStore({})],
  ["in a folder", () => openFolderStore(folder)],
])("a store %s", (_, open) => {
  test("gives back what it was given", () => {
    const store = open();
    expect(store.read("user.cfg")).toBeUndefined();
    store.write("user.cfg", "a");
    store.write("priv/realm/corp.pw", "ü");
    expect(store.read("user.cfg")).toBe("a");
    expect(store.read("priv/realm/corp.pw")).toBe("ü");
    store.write("user.cfg", "名");
    expect(store.read("user.cfg")).toBe(Buffer.from("名", "utf8").toString("latin1"));
    store.remove("user.cfg");
    store.remove("user.cfg");
    expect(store.read("user.cfg")).toBeUndefined();
    expect(store.files()).toEqual({ "priv/realm/corp.pw": "ü" });
  });
});

describe("a folder", () => {
  test("sees what somebody else wrote", () => {
    const store = openFolderStore(folder);
    store.write("user.cfg", "mine");
    expect(store.read("user.cfg")).toBe("mine");
    writeFileSync(join(folder, "user.cfg"), "theirs!");
    expect(store.read("user.cfg")).toBe("theirs!");
  });

  test("keeps what is in priv/ for the owner, and leaves no drafts", () => {
    const store = openFolderStore(folder);
    store.write("priv/token.cfg", "secret");
    store.write("user.cfg", "x");
    expect(statSync(join(folder, "priv/token.cfg")).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "priv")).mode & 0o077).toBe(0);
    expect([...readdirSync(folder), ...readdirSync(join(folder, "priv"))].sort()).toEqual([
      "priv",
      "token.cfg",
      "user.cfg",
    ]);
  });

  test("tightens a file that lay open", () => {
    mkdirSync(join(folder, "priv"));
    writeFileSync(join(folder, "priv/shadow.cfg"), "", { mode: 0o644 });
    openFolderStore(folder).write("priv/shadow.cfg", "x");
    expect(statSync(join(folder, "priv/shadow.cfg")).mode & 0o777).toBe(0o600);
  });

  test("a character is a byte, or else UTF-8", () => {
    const store = openFolderStore(folder);
    store.write("user.cfg", "ü");
    expect(readFileSync(join(folder, "user.cfg"))).toEqual(Buffer.from([0xfc]));
    store.write("user.cfg", "名");
    expect(readFileSync(join(folder, "user.cfg"))).toEqual(Buffer.from("名", "utf8"));
  });
});
