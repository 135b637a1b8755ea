import { Command } from "commander";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { applyTargets, refuseWithoutTerminal } from "./applying.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { addApplyingOptions, addTargetOptions } from "./options.ts";
import type { CommandContext } from "./process.ts";
import { readSavedPlan, type SavedPlan } from "./saved-plan.ts";
import type { ApplyingOptions } from "./supervise.ts";
import { declaredStates } from "./targets.ts";

interface ApplyOptions extends ApplyingOptions {
  readonly plan?: string;
}

export function applyCommand(context: CommandContext): Command {
  return addApplyingOptions(addTargetOptions(new Command("apply")))
    .description(
      "Plans, asks, writes one change after the other, and reads the state again to prove that nothing is left to do.",
    )
    .option("--plan <file>", "go on only if what would be done is what this saved plan shows")
    .addHelpText(
      "after",
      `
Examples:
  rolecall apply                            # shows the plan, asks, applies
  rolecall apply --yes --plan plan.json     # in CI: only what was approved
  rolecall apply --only User/joe@pve
  rolecall apply --yes --approve max-deletes=12
  rolecall apply --yes --audit-log /var/log/rolecall/audit.jsonl

Beside what plan sees, apply looks whether passwords of policy enforce log in, and whether the sinks of tokens with
repair: reissue hold their secrets; what it finds is in the plan that it shows.

Exit status: 0 converged, 1 wrong input or an unreachable server, 3 refused, held, answered with no, or not what the
saved plan shows, 4 something was written and not everything converged, 130 ended by a signal.`,
    )
    .action(async (options: ApplyOptions) => {
      context.finish(await apply(options, context));
    });
}

async function apply(options: ApplyOptions, context: CommandContext): Promise<ExitStatus> {
  refuseWithoutTerminal("apply", options, context.process);
  const saved = options.plan === undefined ? undefined : await readSavedPlan(options.plan);
  const { states, manifests } = await declaredStates(context.process, options);
  if (saved) refuseOtherTargets(saved, states, options);
  return await applyTargets(states, options, { manifests, ...(saved && { saved }) }, context);
}

/** A target that was approved and is gone would be passed over in silence. */
function refuseOtherTargets(
  saved: SavedPlan,
  states: readonly DesiredOverTime[],
  { target }: ApplyOptions,
): void {
  const names = new Set(states.map((state) => state.target.name));
  const gone = [...saved.keys()].filter((name) => !names.has(name) && (target?.includes(name) ?? true));
  if (gone.length === 0) return;
  const message = `the saved plan has targets that the manifests have not: ${gone.join(", ")}; nothing was written`;
  throw new Failure(message, exitStatus.refused, "look at the new plan, and save it again");
}
