import { Argument, Command } from "commander";
import { auditSchema } from "../render/audit-schema.ts";
import { planSchema } from "../render/plan-schema.ts";
import { editorSchema } from "../schema/editor.ts";
import { exitStatus } from "./exit-status.ts";
import type { CommandContext } from "./process.ts";

export function schemaCommand({ process, finish }: CommandContext): Command {
  return new Command("schema")
    .description(
      "Prints a JSON Schema: of manifests, for editors, of the plan that plan -o json prints, or of a line of the audit log.",
    )
    .addArgument(
      new Argument("[what]", "which one").choices(["manifests", "plan", "audit"]).default("manifests"),
    )
    .addHelpText(
      "after",
      `
Examples:
  rolecall schema > rolecall.schema.json
  # then, as the first line of a manifest:
  # yaml-language-server: $schema=rolecall.schema.json
  rolecall schema plan`,
    )
    .action((what: string) => {
      const schema = what === "plan" ? planSchema : what === "audit" ? auditSchema : editorSchema();
      process.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
      finish(exitStatus.ok);
    });
}
