import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { root } from "./support/command.ts";
import { readWorkflow, runJob, type Context, type JobRun } from "./support/github.ts";
import { openForge, type Answer, type Forge } from "./support/pipeline.ts";
import { access, secrets, target, useOffices, userCfg, type Office } from "./support/office.ts";

const offices = useOffices();
afterEach(offices.close);

const workflow = readWorkflow(join(root, "examples", "ci", "github", ".github", "workflows", "access.yaml"));

const repository = "example/access";
const pull: Context = {
  "github.event_name": "pull_request",
  "github.repository": repository,
  "github.token": "a-token",
  "github.event.pull_request.number": "7",
  "github.event.pull_request.head.sha": "head",
  "github.event.pull_request.base.ref": "main",
  "github.event.pull_request.head.repo.full_name": repository,
  "secrets.ROLECALL_PLAN_TOKEN": secrets.plan,
};
const push: Context = {
  "github.event_name": "push",
  "github.repository": repository,
  "github.token": "a-token",
  "github.sha": "merged",
  "secrets.ROLECALL_TOKEN": secrets.gitops,
  "secrets.ROLECALL_PLAN_TOKEN": secrets.plan,
  "secrets.ROLECALL_SECRET_LEA": secrets.password,
};

interface Scene {
  readonly office: Office;
  readonly forge: Forge;
  readonly artifacts: string;
  readonly run: (job: string, context: Context) => Promise<JobRun>;
}

/** What refs hold: `main`, and `head`, the proposal. A job without a ref checks out what was merged, the proposal. */
async function openScene(answers: (office: Office) => readonly Answer[]): Promise<Scene> {
  const office = await offices.open();
  const { folder, write, env } = office;
  // The address is public; the example's repository would write it down.
  const written = target.replace("{ env: ROLECALL_ENDPOINT }", env["ROLECALL_ENDPOINT"] ?? "");
  for (const ref of ["main", "head"]) write(`refs/${ref}/config/target.yaml`, written);
  write("refs/head/access/access.yaml", access.replace("ROLECALL_SECRET_JOE", "ROLECALL_SECRET_LEA"));
  const forge = openForge(folder, ["gh", "npm"]);
  forge.answer([{ when: "npm install" }, ...answers(office)]);
  let number = 0;
  const artifacts = join(folder, "artifacts");
  const checkout = (ref: string, to: string): void => {
    cpSync(join(folder, "refs", ref === "" ? "head" : ref), to, { recursive: true });
  };
  const run = (job: string, context: Context): Promise<JobRun> => {
    number += 1;
    return runJob(workflow, job, context, {
      forge,
      artifacts,
      checkout,
      workspace: join(folder, `job-${number}`, "w"),
    });
  };
  return { office, forge, artifacts, run };
}

const noComment: readonly Answer[] = [
  { when: "--paginate", say: "" },
  { when: "--method POST", say: "{}" },
];

/** How the main branch finds the plan that the pull request kept. */
const approved = ({ folder }: Office): readonly Answer[] => [
  ...noComment,
  { when: "commits/merged/pulls", say: "head\n" },
  { when: "run list", say: "42\n" },
  {
    when: "run download 42",
    copy: { from: join(folder, "artifacts", "plan", "plan.json"), to: "approved/plan.json" },
  },
];

describe("the workflow's pull request", () => {
  test("plans without writing, comments once, keeps the plan", async () => {
    const { office, forge, artifacts, run } = await openScene(() => noComment);
    expect(await run("plan", pull)).toMatchObject({ status: "success" });
    const [, found, posted] = forge.calls();
    expect(found?.call).toContain(`repos/${repository}/issues/7/comments`);
    expect(posted?.call).toContain("--method POST");
    expect(posted?.comment).toMatch(/^<!-- rolecall plan -->\n/u);
    expect(existsSync(join(artifacts, "plan", "plan.json"))).toBe(true);
    expect(office.server.files()["user.cfg"]).toBe(userCfg);
  });

  test("updates the comment that is there", async () => {
    const { forge, run } = await openScene(() => [
      { when: "--paginate", say: "31\n" },
      { when: "--method PATCH", say: "{}" },
    ]);
    expect(await run("plan", pull)).toMatchObject({ status: "success" });
    expect(forge.calls().at(-1)?.call).toContain("issues/comments/31");
  });

  test("is judged by the base branch's guards: a proposal can't loosen them", async () => {
    const { office, forge, run } = await openScene(() => noComment);
    const strict = target.replace("safety: { ", "safety: { maxDeletes: 0, ");
    const address = office.env["ROLECALL_ENDPOINT"] ?? "";
    office.write("refs/main/config/target.yaml", strict.replace("{ env: ROLECALL_ENDPOINT }", address));
    const { status, log } = await run("plan", pull);
    expect({ status, log }).toEqual({ status: "failure", log: expect.stringContaining("refused") });
    expect(forge.calls().at(-1)?.comment).toContain("max-deletes");
  });

  test("ends at mistakes before any server is asked", async () => {
    const { office, forge, run } = await openScene(() => noComment);
    office.write("refs/head/access/bad.yaml", "kind: Userr\n");
    expect(await run("plan", pull)).toMatchObject({
      status: "failure",
      log: expect.stringContaining("Userr"),
    });
    expect(office.server.requests).toEqual([]);
    expect(forge.calls().map(({ call }) => call.split(" ")[0])).toEqual(["npm"]);
  });

  test("is left alone where it comes from a fork", async () => {
    const { run } = await openScene(() => noComment);
    const fork = { ...pull, "github.event.pull_request.head.repo.full_name": "stranger/access" };
    expect(await run("plan", fork)).toMatchObject({ status: "skipped" });
  });
});

describe("the workflow's main branch", () => {
  test("applies what was approved", async () => {
    const { office, run } = await openScene(approved);
    await run("plan", pull);
    expect(await run("apply", push)).toMatchObject({ status: "success", outputs: { moved: "false" } });
    expect(office.server.files()["user.cfg"]).toContain("joe@pve");
    expect(await run("new-plan", { "needs.apply.outputs.moved": "false" })).toMatchObject({
      status: "skipped",
    });
  });

  test.each([
    ["the world has moved", approved],
    ["nothing was approved", () => [{ when: "commits/merged/pulls", say: "" }]],
  ])("%s: nothing is written, a new plan waits for a person", async (why, answers) => {
    const { office, run } = await openScene(answers);
    if (why === "the world has moved") {
      await run("plan", pull);
      office.write(
        "refs/head/access/more.yaml",
        "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: eve@pve }\n",
      );
    }
    const first = await run("apply", push);
    expect(first).toMatchObject({ status: "success", outputs: { moved: "true" } });
    expect(office.server.files()["user.cfg"]).toBe(userCfg);
    const again = { ...push, "needs.apply.outputs.moved": "true" };
    expect(await run("new-plan", again)).toMatchObject({
      status: "success",
      log: expect.stringContaining("joe@pve"),
    });
    expect(workflow.jobs["apply-new-plan"]?.environment).toBe("proxmox-new-plan");
    expect(await run("apply-new-plan", push)).toMatchObject({ status: "success" });
    expect(office.server.files()["user.cfg"]).toContain("joe@pve");
  });

  test("fails where what was approved can't be carried out", async () => {
    const { run, office } = await openScene(approved);
    await run("plan", pull);
    await office.server.close();
    expect(await run("apply", push)).toMatchObject({ status: "failure" });
  });
});

test("no step mixes the event's own words into a script", () => {
  const scripts = Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ run = "" }) => run));
  expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
});
