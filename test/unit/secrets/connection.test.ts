import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "@jest/globals";

import { pve } from "../../../src/model/pve.ts";
import type { Credentials, Target, TextOrEnv } from "../../../src/model/target.ts";
import { resolveConnection } from "../../../src/secrets/connection.ts";
import { theSurroundings } from "../../support/secret-surroundings.ts";
import { tlsFile } from "../../support/api-server.ts";

const folder = mkdtempSync(join(tmpdir(), "rolecall-connection-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "ca.pem"), tlsFile("ca.pem"));
writeFileSync(join(folder, "no-ca.pem"), "text");

type Needed = Pick<Target, "product" | "endpoints" | "tls">;

function resolve(
  target: Partial<Needed>,
  credentials: Credentials,
  environment: Readonly<Record<string, string>> = {},
): ReturnType<typeof resolveConnection> {
  const needed: Needed = { product: "pve", endpoints: [{ text: "https://pve1:8006" }], tls: {}, ...target };
  return resolveConnection(needed, credentials, { product: pve, ...theSurroundings({ environment }) });
}

const token = (id: TextOrEnv): Credentials => ({
  kind: "token",
  id,
  secret: { source: "env", name: "SECRET" },
});

test("reads endpoints, ids, secrets and the CA file", async () => {
  const connection = await resolve(
    { endpoints: [{ env: "URL" }], tls: { fingerprint: "AB:CD", caFile: join(folder, "ca.pem") } },
    token({ env: "ID" }),
    { URL: "https://pve9:8006", ID: "ci@pve!plan", SECRET: "text" },
  );
  if (!connection.ok) throw new Error("not resolved");
  expect(connection.value).toMatchObject({
    product: "pve",
    endpoints: ["https://pve9:8006"],
    credentials: { kind: "token", id: "ci@pve!plan" },
    tls: { fingerprint: "AB:CD", ca: tlsFile("ca.pem") },
  });
  expect(connection.value.credentials.kind === "token" && connection.value.credentials.secret.reveal()).toBe(
    "text",
  );
});

describe("all problems are said at once", () => {
  test.each([
    [{}, token({ text: "ci@pve!plan" }), {}, ["secret-missing"]],
    [{}, token({ text: "ci@pve" }), { SECRET: "x" }, ["id-invalid"]],
    [
      { endpoints: [{ env: "A" }, { env: "B" }], tls: { caFile: "/nowhere" } },
      token({ env: "ID" }),
      { B: "" },
      ["text-missing", "text-missing", "text-missing", "secret-missing", "ca-unreadable"],
    ],
    [
      { tls: { caFile: join(folder, "no-ca.pem") } },
      { kind: "password", user: { text: "root@pam" }, password: { source: "file", path: "/nowhere" } },
      {},
      ["secret-missing", "ca-unreadable"],
    ],
  ] as const)("case %#", async (target, credentials, environment, codes) => {
    const connection = await resolve(target, credentials, environment);
    expect(connection.ok ? [] : connection.problems.map(({ code }) => code)).toEqual(codes);
  });
});

test("a secret in the variable of an id is not repeated", async () => {
  const connection = await resolve({}, token({ env: "ID" }), { ID: "kanari-1", SECRET: "kanari-2" });
  expect(connection.ok).toBe(false);
  expect(JSON.stringify(connection)).not.toContain("kanari");
});
