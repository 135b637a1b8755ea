import { Command } from "commander";
import { systemClock } from "../support/clock.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { loadDesired, wordDiagnostics } from "./manifests.ts";
import { addManifestOptions, addOutputOptions, type ManifestOptions, type OutputOptions } from "./options.ts";
import type { CommandContext } from "./process.ts";

export function validateCommand(context: CommandContext): Command {
  return addOutputOptions(addManifestOptions(new Command("validate")))
    .description("Finds every mistake in the manifests at once, without talking to any server.")
    .addHelpText(
      "after",
      `
Examples:
  rolecall validate                       # the folder manifests/
  rolecall validate -f access/ -o json    # for a script
  kustomize build . | rolecall validate -f -

Exit status: 0 all is well, 1 there are mistakes.`,
    )
    .action(async (options: ManifestOptions & OutputOptions) => {
      context.finish(await validate(options, context));
    });
}

async function validate(
  options: ManifestOptions & OutputOptions,
  { process }: CommandContext,
): Promise<ExitStatus> {
  const { diagnostics, isValid, documents, states } = await loadDesired(
    process,
    options,
    Math.floor(systemClock.now() / 1000),
  );
  if (options.output !== "text" || diagnostics.length > 0) {
    process.stdout.write(wordDiagnostics(diagnostics, process, options));
  }
  if (isValid && options.output === "text") {
    const names = states.map(({ target }) => target.name).join(", ");
    process.stdout.write(
      `${documents} manifests are valid, for ${states.length === 1 ? "target" : "targets"} ${names}\n`,
    );
  }
  return isValid ? exitStatus.ok : exitStatus.error;
}
