import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { request } from "undici";
import { rolecall, root } from "./support/command.ts";
import { secrets, useOffices } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const isWrite = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method !== "GET" && path !== "/access/ticket";

describe("the way from a plan to an empty plan", () => {
  test("validate, plan, apply, and nothing is left to do", async () => {
    const { server, folder: cwd, env } = await offices.open();
    expect(await rolecall(["validate"], { cwd })).toMatchObject({ status: 0, stderr: "" });

    const planned = await rolecall(["plan", "--detailed-exitcode"], { cwd, env });
    expect(planned).toMatchObject({ status: 2, stderr: "" });
    expect(planned.stdout).toMatch(/\+ joe@pve[\s\S]*- old@pve[\s\S]*VMOperator/u);
    expect(server.requests.filter(isWrite)).toEqual([]);

    const applied = await rolecall(["apply", "--yes"], { cwd, env });
    expect(applied).toMatchObject({ status: 0, stderr: "" });
    expect(server.files()["user.cfg"]).toMatch(
      /^user:joe@pve:1:0:[\s\S]*^group:operators:anna@pve,joe@pve:/mu,
    );
    expect(server.files()["user.cfg"]).not.toContain("old@pve");

    const before = server.requests.length;
    expect(await rolecall(["plan", "--detailed-exitcode"], { cwd, env })).toMatchObject({ status: 0 });
    expect(server.requests.length - before).toBeLessThanOrEqual(8);

    const again = await rolecall(["apply", "--yes"], { cwd, env });
    expect(again).toMatchObject({ status: 0 });
  });

  test("a new token's secret is in its file, for its owner only, and works", async () => {
    const { server, folder: cwd, env } = await offices.open();
    expect(await rolecall(["apply", "--yes"], { cwd, env })).toMatchObject({ status: 0 });
    const file = join(cwd, "delivered", "deploy.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    // Proof: the sink's format json has this field.
    const { token } = JSON.parse(readFileSync(file, "utf8")) as { readonly token: string };
    const answer = await request(`${server.url}/api2/json/access/permissions`, {
      headers: { authorization: `PVEAPIToken=${token}` },
    });
    const permissions = await answer.body.json();
    expect(answer.statusCode).toBe(200);
    expect(permissions).toMatchObject({ data: { "/vms": { "VM.Audit": 1 } } });
  });

  test("the new user's initial password works", async () => {
    const { server, folder: cwd, env } = await offices.open();
    await rolecall(["apply", "--yes"], { cwd, env });
    const answer = await request(`${server.url}/api2/json/access/ticket`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `username=joe@pve&password=${secrets.password}`,
    });
    expect(answer.statusCode).toBe(200);
    await answer.body.dump();
  });
});

describe("outputs", () => {
  const formats = ["text", "json", "markdown"] as const;

  test("no secret is in any of them", async () => {
    const { server, folder: cwd, env } = await offices.open();
    const outputs: string[] = [];
    const take = async (words: readonly string[]): Promise<void> => {
      const { stdout, stderr } = await rolecall([...words, "--verbose", "--log-level", "debug"], {
        cwd,
        env,
      });
      outputs.push(stdout, stderr);
    };
    for (const format of formats) await take(["plan", "-o", format, "--out", "plan.json"]);
    outputs.push(readFileSync(join(cwd, "plan.json"), "utf8"));
    await take(["apply", "--yes", "-o", "json", "--plan", "plan.json"]);
    const issued = /ci@pve!deploy (\S+)/u.exec(server.files()["priv/token.cfg"] ?? "")?.[1];
    expect(issued).toMatch(/^[0-9a-f-]{36}$/u);
    for (const secret of [...Object.values(secrets), issued ?? ""]) {
      expect(outputs.filter((text) => text.includes(secret))).toEqual([]);
    }
  });

  test("JSON is as the published schema says, of a plan and of an apply", async () => {
    const { folder: cwd, env } = await offices.open();
    const { stdout: schema } = await rolecall(["schema", "plan"], { cwd });
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(schema) as object);
    for (const words of [["plan"], ["apply", "--yes"], ["plan"]]) {
      const { stdout } = await rolecall([...words, "-o", "json"], { cwd, env });
      validate(JSON.parse(stdout));
      expect(validate.errors).toBe(null);
    }
  });

  test("the editors' schema in docs/ is the one that the command prints", async () => {
    const { stdout } = await rolecall(["schema"], { cwd: root });
    const committed = readFileSync(join(root, "docs", "manifests.schema.json"), "utf8");
    expect(JSON.parse(committed)).toEqual(JSON.parse(stdout));
  });

  test("Markdown begins with the mark by which a comment is found again", async () => {
    const { folder: cwd, env } = await offices.open();
    const { stdout } = await rolecall(["plan", "-o", "markdown"], { cwd, env });
    expect(stdout).toMatch(/^<!-- rolecall plan -->\n/u);
  });

  test("without a terminal there is no colour", async () => {
    const { folder: cwd, env } = await offices.open();
    const { stdout, stderr } = await rolecall(["plan"], { cwd, env });
    expect(stdout + stderr).not.toContain("\u001b");
  });
});
