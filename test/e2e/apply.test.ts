import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { request } from "undici";
import { rolecall } from "./support/command.ts";
import { openGate } from "./support/gate.ts";
import { access, secrets, target, useOffices, userCfg, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

/** Somebody else's write, with the token that may do everything. */
async function meddle({ server }: Office, path: string, body: string): Promise<void> {
  const answer = await request(`${server.url}/api2/json${path}`, {
    method: "PUT",
    headers: {
      authorization: `PVEAPIToken=rolecall@pve!gitops=${secrets.gitops}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body,
  });
  expect(await answer.body.json()).toMatchObject({ data: null });
}

describe("saved plans", () => {
  const apply = ["apply", "--yes", "--plan", "plan.json"];

  test("the plan that was saved is carried out", async () => {
    const { folder: cwd, env } = await offices.open();
    expect(await rolecall(["plan", "--out", "plan.json"], { cwd, env })).toMatchObject({ status: 0 });
    expect(await rolecall(apply, { cwd, env })).toMatchObject({ status: 0 });
    expect(await rolecall(["plan", "--detailed-exitcode"], { cwd, env })).toMatchObject({ status: 0 });
  });

  test("manifests that moved a line make the same plan", async () => {
    const { folder: cwd, env, write } = await offices.open();
    await rolecall(["plan", "--out", "plan.json"], { cwd, env });
    write("manifests/access.yaml", `# a remark\n${access}`);
    expect(await rolecall(apply, { cwd, env })).toMatchObject({ status: 0 });
  });

  test("where the server has moved, nothing is written and what differs is named: status 3", async () => {
    const office = await offices.open();
    const { server, folder: cwd, env } = office;
    await rolecall(["plan", "--out", "plan.json"], { cwd, env });
    await meddle(office, "/access/users/anna@pve", "comment=&enable=0");
    const before = server.files()["user.cfg"];
    const { status, stdout } = await rolecall(apply, { cwd, env });
    expect({ status, stdout }).toEqual({ status: 3, stdout: expect.stringContaining("plan-differs") });
    expect(stdout).toContain("anna@pve");
    expect(server.files()["user.cfg"]).toBe(before);
  });

  test("where the manifests have moved: status 3", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    await rolecall(["plan", "--out", "plan.json"], { cwd, env });
    write("manifests/more.yaml", "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: eve@pve }\n");
    expect(await rolecall(apply, { cwd, env })).toMatchObject({ status: 3 });
    expect(server.files()["user.cfg"]).toBe(userCfg);
  });

  test("operations are never taken from the file", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    await rolecall(["plan", "-o", "json", "--out", "plan.json"], { cwd, env });
    // Proof: the command wrote it; only the operations are replaced.
    const saved = JSON.parse(readFileSync(join(cwd, "plan.json"), "utf8")) as {
      targets: { operations: unknown }[];
    };
    const parameters = { path: "/", users: "anna@pve", roles: "Administrator", propagate: "1" };
    const operations = [{ method: "PUT", path: "/access/acl", parameters, changes: [0] }];
    write(
      "plan.json",
      JSON.stringify({ ...saved, targets: saved.targets.map((one) => ({ ...one, operations })) }),
    );
    expect(await rolecall(apply, { cwd, env })).toMatchObject({ status: 0 });
    expect(server.files()["user.cfg"]).not.toContain("Administrator");
    expect(server.files()["user.cfg"]).toContain("joe@pve");
  });

  test.each([
    ["text", "not JSON"],
    ["another document", "{}"],
  ])("a file that is none (%s): status 1", async (_, text) => {
    const { server, folder: cwd, env, write } = await offices.open();
    write("plan.json", text);
    expect(await rolecall(apply, { cwd, env })).toMatchObject({ status: 1 });
    expect(server.requests).toEqual([]);
  });
});

describe("guards", () => {
  test("more deletes than the budget refuse the whole plan, and approval lets it pass once", async () => {
    const { server, folder: cwd, env, write } = await offices.open();
    write("manifests/target.yaml", target.replace("safety: { ", "safety: { maxDeletes: 0, "));
    const refused = await rolecall(["apply", "--yes"], { cwd, env });
    expect(refused).toMatchObject({ status: 3, stdout: expect.stringMatching(/max-deletes[\s\S]*Refused/u) });
    expect(server.files()["user.cfg"]).toBe(userCfg);
    const approved = await rolecall(["apply", "--yes", "--approve", "max-deletes=2"], { cwd, env });
    expect(approved).toMatchObject({ status: 0 });
  });

  test("--only does one thing and what it depends on", async () => {
    const { server, folder: cwd, env } = await offices.open();
    expect(await rolecall(["apply", "--yes", "--only", "ACL/operators"], { cwd, env })).toMatchObject({
      status: 0,
    });
    expect(server.files()["user.cfg"]).toMatch(/^role:VMOperator:/mu);
    expect(server.files()["user.cfg"]).not.toContain("joe@pve");
  });
});

describe("an apply that does not come to its end", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s: the write in flight is finished, the rest told: 130",
    async (signal) => {
      const { server, folder: cwd, env } = await offices.open();
      let interrupt = (): void => undefined;
      const gate = await openGate(server.url, async (before) => {
        if (before !== 1) return;
        interrupt();
        await wait(300);
      });
      const { status, stdout } = await rolecall(["apply", "--yes"], {
        cwd,
        env: { ...env, ROLECALL_ENDPOINT: gate.url },
        meanwhile: (child) => {
          interrupt = () => void child.kill(signal);
        },
      });
      await gate.close();
      expect(status).toBe(130);
      expect(stdout).toMatch(/not attempted[\s\S]*applied/u);
      const writes = server.requests.filter(({ method }) => method !== "GET");
      expect(writes).toHaveLength(2);
    },
  );

  test("a line that breaks: what was done, what was not tried: status 4", async () => {
    const { server, folder: cwd, env } = await offices.open();
    let isDown = false;
    const gate = await openGate(server.url, async (before) => {
      isDown ||= before >= 2;
      if (isDown) throw new Error("the line is cut");
      await wait(0);
    });
    const { status, stdout } = await rolecall(["apply", "--yes"], {
      cwd,
      env: { ...env, ROLECALL_ENDPOINT: gate.url },
    });
    await gate.close();
    expect(status).toBe(4);
    expect(stdout).toMatch(/not-converged/u);
    expect(await rolecall(["apply", "--yes"], { cwd, env })).toMatchObject({ status: 0 });
  });
});
