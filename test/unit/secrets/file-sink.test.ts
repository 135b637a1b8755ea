import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import type { Issued, SecretDelivery } from "../../../src/model/delivery.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { FileSinkSettings } from "../../../src/model/target.ts";
import { fileSink } from "../../../src/secrets/file-sink.ts";
import type { Resolved } from "../../../src/secrets/resolved.ts";
import { aTokenId } from "../../support/builders.ts";
import { canMount, mountTinyDisk } from "../../support/tiny-disk.ts";
import { theSurroundings } from "../../support/secret-surroundings.ts";

let world: string;
let dir: string;
beforeEach(() => {
  world = mkdtempSync(join(tmpdir(), "rolecall-sink-"));
  dir = join(world, "sink");
  mkdirSync(dir);
});
afterEach(() => rmSync(world, { recursive: true, force: true }));

const issued: Issued = {
  kind: "token",
  tokenId: aTokenId("ci@pve!deploy"),
  secret: new Secret("0b4e-canary"),
};

const aSink = (folder: string): FileSinkSettings => ({ kind: "file", name: "ci", dir: folder, mode: 0o600 });

function aDelivery(as: string, also: Partial<SecretDelivery> = {}): SecretDelivery {
  return { sink: aSink(dir), as, format: "raw", key: "TOKEN", ...also };
}

const prove = (delivery: SecretDelivery, folder = dir): Promise<Resolved<string>> =>
  fileSink.prove(aSink(folder), delivery, issued, theSurroundings());
const deliver = (delivery: SecretDelivery, folder = dir): Promise<Resolved<string>> =>
  fileSink.deliver(aSink(folder), delivery, issued, theSurroundings());

function codeOf(result: Resolved<string>): string {
  return result.ok ? "ok" : (result.problems[0]?.code ?? "");
}

/** Everything below the world: names, kinds and texts. */
function picture(folder = world): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .sort()
    .map((name) => {
      const path = join(folder, name);
      return lstatSync(path).isFile() ? `${name}: ${readFileSync(path, "utf8")}` : name;
    });
}

describe("a delivery", () => {
  test("is one file, for its owner only, in folders for their owner only", async () => {
    expect(await deliver(aDelivery("team/a/token"))).toEqual({ ok: true, value: join(dir, "team/a/token") });
    expect(picture()).toEqual(["sink", "sink/team", "sink/team/a", "sink/team/a/token: 0b4e-canary"]);
    expect(statSync(join(dir, "team/a/token")).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, "team/a")).mode & 0o777).toBe(0o700);
  });

  test("replaces what was there, and its mode", async () => {
    writeFileSync(join(dir, "token"), "old", { mode: 0o644 });
    expect(codeOf(await deliver(aDelivery("token")))).toBe("ok");
    expect(picture()).toEqual(["sink", "sink/token: 0b4e-canary"]);
    expect(statSync(join(dir, "token")).mode & 0o777).toBe(0o600);
  });

  test("replaces a link, and leaves alone what it leads to", async () => {
    writeFileSync(join(world, "victim"), "untouched");
    symlinkSync(join(world, "victim"), join(dir, "token"));
    expect(codeOf(await deliver(aDelivery("token")))).toBe("ok");
    expect(picture()).toEqual(["sink", "sink/token: 0b4e-canary", "victim: untouched"]);
  });

  test.each([
    ["raw", "0b4e-canary"],
    ["env", "TOKEN='ci@pve!deploy=0b4e-canary'\n"],
    [
      "json",
      `${JSON.stringify({ tokenid: "ci@pve!deploy", secret: "0b4e-canary", token: "ci@pve!deploy=0b4e-canary" }, null, 2)}\n`,
    ],
  ] as const)("as %s", async (format, text) => {
    await deliver(aDelivery("token", { format }));
    expect(readFileSync(join(dir, "token"), "utf8")).toBe(text);
  });
});

describe("a sink that can't be written", () => {
  const cases: readonly (readonly [string, string, () => SecretDelivery])[] = [
    [
      "the file is a folder",
      "sink-unwritable",
      () => {
        mkdirSync(join(dir, "token"));
        return aDelivery("token");
      },
    ],
    [
      "a file is where a folder belongs",
      "sink-unwritable",
      () => {
        writeFileSync(join(dir, "team"), "");
        return aDelivery("team/token");
      },
    ],
    ["the file is outside", "sink-escape", () => aDelivery("../token")],
    ["the file is the sink's folder", "sink-escape", () => aDelivery(".")],
    [
      "a link leads out",
      "sink-escape",
      () => {
        mkdirSync(join(world, "outside"));
        symlinkSync(join(world, "outside"), join(dir, "link"));
        return aDelivery("link/token");
      },
    ],
    [
      "a link leads out further up",
      "sink-escape",
      () => {
        mkdirSync(join(world, "outside"));
        symlinkSync(join(world, "outside"), join(dir, "link"));
        return aDelivery("link/new/token");
      },
    ],
    [
      "a link leads nowhere",
      "sink-unwritable",
      () => {
        symlinkSync(join(dir, "nothing"), join(dir, "link"));
        return aDelivery("link/token");
      },
    ],
    [
      "the variable's name is a command",
      "sink-key-invalid",
      () => aDelivery("token", { format: "env", key: "A;id" }),
    ],
    [
      "the name is too long for the file system",
      "sink-unwritable",
      () => aDelivery(`${"x".repeat(300)}/token`),
    ],
  ];

  test.each(cases)(
    "because %s: proof and delivery say so and leave nothing behind",
    async (_, code, arrange) => {
      const delivery = arrange();
      const before = picture();
      expect(codeOf(await prove(delivery))).toBe(code);
      expect(codeOf(await deliver(delivery))).toBe(code);
      expect(picture()).toEqual(before);
    },
  );

  // Modes don't hold the superuser back.
  const unprivileged = process.getuid?.() === 0 ? test.skip : test;
  unprivileged("because its folder is read-only", async () => {
    chmodSync(dir, 0o500);
    expect(codeOf(await prove(aDelivery("token")))).toBe("sink-unwritable");
    expect(codeOf(await prove(aDelivery("team/token")))).toBe("sink-unwritable");
    chmodSync(dir, 0o700);
    expect(picture()).toEqual(["sink"]);
  });

  test("because the file system is the kernel's own", async () => {
    const folder = "/proc/self";
    expect(codeOf(await prove(aDelivery("token"), folder))).toBe("sink-unwritable");
    expect(codeOf(await prove(aDelivery("a/token"), folder))).toBe("sink-unwritable");
  });
});

describe("a proof", () => {
  test.each(["token", "team/a/token"])("of %s leaves nothing behind", async (file) => {
    writeFileSync(join(dir, "other"), "stays");
    const before = picture();
    expect(codeOf(await prove(aDelivery(file)))).toBe("ok");
    expect(picture()).toEqual(before);
  });

  test("leaves the file that is there as it is", async () => {
    writeFileSync(join(dir, "token"), "old");
    expect(codeOf(await prove(aDelivery("token")))).toBe("ok");
    expect(picture()).toEqual(["sink", "sink/token: old"]);
  });

  test("holds for a sink's folder that does not exist yet", async () => {
    const missing = join(world, "a/b");
    const delivery = aDelivery("token");
    expect(codeOf(await prove(delivery, missing))).toBe("ok");
    expect(existsSync(dirname(missing))).toBe(false);
    expect(codeOf(await deliver(delivery, missing))).toBe("ok");
    expect(statSync(missing).mode & 0o777).toBe(0o700);
  });

  test("holds for a sink's folder that is a link itself", async () => {
    symlinkSync(dir, join(world, "current"));
    const delivery = aDelivery("token");
    expect(codeOf(await prove(delivery, join(world, "current")))).toBe("ok");
  });
});

describe("what is there already", () => {
  const other = "TOKEN='other@pve!x=00'\n";
  test.each<[string, SecretDelivery["format"], string, string]>([
    ["other variables stay", "env", "A=1\n", "A=1\nTOKEN='ci@pve!deploy=0b4e-canary'\n"],
    [
      "an older secret goes",
      "env",
      "TOKEN='ci@pve!deploy=old'\nA=1\n",
      "TOKEN='ci@pve!deploy=0b4e-canary'\nA=1\n",
    ],
    ["nothing", "json", "\n", `${JSON.stringify(parts("0b4e-canary"), null, 2)}\n`],
    [
      "an older secret goes",
      "json",
      JSON.stringify(parts("old")),
      `${JSON.stringify(parts("0b4e-canary"), null, 2)}\n`,
    ],
    ["an older secret goes", "raw", "old\n", "0b4e-canary"],
    ["one of another format goes", "raw", "TOKEN='ci@pve!deploy=old'\n", "0b4e-canary"],
    [
      "one of another variable goes",
      "env",
      "OLD='ci@pve!deploy=old'\n",
      "TOKEN='ci@pve!deploy=0b4e-canary'\n",
    ],
    ["one of another format goes", "raw", JSON.stringify(parts("old")), "0b4e-canary"],
    [
      "one of another format goes",
      "env",
      JSON.stringify(parts("old")),
      "TOKEN='ci@pve!deploy=0b4e-canary'\n",
    ],
    ["one of another format goes", "env", "0b4e-old", "TOKEN='ci@pve!deploy=0b4e-canary'\n"],
  ])("%s (%s)", async (_, format, before, after) => {
    writeFileSync(join(dir, "token"), before);
    expect(codeOf(await prove(aDelivery("token", { format })))).toBe("ok");
    expect(codeOf(await deliver(aDelivery("token", { format })))).toBe("ok");
    expect(readFileSync(join(dir, "token"), "utf8")).toBe(after);
  });

  test.each<[string, SecretDelivery["format"], string | Uint8Array]>([
    ["another token's secret", "env", other],
    ["another token's secret", "json", JSON.stringify({ ...parts("x"), tokenid: "other@pve!x" })],
    ["a quote that is open", "env", "A='1\n"],
    ["somebody's JSON", "json", '{ "name": "x" }'],
    ["no JSON", "json", "hello there"],
    ["somebody's variable", "raw", "A=1\n"],
    ["another token's secret", "raw", JSON.stringify({ ...parts("x"), tokenid: "other@pve!x" })],
    ["several lines", "raw", "one\ntwo\n"],
    ["bytes", "raw", Uint8Array.of(0xff, 0xfe)],
  ])("%s is left as it is (%s)", async (_, format, before) => {
    writeFileSync(join(dir, "token"), before);
    for (const result of [
      await prove(aDelivery("token", { format })),
      await deliver(aDelivery("token", { format })),
    ]) {
      expect(codeOf(result)).toBe("sink-occupied");
      expect(JSON.stringify(result)).not.toContain("=00");
    }
    expect(readFileSync(join(dir, "token"))).toEqual(Buffer.from(before));
  });
});

function parts(secret: string): Record<string, string> {
  return { tokenid: "ci@pve!deploy", secret, token: `ci@pve!deploy=${secret}` };
}

describe("reading back", () => {
  const read = (as: string, format: SecretDelivery["format"] = "raw"): ReturnType<typeof fileSink.readBack> =>
    fileSink.readBack(aSink(dir), aDelivery(as, { format }), issued, theSurroundings());

  test.each(["raw", "env", "json"] as const)("gives what was delivered as %s", async (format) => {
    await deliver(aDelivery("token", { format }));
    const found = await read("token", format);
    expect(found.kind === "held" ? found.secret.reveal() : found.message).toBe("0b4e-canary");
  });

  test.each<[string, SecretDelivery["format"], string | undefined, string]>([
    ["nothing", "raw", undefined, "not-held"],
    ["an empty file", "raw", "", "not-held"],
    ["other variables", "env", "A=1\n", "not-held"],
    ["a secret alone", "json", "hello", "not-held"],
    ["another token's variable", "env", "TOKEN='other@pve!x=00'\n", "occupied"],
    ["another token's parts", "json", JSON.stringify({ ...parts("x"), tokenid: "other@pve!x" }), "occupied"],
    ["notes", "json", "ask anna", "occupied"],
    ["notes", "raw", "ask anna", "occupied"],
  ])("%s as %s", async (_, format, text, kind) => {
    if (text !== undefined) writeFileSync(join(dir, "token"), text);
    expect((await read("token", format)).kind).toBe(kind);
  });

  test("follows no link", async () => {
    writeFileSync(join(world, "victim"), "canary");
    symlinkSync(join(world, "victim"), join(dir, "token"));
    expect((await read("token")).kind).toBe("unknown");
  });
});

describe("mode and owner", () => {
  const deliverAs = (also: Partial<FileSinkSettings>, as = "token"): Promise<Resolved<string>> =>
    fileSink.deliver({ ...aSink(dir), ...also }, aDelivery(as), issued, theSurroundings());

  test("a group may be let at it", async () => {
    const umask = process.umask(0o077);
    expect(codeOf(await deliverAs({ mode: 0o640 }, "team/token"))).toBe("ok");
    process.umask(umask);
    expect(statSync(join(dir, "team/token")).mode & 0o777).toBe(0o640);
  });

  test("a name that the system does not know", async () => {
    expect(codeOf(await deliverAs({ owner: { user: "nobody-of-that-name" } }))).toBe("sink-owner-unknown");
    expect(picture()).toEqual(["sink"]);
  });

  const privileged = process.getuid?.() === 0 ? test : test.skip;
  privileged("it may be given to others, with the folders that were made for it", async () => {
    expect(codeOf(await deliverAs({ owner: { user: "nobody", group: "65534" } }, "team/token"))).toBe("ok");
    for (const path of ["team", "team/token"]) {
      expect(statSync(join(dir, path))).toMatchObject({ uid: 65534, gid: 65534 });
    }
    expect(statSync(dir).uid).toBe(0);
  });

  const unprivileged = process.getuid?.() === 0 ? test.skip : test;
  unprivileged("only root gives files away", async () => {
    expect(codeOf(await deliverAs({ owner: { user: "0" } }))).toBe("sink-unwritable");
    expect(picture()).toEqual(["sink"]);
  });
});

describe("a disk without room", () => {
  const withTinyDisk = canMount() ? test : test.skip;
  withTinyDisk("is found before the token is made, and leaves nothing behind", async () => {
    const unmount = mountTinyDisk(dir);
    try {
      writeFileSync(join(dir, "other"), "x".repeat(4000));
      const result = await prove(aDelivery("token"));
      expect(codeOf(result)).toBe("sink-unwritable");
      expect(result.ok ? "" : result.problems[0]?.message).toContain("the disk is full");
      expect(codeOf(await deliver(aDelivery("token")))).toBe("sink-unwritable");
      expect(readdirSync(dir)).toEqual(["other"]);
    } finally {
      unmount();
    }
  });
});
