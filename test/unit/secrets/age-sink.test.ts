import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { armor, Decrypter, generateX25519Identity, identityToRecipient } from "age-encryption";

import type { Issued, SecretDelivery } from "../../../src/model/delivery.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { AgeSinkSettings } from "../../../src/model/target.ts";
import { ageSink } from "../../../src/secrets/age-sink.ts";
import { aTokenId } from "../../support/builders.ts";
import { theSurroundings } from "../../support/secret-surroundings.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "rolecall-age-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const issued: Issued = {
  kind: "token",
  tokenId: aTokenId("ci@pve!deploy"),
  secret: new Secret("0b4e-canary"),
};

function aSink(recipients: readonly string[]): AgeSinkSettings {
  return { kind: "age", name: "team", dir, recipients };
}

function aDelivery(sink: AgeSinkSettings, as = "deploy.age"): SecretDelivery {
  return { sink, as, format: "raw", key: "TOKEN" };
}

async function decrypted(file: string, identity: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return await decrypter.decrypt(armor.decode(readFileSync(file, "utf8")), "text");
}

describe("age", () => {
  test("encrypts to every recipient, armoured, and replaces what it encrypted before", async () => {
    const identities = [await generateX25519Identity(), await generateX25519Identity()] as const;
    const sink = aSink(await Promise.all(identities.map((identity) => identityToRecipient(identity))));
    const deliver = (secret: string): Promise<unknown> =>
      ageSink.deliver(sink, aDelivery(sink), { ...issued, secret: new Secret(secret) }, theSurroundings());
    expect(await deliver("old")).toEqual({ ok: true, value: join(dir, "deploy.age") });
    expect(await deliver("0b4e-canary")).toMatchObject({ ok: true });
    const file = join(dir, "deploy.age");
    expect(readFileSync(file, "utf8")).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/u);
    expect(readFileSync(file, "utf8")).not.toContain("canary");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const identity of identities) expect(await decrypted(file, identity)).toBe("0b4e-canary");
  });

  test("a proof leaves nothing behind", async () => {
    const sink = aSink([await identityToRecipient(await generateX25519Identity())]);
    expect(await ageSink.prove(sink, aDelivery(sink), issued, theSurroundings())).toMatchObject({ ok: true });
    expect(readdirSync(dir)).toEqual([]);
  });

  test("leaves alone what was not encrypted", async () => {
    const sink = aSink([await identityToRecipient(await generateX25519Identity())]);
    writeFileSync(join(dir, "deploy.age"), "notes");
    expect(await ageSink.prove(sink, aDelivery(sink), issued, theSurroundings())).toMatchObject({
      problems: [{ code: "sink-occupied" }],
    });
    expect(readFileSync(join(dir, "deploy.age"), "utf8")).toBe("notes");
  });

  test("a recipient that is none is told before anything is made, and not repeated", async () => {
    const sink = aSink(["age1canary"]);
    const proved = await ageSink.prove(sink, aDelivery(sink), issued, theSurroundings());
    expect(proved).toMatchObject({ ok: false, problems: [{ code: "sink-recipient-invalid" }] });
    expect(JSON.stringify(proved)).not.toContain("canary");
  });

  test("can't be read back", async () => {
    const sink = aSink([]);
    expect(await ageSink.readBack(sink, aDelivery(sink), issued, theSurroundings())).toMatchObject({
      kind: "unknown",
    });
  });
});
