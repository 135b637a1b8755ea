// `rolecall tokens` and `rolecall tokens verify`: they only look.

import { Command, Option } from "commander";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { openTarget, type Opened } from "../reconcile/open.ts";
import { listPass, verifyPass, type TokensReport } from "../reconcile/token-passes.ts";
import { hasLostSecret, renderTokens, renderTokensJson, renderVerified } from "../render/tokens.ts";
import { mapBounded } from "../support/concurrency.ts";
import type { Palette } from "../support/palette.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import {
  addLogOptions,
  addManifestOptions,
  allowExecOption,
  targetOption,
  type ExecOptions,
  type LogOptions,
  type ManifestOptions,
} from "./options.ts";
import type { CommandContext } from "./process.ts";
import { surroundingsOf } from "./surroundings.ts";
import { desiredStates } from "./targets.ts";
import { paletteFor } from "./terminal.ts";
import { exits } from "./tokens-words.ts";

interface LookOptions extends ManifestOptions, LogOptions, ExecOptions {
  readonly target?: readonly string[];
  readonly output: "text" | "json";
  readonly color: boolean;
}

/** Targets that are read at the same time. */
const parallelTargets = 8;

export function listCommand(context: CommandContext): Command {
  return lookCommand("list")
    .summary("owner, expiry, next secret, state and sinks of every token")
    .description(
      "Lists every token that lives or is declared: owner, expiry, when it gets its next secret, and whether the server " +
        "says that its secret was delivered. No sink is read.",
    )
    .addHelpText(
      "after",
      `
Examples:
  rolecall tokens
  rolecall tokens -o json | jq '.targets[].tokens[] | select(.state == "due")'

States: in order (nothing on the server says that its secret did not arrive), due for a new secret, not delivered (the next apply gives it a new one), not made yet, adopted
(declared without a sink), left alone, not declared, to be deleted.

${exits}`,
    )
    .action(async (options: LookOptions) => {
      const reports = await lookAt(options, context, (opened) => listPass(opened, context.signal));
      show(reports, options, context, renderTokens);
      context.finish(isWhole(reports) ? exitStatus.ok : exitStatus.error);
    });
}

export function verifyCommand(context: CommandContext): Command {
  return lookCommand("verify")
    .summary("whether sinks hold the secrets that the server takes")
    .description(
      "Reads the sinks of the declared tokens and asks the server with each secret, by one harmless request. Sinks of kind " +
        "age and exec can't be read back, which is said.",
    )
    .addHelpText(
      "after",
      `
Examples:
  rolecall tokens verify
  rolecall tokens verify --target dc1 -o json

What it warns of (secret-not-delivered) is mended by rolecall tokens rotate, or by the next apply where the token says
repair: reissue.

${exits}`,
    )
    .action(async (options: LookOptions) => {
      const surroundings = surroundingsOf(context.process, options);
      const reports = await lookAt(options, context, (opened) =>
        verifyPass(opened, surroundings, context.signal),
      );
      show(reports, options, context, renderVerified);
      context.finish(statusOf(reports));
    });
}

function statusOf(reports: readonly TokensReport[]): ExitStatus {
  if (!isWhole(reports)) return exitStatus.error;
  const hasLost = reports.some((report) => report.status === "ok" && report.tokens.some(hasLostSecret));
  return hasLost ? exitStatus.pending : exitStatus.ok;
}

function isWhole(reports: readonly TokensReport[]): boolean {
  return reports.every(({ status }) => status === "ok");
}

function lookCommand(name: string): Command {
  const command = addManifestOptions(new Command(name))
    .addOption(targetOption("only this target; may be repeated"))
    .addOption(new Option("-o, --output <format>", "what to print").choices(["text", "json"]).default("text"))
    .option("--no-color", "no colours (also: NO_COLOR in the environment)")
    .addOption(allowExecOption());
  return addLogOptions(command);
}

async function lookAt(
  options: LookOptions,
  { process }: CommandContext,
  pass: (opened: Opened) => Promise<TokensReport>,
): Promise<readonly TokensReport[]> {
  const states = await desiredStates(process, options);
  const surroundings = surroundingsOf(process, options);
  return await mapBounded(
    states,
    parallelTargets,
    async (desired: DesiredOverTime): Promise<TokensReport> => {
      const { name, product } = desired.target;
      const opened = await openTarget(desired, "ask", surroundings);
      if ("status" in opened) return { name, product, ...opened };
      try {
        return await pass(opened);
      } finally {
        await opened.connected.close();
      }
    },
  );
}

function show(
  reports: readonly TokensReport[],
  { output, color }: LookOptions,
  { process }: CommandContext,
  render: (reports: readonly TokensReport[], palette: Palette) => string,
): void {
  process.stdout.write(
    output === "json" ? renderTokensJson(reports) : render(reports, paletteFor(process, color)),
  );
}
