import { Command } from "commander";
import { exits } from "./tokens-words.ts";
import { listCommand, verifyCommand } from "./tokens-look.ts";
import { rotateCommand } from "./tokens-rotate.ts";
import type { CommandContext } from "./process.ts";

export function tokensCommand(context: CommandContext): Command {
  return new Command("tokens")
    .description(
      "Lists API tokens with when they get their next secret, gives them new ones, and looks into sinks.",
    )
    .addCommand(listCommand(context), { isDefault: true })
    .addCommand(rotateCommand(context))
    .addCommand(verifyCommand(context))
    .addHelpText(
      "after",
      `
Examples:
  rolecall tokens                             # all tokens of all targets
  rolecall tokens --target dc1 -o json
  rolecall tokens rotate 'ci@pve!deploy'      # a new secret now, to its sinks
  rolecall tokens verify                      # do the sinks hold what the server takes?

${exits}`,
    );
}
