// `rolecall realm sync`: the server fetches users and groups now, and says what it does.

import { Command, InvalidArgumentError, Option } from "commander";
import { randomUUID } from "node:crypto";
import { auditPass, noAudit } from "../apply/audit.ts";
import type { SyncRequest } from "../apply/start-sync.ts";
import { parseDurationMs } from "../desired/duration.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { openTarget } from "../reconcile/open.ts";
import { syncPass, type SyncEnd, type SyncSupervision } from "../reconcile/sync-pass.ts";
import { printable } from "../support/printable.ts";
import { refuseWithoutTerminal } from "./applying.ts";
import { auditLogFor } from "./audit-log.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import {
  addAuditOptions,
  addLogOptions,
  addManifestOptions,
  allowExecOption,
  targetOption,
  type AuditOptions,
  type ExecOptions,
  type LogOptions,
  type ManifestOptions,
} from "./options.ts";
import type { CommandContext } from "./process.ts";
import { realmFrom, syncExits } from "./realm-words.ts";
import { surroundingsOf } from "./surroundings.ts";
import { declaredStates, type Declared } from "./targets.ts";
import { ask } from "./terminal.ts";

interface SyncOptions extends ManifestOptions, LogOptions, ExecOptions, AuditOptions {
  readonly target?: readonly string[];
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly scope?: string;
  readonly removeVanished?: string;
  readonly timeout: number;
}

export function syncCommand(context: CommandContext): Command {
  const command = addManifestOptions(new Command("sync"))
    .argument("<realm>", "a realm of type ldap or ad on the server, declared or not")
    .summary("fetch the users and groups of a realm now")
    .description(
      "Lets the server fetch users and groups from the directory of a realm, and shows what it says until it is done. " +
        "Asks before; what is left out of the options is as the realm's sync-defaults-options say.",
    )
    .addOption(targetOption("the target; needed where there are several"))
    .option("--yes", "don't ask; needed where there is no terminal")
    .option("--dry-run", "the server only says what it would do, and nobody is asked")
    .addOption(new Option("--scope <what>", "what is fetched").choices(["users", "groups", "both"]))
    .addOption(
      new Option(
        "--remove-vanished <list>",
        "what goes of those that the directory no longer has: entry, properties, acl, with commas between, or none",
      ).argParser(parseVanished),
    )
    .addOption(
      new Option("--timeout <duration>", "how long its end is waited for")
        .argParser(parseTimeout)
        .default(600_000, "10m"),
    )
    .addOption(allowExecOption());
  return addLogOptions(addAuditOptions(command, "none"))
    .addHelpText(
      "after",
      `
Examples:
  rolecall realm sync --target dc1 --dry-run --scope both corp
  rolecall realm sync --target dc1 --yes --scope both --remove-vanished entry corp

${syncExits}`,
    )
    .action(async (name: string, options: SyncOptions) => {
      context.finish(await sync(name, options, context));
    });
}

function parseVanished(text: string): string {
  const words = text.split(/[,;\s]+/u).filter((word) => word !== "");
  const known = ["entry", "properties", "acl"].filter((word) => words.includes(word));
  if (words.join() === "none") return "none";
  if (known.length > 0 && known.length === new Set(words).size) return known.join(";");
  throw new InvalidArgumentError("It takes entry, properties and acl, with commas between, or none.");
}

function parseTimeout(text: string): number {
  const duration = parseDurationMs(text);
  if (duration.ok) return duration.value;
  throw new InvalidArgumentError(`${text} ${duration.problem}`);
}

async function sync(name: string, options: SyncOptions, context: CommandContext): Promise<ExitStatus> {
  const { process } = context;
  if (options.dryRun !== true) refuseWithoutTerminal("realm sync", options, process);
  const request: SyncRequest = {
    realm: realmFrom(name),
    isDry: options.dryRun === true,
    ...(options.scope !== undefined && { scope: options.scope }),
    ...(options.removeVanished !== undefined && { removeVanished: options.removeVanished }),
  };
  const declared = await declaredStates(process, { ...options, output: "text", color: false });
  const desired = chosen(declared);
  const passed = request.isDry ? undefined : passedOver(desired);
  if (passed !== undefined) {
    process.stderr.write(`${desired.target.name}: ${passed}\n`);
    return exitStatus.refused;
  }
  const end = await follow(request, desired, { declared, options }, context);
  return conclude(end, context);
}

function chosen({ states }: Declared): DesiredOverTime {
  const [first, ...others] = states;
  if (first !== undefined && others.length === 0) return first;
  const names = states.map(({ target }) => target.name).join(", ");
  const message =
    first === undefined
      ? "the manifests have no target"
      : `one target is synced at a time, and there are: ${names}`;
  throw new Failure(message, exitStatus.error, "choose one, as --target dc1");
}

/** A target that apply would pass over: who asks for this one thing is told that it was not done. */
function passedOver({ target: { suspend, mode } }: DesiredOverTime): string | undefined {
  if (suspend) return "suspended: nothing is started on this target";
  return mode === "observe" ? "mode is observe: nothing is started on this target" : undefined;
}

async function follow(
  request: SyncRequest,
  desired: DesiredOverTime,
  { declared, options }: { readonly declared: Declared; readonly options: SyncOptions },
  context: CommandContext,
): Promise<SyncEnd> {
  const { process, signal, interrupt } = context;
  const surroundings = surroundingsOf(process, options);
  const opened = await openTarget(desired, "apply", surroundings);
  if ("status" in opened) return { kind: "failed", error: opened.error.message };
  const audit = await auditLogFor(options, { logger: surroundings.logger, signal });
  const supervision: SyncSupervision = {
    confirm: async (remarks) => {
      process.stderr.write(remarks.map((remark) => `${printable(remark)}\n`).join(""));
      if (options.yes === true) return true;
      const answer = await ask(process, `Sync realm ${request.realm} on ${desired.target.name}?`, signal);
      if (answer === "interrupted") interrupt();
      return answer === "yes";
    },
    onLine: (line) => void process.stdout.write(`${printable(line)}\n`),
    audit: auditPass(audit ?? noAudit, { run: randomUUID(), approvals: [], manifests: declared.manifests }),
    limitMs: options.timeout,
  };
  try {
    return await syncPass(opened, request, supervision, signal);
  } finally {
    await audit?.close();
    await opened.connected.close();
  }
}

function conclude(end: SyncEnd, { process, signal }: CommandContext): ExitStatus {
  switch (end.kind) {
    case "ended":
      // `WARNINGS: 2` is what a server says of a task that did its work.
      if (end.exit === "OK" || end.exit.startsWith("WARNINGS")) return exitStatus.ok;
      process.stderr.write(`the sync failed on the server: ${printable(end.exit)}\n`);
      return exitStatus.error;
    case "unseen":
      process.stderr.write(`how the sync ended was not seen: ${printable(end.error)}\n`);
      return signal.aborted ? exitStatus.interrupted : exitStatus.unconverged;
    case "refused":
      process.stderr.write(`${printable(end.error)}\n`);
      return signal.aborted ? exitStatus.interrupted : exitStatus.refused;
    case "failed":
      process.stderr.write(`${printable(end.error)}\n`);
      return signal.aborted ? exitStatus.interrupted : exitStatus.error;
  }
}
