// What commands on servers share: from options to open targets.

import type { AuditManifests } from "../apply/audit.ts";
import { pve } from "../model/pve.ts";
import type { AuthId } from "../model/ids.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { lookAtGitOf } from "../reconcile/git-head.ts";
import { openTarget, type Opened, type Purpose, type Surroundings } from "../reconcile/open.ts";
import type { TargetReport } from "../reconcile/report.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { loadDesired, wordDiagnostics, type Loaded } from "./manifests.ts";
import type { TargetOptions } from "./options.ts";
import type { Process } from "./process.ts";

type LoadOptions = Pick<TargetOptions, "filename" | "config" | "target" | "output" | "color">;

export interface Declared {
  readonly states: readonly DesiredOverTime[];
  readonly manifests: AuditManifests;
}

/** With what the audit log says of the manifests. */
export async function declaredStates(process: Process, options: LoadOptions): Promise<Declared> {
  const { filename, config } = options;
  const paths = [...filename, ...(config === undefined ? [] : [config])].filter((path) => path !== "-");
  const { commit } = await lookAtGitOf(paths);
  const { states, digest } = await validStates(process, options);
  // Where Git moved meanwhile, what was read may be of either commit, or of both.
  const isStill = (await lookAtGitOf(paths)).commit === commit;
  return { states, manifests: { digest, ...(isStill && commit !== undefined && { commit }) } };
}

/** The valid desired states; what is wrong with the manifests is shown first, and ends the command if it is an error. */
export async function desiredStates(
  process: Process,
  options: LoadOptions,
): Promise<readonly DesiredOverTime[]> {
  return (await validStates(process, options)).states;
}

async function validStates(process: Process, options: LoadOptions): Promise<Loaded> {
  const loaded = await loadDesired(process, options);
  const { diagnostics, isValid } = loaded;
  if (diagnostics.length > 0) {
    const isResult = !isValid && options.output !== "text";
    (isResult ? process.stdout : process.stderr).write(
      wordDiagnostics(diagnostics, process, isResult ? options : { ...options, output: "text" }),
    );
  }
  if (!isValid) throw new Failure("the manifests have mistakes, so no server is asked", exitStatus.error);
  return loaded;
}

/** Opens a target, does the pass, closes it whatever happens. */
export async function withTarget(
  desired: DesiredOverTime,
  purpose: Purpose,
  { surroundings, caller }: { surroundings: Surroundings; caller?: AuthId },
  pass: (opened: Opened) => Promise<TargetReport>,
): Promise<TargetReport> {
  const { name, product } = desired.target;
  const opened = await openTarget(desired, purpose, surroundings, caller);
  if ("status" in opened) return { name, product, ...opened };
  try {
    return await pass(opened);
  } finally {
    await opened.connected.close();
  }
}

/** `--caller AUTHID`: a user or a token. */
export function parseCaller(text: string | undefined): AuthId | undefined {
  if (text === undefined) return undefined;
  const token = pve.parseTokenId(text);
  if (token.ok) return token.value;
  const user = pve.parseUserId(text);
  if (user.ok) return user.value;
  // It is not repeated: the likeliest slip is a variable that holds the token's secret, too.
  const message = "what --caller names is neither a user nor a token";
  throw new Failure(message, exitStatus.error, "write --caller USER@REALM or --caller USER@REALM!NAME");
}
