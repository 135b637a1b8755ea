import { Argument, Command } from "commander";
import { statusSchema } from "../daemon/status-schema.ts";
import { auditSchema } from "../render/audit-schema.ts";
import { doctorSchema } from "../render/doctor-schema.ts";
import { planSchema } from "../render/plan-schema.ts";
import { editorSchema } from "../schema/editor.ts";
import { exitStatus } from "./exit-status.ts";
import type { CommandContext } from "./process.ts";

const schemas = {
  manifests: editorSchema,
  plan: () => planSchema,
  audit: () => auditSchema,
  doctor: () => doctorSchema,
  status: () => statusSchema,
};

export function schemaCommand({ process, finish }: CommandContext): Command {
  return new Command("schema")
    .description(
      "Prints a JSON Schema: of manifests, for editors; of what plan -o json or doctor -o json prints; of a line of the audit " +
        "log; of the daemon's status.",
    )
    .addArgument(new Argument("[what]", "which one").choices(Object.keys(schemas)).default("manifests"))
    .addHelpText(
      "after",
      `
Examples:
  rolecall schema > rolecall.schema.json
  # then, as the first line of a manifest:
  # yaml-language-server: $schema=rolecall.schema.json
  rolecall schema plan
  rolecall schema status`,
    )
    .action((what: keyof typeof schemas) => {
      process.stdout.write(`${JSON.stringify(schemas[what](), null, 2)}\n`);
      finish(exitStatus.ok);
    });
}
