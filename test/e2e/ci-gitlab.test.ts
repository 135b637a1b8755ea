import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { root, type Ended } from "./support/command.ts";
import { access, secrets, target, useOffices, userCfg, type Office } from "./support/office.ts";
import { openForge, type Answer, type Forge } from "./support/pipeline.ts";

const offices = useOffices();
afterEach(offices.close);

interface PipelineJob {
  readonly script: readonly string[];
  readonly environment?: string;
  readonly rules?: readonly { readonly when?: string }[];
  readonly allow_failure?: { readonly exit_codes: readonly number[] };
}

// Proof: our own example; what is used of it would fail otherwise.
const pipeline = parse(readFileSync(join(root, "examples", "ci", "gitlab", ".gitlab-ci.yml"), "utf8")) as {
  readonly variables: Readonly<Record<string, string>>;
  readonly default: { readonly before_script: readonly string[] };
} & Readonly<Record<string, PipelineJob>>;

const variables = {
  CI_API_V4_URL: "https://gitlab.example/api/v4",
  CI_PROJECT_ID: "5",
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
  CI_COMMIT_SHA: "merged",
  GITLAB_TOKEN: "a-token",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

interface Scene {
  readonly office: Office;
  readonly forge: Forge;
  readonly workspace: string;
  readonly run: (job: string, more?: Readonly<Record<string, string>>) => Promise<Ended>;
}

const git = "git -c user.name=a -c user.email=a@example.com -c init.defaultBranch=main";

/** The main branch with the guards at `origin`; the proposal, with its own, in the workspace. */
async function openScene(answers: (office: Office) => readonly Answer[], guards = ""): Promise<Scene> {
  const office = await offices.open();
  const { folder, write, env } = office;
  const written = target.replace("{ env: ROLECALL_ENDPOINT }", env["ROLECALL_ENDPOINT"] ?? "");
  const forge = openForge(folder, ["npm", "curl"]);
  write("origin/config/target.yaml", written.replace("safety: { ", `safety: { ${guards}`));
  const bash = (script: string, cwd: string): Promise<Ended> =>
    forge.bash(script, { cwd, env: variables, flags: ["-eo", "pipefail"] });
  const committed = await bash(
    `${git} init --quiet . && ${git} add . && ${git} commit --quiet --message guards && ${git} clone --quiet . ../w`,
    join(folder, "origin"),
  );
  expect(committed).toMatchObject({ status: 0 });
  const workspace = join(folder, "w");
  write("w/config/target.yaml", written);
  write("w/access/access.yaml", access);
  forge.answer([{ when: "npm install" }, ...answers(office)]);
  return {
    office,
    forge,
    workspace,
    run: (name, more = {}) => {
      const job = pipeline[name];
      const script = [...pipeline.default.before_script, ...(job?.script ?? ["exit 99"])].join("\n");
      const all = { ...pipeline.variables, ...variables, ...more };
      return forge.bash(script, { cwd: workspace, env: all, flags: ["-eo", "pipefail"] });
    },
  };
}

const planning = { ROLECALL_PLAN_TOKEN: secrets.plan };
const applying = { ROLECALL_TOKEN: secrets.gitops, ROLECALL_SECRET_JOE: secrets.password };

const notes = (list: readonly unknown[]): readonly Answer[] => [
  { when: "/user", say: JSON.stringify({ id: 3 }) },
  { when: "/notes?", say: JSON.stringify(list) },
  { when: "--request" },
];

/** How the main branch finds the plan that the merge request kept. */
const approved = ({ folder }: Office): readonly Answer[] => [
  ...notes([]),
  { when: "commits/merged/merge_requests", say: JSON.stringify([{ iid: 7, state: "merged" }]) },
  { when: "merge_requests/7/pipelines", say: JSON.stringify([{ id: 21 }, { id: 20 }]) },
  { when: "pipelines/21/jobs", say: JSON.stringify([{ id: 42, name: "plan", status: "success" }]) },
  { when: "jobs/42/artifacts", copy: { from: join(folder, "kept", "plan.json"), to: "approved/plan.json" } },
];

/** What the runner does between two pipelines: the artefact is kept, the workspace is clean. */
function keepPlan({ office, workspace }: Scene): void {
  mkdirSync(join(office.folder, "kept"), { recursive: true });
  cpSync(join(workspace, "plan.json"), join(office.folder, "kept", "plan.json"));
}

describe("the pipeline's merge request", () => {
  test("plans without writing, comments once, keeps the plan", async () => {
    const scene = await openScene(() => notes([]));
    expect(await scene.run("plan", planning)).toMatchObject({ status: 0 });
    const last = scene.forge.calls().at(-1);
    expect(last?.call).toMatch(/--request POST .*projects\/5\/merge_requests\/7\/notes$/u);
    expect(last?.comment).toMatch(/^<!-- rolecall plan -->\n/u);
    expect(() => keepPlan(scene)).not.toThrow();
    expect(scene.office.server.files()["user.cfg"]).toBe(userCfg);
  });

  test("updates its own comment, not one that looks like it", async () => {
    const body = "<!-- rolecall plan -->\nas it was";
    const list = [
      { id: 30, body, author: { id: 4 } },
      { id: 31, body, author: { id: 3 } },
    ];
    const { forge, run } = await openScene(() => notes(list));
    expect(await run("plan", planning)).toMatchObject({ status: 0 });
    expect(forge.calls().at(-1)?.call).toMatch(/--request PUT .*\/notes\/31$/u);
  });

  test("is judged by the target branch's guards: a proposal can't loosen them", async () => {
    const { forge, run } = await openScene(() => notes([]), "maxDeletes: 0, ");
    expect(await run("plan", planning)).toMatchObject({ status: 3 });
    expect(forge.calls().at(-1)?.comment).toContain("max-deletes");
  });

  test("ends at mistakes before any server is asked", async () => {
    const { office, run } = await openScene(() => notes([]));
    office.write("w/access/bad.yaml", "kind: Userr\n");
    expect(await run("plan", planning)).toMatchObject({ status: 1 });
    expect(office.server.requests).toEqual([]);
  });
});

describe("the pipeline's main branch", () => {
  test("applies what was approved, and the jobs behind it have nothing to do", async () => {
    const scene = await openScene(approved);
    await scene.run("plan", planning);
    keepPlan(scene);
    expect(await scene.run("apply", applying)).toMatchObject({ status: 0 });
    expect(scene.office.server.files()["user.cfg"]).toContain("joe@pve");
    expect(await scene.run("new plan", planning)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("is applied"),
    });
  });

  test.each([
    ["the world has moved", approved],
    ["nothing was approved", () => [{ when: "commits/merged/merge_requests", say: "[]" }]],
  ])("%s: nothing is written, a new plan waits for a person", async (why, answers) => {
    const scene = await openScene(answers);
    if (why === "the world has moved") {
      await scene.run("plan", planning);
      keepPlan(scene);
      scene.office.write(
        "w/access/more.yaml",
        "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: eve@pve }\n",
      );
    }
    expect(await scene.run("apply", applying)).toMatchObject({ status: 3 });
    expect(pipeline["apply"]?.allow_failure?.exit_codes).toEqual([3]);
    expect(scene.office.server.files()["user.cfg"]).toBe(userCfg);
    expect(await scene.run("new plan", planning)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("joe@pve"),
    });
    expect(pipeline["apply new plan"]?.rules?.map(({ when }) => when)).toEqual(["manual"]);
    expect(await scene.run("apply new plan", applying)).toMatchObject({ status: 0 });
    expect(scene.office.server.files()["user.cfg"]).toContain("joe@pve");
  });

  test("fails where what was approved can't be carried out", async () => {
    const scene = await openScene(approved);
    await scene.run("plan", planning);
    keepPlan(scene);
    await scene.office.server.close();
    expect(await scene.run("apply", applying)).toMatchObject({ status: 1 });
  });
});
