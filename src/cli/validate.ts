import { Command } from "commander";
import { desiredAt } from "../desired/at-instant.ts";
import { isRefused, sortFindings } from "../guard/judge.ts";
import { countOf } from "../render/count.ts";
import {
  renderValidation,
  renderValidationJson,
  renderValidationMarkdown,
  type Validation,
} from "../render/validation.ts";
import { systemClock } from "../support/clock.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { loadDesired, type Loaded } from "./manifests.ts";
import { addManifestOptions, addOutputOptions, type ManifestOptions, type OutputOptions } from "./options.ts";
import { freshServer, judgeAlone } from "./policies.ts";
import type { CommandContext, Process } from "./process.ts";
import { newestVersion } from "./release.ts";
import { paletteFor } from "./terminal.ts";

interface ValidateOptions extends ManifestOptions, OutputOptions {
  readonly serverVersion: string;
  readonly verbose?: boolean;
}

export function validateCommand(context: CommandContext): Command {
  return addOutputOptions(addManifestOptions(new Command("validate")))
    .description(
      "Finds every mistake in the manifests at once, and what of them breaks a policy, without talking to any server.",
    )
    .option(
      "--server-version <version>",
      "the release whose built-in roles policies are judged by",
      newestVersion,
    )
    .option("--verbose", "lists in full")
    .addHelpText(
      "after",
      `
Examples:
  rolecall validate                       # the folder manifests/
  rolecall validate -f access/ -o json    # for a script
  rolecall validate -c config/ -f access/ # targets and policies from config/, which reviewers guard
  kustomize build . | rolecall validate -f -

Policies are judged on what the manifests lead to on a server as it comes; plan judges them with what is there.

Exit status: 0 all is well, 1 there are mistakes, 3 a policy refuses.`,
    )
    .action(async (options: ValidateOptions) => {
      context.finish(await validate(options, context));
    });
}

async function validate(options: ValidateOptions, { process }: CommandContext): Promise<ExitStatus> {
  const fresh = freshServer(options.serverVersion);
  const nowSeconds = Math.floor(systemClock.now() / 1000);
  const loaded = await loadDesired(process, options, nowSeconds);
  const findings = loaded.states
    .map((desired) => ({
      target: desired.target.name,
      found: sortFindings(judgeAlone(desiredAt(desired, nowSeconds), fresh, nowSeconds)),
    }))
    .filter(({ found }) => found.length > 0);
  process.stdout.write(
    wordValidation({ diagnostics: loaded.diagnostics, findings }, loaded, process, options),
  );
  if (!loaded.isValid) return exitStatus.error;
  return findings.some(({ found }) => isRefused(found)) ? exitStatus.refused : exitStatus.ok;
}

function wordValidation(
  validation: Validation,
  loaded: Loaded,
  process: Process,
  { output, color, verbose }: ValidateOptions,
): string {
  if (output === "json") return renderValidationJson(validation);
  if (output === "markdown") return renderValidationMarkdown(validation);
  const detail = verbose === true ? "verbose" : "brief";
  const text = renderValidation(validation, { palette: paletteFor(process, color), detail });
  if (!loaded.isValid) return text;
  return `${text}${text === "" || validation.findings.length === 0 ? "" : "\n"}${wordEnding(validation, loaded)}\n`;
}

function wordEnding({ findings }: Validation, { states, documents }: Loaded): string {
  const names = states.map(({ target }) => target.name).join(", ");
  const valid = `${countOf(documents, "manifest")} ${documents === 1 ? "is" : "are"} valid, for ${states.length === 1 ? "target" : "targets"} ${names}`;
  const errors = findings.flatMap(({ found }) => found.filter(({ severity }) => severity === "error"));
  return errors.length === 0 ? valid : `${valid}; refused because of ${countOf(errors.length, "finding")}`;
}
