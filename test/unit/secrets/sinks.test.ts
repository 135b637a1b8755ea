import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "@jest/globals";

import { fileOf, type Issued } from "../../../src/model/delivery.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { SinkSettings } from "../../../src/model/target.ts";
import { wayOf } from "../../../src/secrets/sinks.ts";
import { aUserId } from "../../support/builders.ts";
import { theSurroundings } from "../../support/secret-surroundings.ts";

const dir = mkdtempSync(join(tmpdir(), "rolecall-sinks-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const issued: Issued = { kind: "password", userId: aUserId("joe@pve"), secret: new Secret("it's-a-canary") };
const surroundings = theSurroundings({ allowExec: true, environment: { PATH: process.env["PATH"] } });

const recipients = ["age18rdk2ex63pap5yg80gu5unq66vzmy0tgv94ue6ah4n7kpz67cgus0592s7"];
const sinks: readonly (readonly [SinkSettings, string, string | undefined])[] = [
  [{ kind: "file", name: "f", dir, mode: 0o600 }, "held", join(dir, "joe")],
  [{ kind: "age", name: "a", dir: join(dir, "age"), recipients }, "unknown", join(dir, "age/joe")],
  [
    { kind: "exec", name: "e", command: "cat", args: [], timeoutMs: 5000, inheritEnv: [] },
    "unknown",
    undefined,
  ],
];

test.each(sinks)(
  "what was proved is delivered, and read back where that can be: %j",
  async (sink, held, file) => {
    for (const format of ["env", "json", "raw"] as const) {
      const delivery = { sink, as: "joe", format, key: "PASSWORD" };
      expect(await wayOf(delivery).prove(issued, surroundings)).toMatchObject({ ok: true });
      expect(await wayOf(delivery).deliver(issued, surroundings)).toMatchObject({ ok: true });
      const found = await wayOf(delivery).readBack(issued, surroundings);
      expect(found.kind).toBe(held);
      if (found.kind === "held") expect(found.secret.reveal()).toBe("it's-a-canary");
      expect(fileOf(delivery)).toBe(file);
      rmSync(dir, { recursive: true, force: true });
    }
  },
);
