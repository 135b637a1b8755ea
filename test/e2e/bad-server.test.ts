import { readFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { rolecall, root } from "./support/command.ts";
import { secrets, target, useOffices, userCfg } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const pem = (name: string): string => readFileSync(join(root, "test", "support", "tls", name), "utf8");
const tls = { certificate: pem("self-signed.pem"), key: pem("self-signed.key") };
const fingerprint = new X509Certificate(tls.certificate).fingerprint256;

/** A port on which nothing listens. */
async function deadPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // Proof: it listens on TCP.
  const { port } = server.address() as AddressInfo;
  await once(server.close(), "close");
  return port;
}

describe("servers and credentials that are not as they should be: status 1, nothing written", () => {
  const plans = [["plan"], ["apply", "--yes"]];

  test("nobody listens", async () => {
    const { folder: cwd, env } = await offices.open();
    const nowhere = { ...env, ROLECALL_ENDPOINT: `http://127.0.0.1:${await deadPort()}` };
    for (const words of plans) {
      const { status, stdout } = await rolecall(words, { cwd, env: nowhere });
      expect({ status, stdout }).toEqual({
        status: 1,
        stdout: expect.stringContaining("server-unreachable"),
      });
    }
  });

  test("the next endpoint serves where the first is down", async () => {
    const { folder: cwd, env, write } = await offices.open();
    const first = `http://127.0.0.1:${await deadPort()}`;
    write("manifests/target.yaml", target.replace("endpoints: [", `endpoints: ["${first}", `));
    expect(await rolecall(["plan"], { cwd, env })).toMatchObject({ status: 0 });
  });

  test.each([
    ["no trust at all", "", "server-untrusted"],
    ["another fingerprint", `tls: { fingerprint: "${"AB:".repeat(31)}CD" }`, "server-untrusted"],
  ])("TLS: %s", async (_, setting, code) => {
    const { server, folder: cwd, env, write } = await offices.open({ tls });
    write("manifests/target.yaml", `${target}  ${setting}\n`);
    for (const words of plans) {
      const { status, stdout } = await rolecall(words, { cwd, env });
      expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining(code) });
    }
    expect(server.requests).toEqual([]);
  });

  test("TLS: a wrong fingerprint says both, the right one is enough", async () => {
    const { folder: cwd, env, write } = await offices.open({ tls });
    const wrong = `${"AB:".repeat(31)}CD`;
    write("manifests/target.yaml", `${target}  tls: { fingerprint: "${wrong}" }\n`);
    const { stdout } = await rolecall(["plan"], { cwd, env });
    expect(stdout).toContain(wrong);
    expect(stdout).toContain(fingerprint);
    write("manifests/target.yaml", `${target}  tls: { fingerprint: "${fingerprint}" }\n`);
    expect(await rolecall(["plan"], { cwd, env })).toMatchObject({ status: 0 });
  });

  test("a wrong token", async () => {
    const { server, folder: cwd, env } = await offices.open();
    const wrong = { ...env, ROLECALL_TOKEN: secrets.half, ROLECALL_PLAN_TOKEN: secrets.half };
    for (const words of plans) {
      const { status, stdout } = await rolecall(words, { cwd, env: wrong });
      expect({ status, stdout }).toEqual({
        status: 1,
        stdout: expect.stringContaining("server-unauthenticated"),
      });
    }
    expect(server.files()["user.cfg"]).toBe(userCfg);
  });

  test("a secret that is not set", async () => {
    const { server, folder: cwd, env } = await offices.open();
    const { status, stdout } = await rolecall(["plan"], {
      cwd,
      env: { ROLECALL_ENDPOINT: env["ROLECALL_ENDPOINT"] ?? "" },
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining("ROLECALL_PLAN_TOKEN") });
    expect(server.requests).toEqual([]);
  });

  test("a token that sees only half: nothing is planned on it, and what is missing is named", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    const half = "{ token: { id: rolecall@pve!half, secret: { env: ROLECALL_HALF_TOKEN } } }";
    write("manifests/target.yaml", target.replaceAll(/redentials: .*/gu, `redentials: ${half}`));
    for (const words of plans) {
      const { status, stdout } = await rolecall(words, { cwd, env });
      expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining("incomplete-read") });
      expect(stdout).toMatch(/Sys\.Audit on \/access/u);
    }
    expect(server.files()["user.cfg"]).toBe(userCfg);
  });

  test("a credential that can only look: what it lacks refuses the apply before the first write", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    const plan = "credentials: { token: { id: rolecall@pve!plan, secret: { env: ROLECALL_PLAN_TOKEN } } }";
    write("manifests/target.yaml", target.replace(/credentials: .*/u, plan));
    const { status, stdout } = await rolecall(["apply", "--yes"], { cwd, env });
    expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringContaining("missing-privilege") });
    expect(server.files()["user.cfg"]).toBe(userCfg);
  });

  test("a user of the realm pam without a Unix account: the server's words, and what to do", async () => {
    const { folder: cwd, env, write } = await offices.open();
    const password = "password: { from: { env: ROLECALL_SECRET_JOE } }";
    write(
      "manifests/access.yaml",
      `apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: kim@pam }\nspec: { ${password} }\n`,
    );
    const { status, stdout } = await rolecall(["apply", "--yes", "--only", "User/kim@pam"], { cwd, env });
    expect(status).toBe(1);
    expect(stdout).toMatch(/user 'kim' does not exist[\s\S]*hint: .*Unix account/u);
  });
});
