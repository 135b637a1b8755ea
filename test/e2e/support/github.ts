// In: a workflow of GitHub Actions. Out: its jobs, run as far as our example needs it. Must not know: what it is for.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import type { Forge } from "./pipeline.ts";

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** Names as expressions write them, as `github.sha`; an unknown one is a mistake, not nothing. */
export type Context = Readonly<Record<string, string>>;

export interface JobRun {
  readonly status: "success" | "failure" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
}

interface Stage {
  readonly forge: Forge;
  /** A new folder for each job. */
  readonly workspace: string;
  /** What a checkout of a ref brings. */
  readonly checkout: (ref: string, to: string) => void;
  readonly artifacts: string;
}

export function readWorkflow(file: string): Workflow {
  // Proof: our own example; what is used of it would fail otherwise.
  return parse(readFileSync(file, "utf8")) as Workflow;
}

export async function runJob(
  workflow: Workflow,
  name: string,
  context: Context,
  stage: Stage,
): Promise<JobRun> {
  const job = workflow.jobs[name];
  if (job === undefined) throw new Error(`no job ${name}`);
  if (job.if !== undefined && !holds(job.if, context)) return { status: "skipped", outputs: {}, log: "" };
  mkdirSync(stage.workspace, { recursive: true });
  const known: Record<string, string> = { ...context };
  let log = "";
  for (const step of job.steps) {
    const ended = await runStep(step, workflow.env, known, stage);
    log += ended.log;
    if (ended.status !== 0) return { status: "failure", outputs: {}, log };
    for (const [key, value] of ended.outputs) known[`steps.${step.id ?? ""}.outputs.${key}`] = value;
  }
  const outputs = Object.entries(job.outputs ?? {}).map(([key, text]) => [key, fill(text, known)]);
  return { status: "success", outputs: Object.fromEntries(outputs) as Record<string, string>, log };
}

interface StepRun {
  readonly status: number | null;
  readonly outputs: readonly (readonly [string, string])[];
  readonly log: string;
}

async function runStep(step: Step, env: Workflow["env"], known: Context, stage: Stage): Promise<StepRun> {
  if (step.uses !== undefined) {
    useAction(step.uses, fillAll(step.with ?? {}, known), stage);
    return { status: 0, outputs: [], log: "" };
  }
  const output = join(dirname(stage.workspace), "output");
  const summary = join(dirname(stage.workspace), "summary");
  for (const file of [output, summary]) writeFileSync(file, "");
  const files = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
  const { status, stdout, stderr } = await stage.forge.bash(step.run ?? "", {
    cwd: stage.workspace,
    env: { ...env, ...fillAll(step.env ?? {}, known), ...files },
    flags: ["-e"],
  });
  const lines = readFileSync(output, "utf8").split("\n").filter(Boolean);
  const outputs = lines.map(
    (line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)] as const,
  );
  return { status, outputs, log: stdout + stderr + readFileSync(summary, "utf8") };
}

function useAction(uses: string, options: Context, { checkout, workspace, artifacts }: Stage): void {
  const path = options["path"] ?? "";
  const artifact = join(artifacts, options["name"] ?? "");
  const actions: Readonly<Record<string, () => void>> = {
    "actions/checkout": () => checkout(options["ref"] ?? "", join(workspace, path)),
    "actions/setup-node": () => undefined,
    "actions/upload-artifact": () => cpSync(join(workspace, path), join(artifact, path)),
    "actions/download-artifact": () => cpSync(artifact, join(workspace, path), { recursive: true }),
  };
  const action = actions[uses.split("@")[0] ?? ""];
  if (action === undefined) throw new Error(`no stand-in for ${uses}`);
  action();
}

function fillAll(texts: Readonly<Record<string, unknown>>, known: Context): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, fill(String(value), known)]));
}

function fill(text: string, known: Context): string {
  return text.replace(/\$\{\{ ([\w.-]+) \}\}/gu, (_, name: string) => valueOf(name, known));
}

/** `a == 'b' && c == d`, which is all that the example uses. */
function holds(condition: string, known: Context): boolean {
  return condition.split(" && ").every((part) => {
    const [left = "", right = ""] = part.split(" == ");
    return valueOf(left, known) === (right.startsWith("'") ? right.slice(1, -1) : valueOf(right, known));
  });
}

function valueOf(name: string, known: Context): string {
  const value = known[name];
  if (value === undefined) throw new Error(`the context has no ${name}`);
  return value;
}
