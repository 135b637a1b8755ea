import { Command } from "commander";
import { setSecretCommand } from "./realm-set-secret.ts";
import { syncCommand } from "./realm-sync.ts";
import { exits } from "./realm-words.ts";
import type { CommandContext } from "./process.ts";

export function realmCommand(context: CommandContext): Command {
  return new Command("realm")
    .description("What is done to a realm beside what its manifest says.")
    .addCommand(syncCommand(context))
    .addCommand(setSecretCommand(context))
    .addHelpText(
      "after",
      `
Examples:
  rolecall realm sync --target dc1 --dry-run corp   # what would its directory change?
  rolecall realm set-secret --target dc1 corp       # the bind password has changed

${exits}`,
    );
}
