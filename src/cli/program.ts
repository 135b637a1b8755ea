// In: the process. Out: the command line. Must not know: what commands do. Only the command that is asked for is
// loaded, so that `rolecall --version` and help are quick.

import { Command } from "commander";
import type { CommandContext } from "./process.ts";
import { version } from "./version.ts";

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<(context: CommandContext) => Command>;
}

const commands: Readonly<Record<string, Entry>> = {
  validate: {
    summary: "find every mistake in the manifests, offline",
    load: async () => (await import("./validate.ts")).validateCommand,
  },
  plan: {
    summary: "show what apply would change; writes nothing",
    load: async () => (await import("./plan.ts")).planCommand,
  },
  apply: {
    summary: "make the servers what the manifests say",
    load: async () => (await import("./apply.ts")).applyCommand,
  },
  watch: {
    summary: "keep the servers as the manifests say, until it is stopped",
    load: async () => (await import("./watch.ts")).watchCommand,
  },
  export: {
    summary: "write what a server has as manifests, so that it can be kept by them from then on",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  access: {
    summary: "answer who may do what where, and why; of a server or of a user.cfg",
    load: async () => (await import("./access.ts")).accessCommand,
  },
  tokens: {
    summary: "list API tokens, give them new secrets, look whether sinks hold them",
    load: async () => (await import("./tokens.ts")).tokensCommand,
  },
  realm: {
    summary: "fetch the users of a realm now, set again what it keeps secret",
    load: async () => (await import("./realm.ts")).realmCommand,
  },
  audit: {
    summary: "prove that an audit log is what was written",
    load: async () => (await import("./audit.ts")).auditCommand,
  },
  doctor: {
    summary: "look for what is wrong between here and the servers; say what an identity is to be given",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  schema: {
    summary:
      "print a JSON Schema: of manifests for editors, of the plan, the audit log, what doctor prints, the daemon's status",
    load: async () => (await import("./schema.ts")).schemaCommand,
  },
  simulate: {
    summary: "serve a stand-in for a Proxmox VE server, for tests and rehearsals",
    load: async () => (await import("./simulate.ts")).simulateCommand,
  },
};

export async function programFor(context: CommandContext): Promise<Command> {
  const { process } = context;
  const program = new Command("rolecall")
    .description(
      "Keeps access to Proxmox as declared in Git: plans and applies users, groups, roles, ACLs and tokens.",
    )
    .version(version(), "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(text),
      writeErr: (text) => process.stderr.write(text),
    })
    .showHelpAfterError("(add --help for more)");
  const wanted = process.argv.slice(2).find((word) => Object.hasOwn(commands, word));
  for (const [name, entry] of Object.entries(commands)) {
    const command = name === wanted ? (await entry.load())(context) : new Command(name);
    program.addCommand(command.summary(entry.summary).copyInheritedSettings(program));
    for (const part of command.commands) part.copyInheritedSettings(command);
  }
  return program;
}
