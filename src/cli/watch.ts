// `rolecall watch`: keeps the servers as the manifests say, until it is stopped.

import { Command, InvalidArgumentError, Option } from "commander";
import { noAudit } from "../apply/audit.ts";
import { startDaemon, type Daemon, type DaemonOptions } from "../daemon/daemon.ts";
import { defaultPace } from "../daemon/lookout.ts";
import type { Askers } from "../daemon/pages.ts";
import { parseDurationMs } from "../desired/duration.ts";
import { pages } from "../page/pages.ts";
import { defaultLimits } from "../proxmox/transport.ts";
import { readForQuestions } from "../reconcile/ask.ts";
import { createLoader } from "../reconcile/load.ts";
import type { Surroundings } from "../reconcile/open.ts";
import { visitsInto } from "../reconcile/visit.ts";
import { isBearerOf } from "../secrets/bearer.ts";
import { aborted } from "../support/aborted.ts";
import { errorCode } from "../support/error-code.ts";
import { auditLogFor, type OpenAuditLog } from "./audit-log.ts";
import { exitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import { listenHints, parseHostName, parseListen } from "./listen.ts";
import {
  addAuditOptions,
  addLogOptions,
  addManifestOptions,
  allowExecOption,
  collect,
  targetOption,
  type AuditOptions,
  type ExecOptions,
  type LogOptions,
  type ManifestOptions,
} from "./options.ts";
import type { CommandContext } from "./process.ts";
import { surroundingsOf } from "./surroundings.ts";
import { version } from "./version.ts";

interface WatchOptions extends ManifestOptions, LogOptions, ExecOptions, AuditOptions {
  readonly target?: readonly string[];
  readonly listen: DaemonOptions["listen"] | "none";
  readonly allowHost?: readonly string[];
  readonly answer: Askers;
  readonly settle: number;
  readonly grace: number;
  readonly reloadTokenFile?: string;
  readonly verifySinks?: number;
}

const defaultListen = "127.0.0.1:9855";

export function watchCommand(context: CommandContext): Command {
  const command = addManifestOptions(new Command("watch"))
    .description(
      "Keeps the servers as the manifests say: applies what changes in the files at once, mends drift from time to time, " +
        "until it is stopped. Serves a page for people, its status and metrics.",
    )
    .addOption(targetOption("only this target; may be repeated"))
    .addOption(allowExecOption())
    .addOption(
      new Option(
        "--listen <host:port>",
        "where to serve page, status and metrics; port 0 is any free one, none is nowhere",
      )
        .argParser((text: string) => (text === "none" ? "none" : parseListen(text)))
        .default(parseListen(defaultListen), defaultListen),
    )
    .addOption(
      new Option(
        "--allow-host <name>",
        "a name by which it is asked for, beside localhost and addresses, as rolecall.example; may be repeated",
      ).argParser(collect(parseHostName)),
    )
    .addOption(
      new Option("--answer <whom>", "whose questions who can do what the page answers; local is this machine")
        .choices(["local", "anyone", "nobody"] satisfies readonly Askers[])
        .default("local"),
    )
    .addOption(
      durationOption(
        "--settle <duration>",
        "how long the manifests must stand still before they count",
        "2s",
      ),
    )
    .addOption(
      durationOption("--grace <duration>", "how long what is in flight may take when it is stopped", "25s"),
    )
    .addOption(
      new Option(
        "--verify-sinks [duration]",
        "look from time to time, along with a pass, whether the sinks hold secrets that the server takes, by one harmless " +
          "request a token (every hour unless told)",
      )
        .preset("1h")
        .argParser(parseDuration),
    )
    .option(
      "--reload-token-file <file>",
      "who shows this token may POST /-/reload from elsewhere; without it only this machine may",
    );
  return addLogOptions(addAuditOptions(command, "64MiB"), "info")
    .addHelpText("after", help)
    .action(async (options: WatchOptions) => {
      await watch(options, context);
      context.finish(exitStatus.ok);
    });
}

/** Nobody waits for a pass: one handshake does where a command at a terminal makes eight. */
const daemonLimits = { ...defaultLimits, connections: 1 };

const help = `
Examples:
  rolecall watch                                       # manifests/, page on http://${defaultListen}
  rolecall watch -f /git/current/manifests -c /etc/rolecall
  rolecall watch --listen 0.0.0.0:9855 --allow-host rolecall.example
  rolecall watch --audit-log /var/log/rolecall/audit.jsonl
  rolecall watch --verify-sinks 30m
  curl -s 127.0.0.1:9855/api/v1/status
  kill -HUP PID                                        # look at the manifests now

Manifests with mistakes change nothing: what was accepted before stays in force, and the status says what is wrong.

Exit status: 0 stopped by a first SIGTERM or SIGINT, with what was in flight finished; 1 wrong options, or an address
or an audit log that can't be had; 70 a bug; 130 a second signal, or more in flight than --grace allows.`;

function durationOption(flags: string, description: string, byDefault: string): Option {
  return new Option(flags, description).argParser(parseDuration).default(parseDuration(byDefault), byDefault);
}

function parseDuration(text: string): number {
  const duration = parseDurationMs(text);
  if (!duration.ok) throw new InvalidArgumentError(`It ${duration.problem}.`);
  return duration.value;
}

async function watch(options: WatchOptions, context: CommandContext): Promise<void> {
  const { process, signal } = context;
  if (options.filename.includes("-") || options.config === "-")
    throw new Failure("standard input can't be watched", exitStatus.error, "name a file or a folder with -f");
  const surroundings = { ...surroundingsOf(process, options), limits: daemonLimits };
  const audit = await auditLogFor(options, { logger: surroundings.logger, signal });
  const daemon = await start(options, audit, surroundings);
  process.on("SIGHUP", daemon.reload);
  // The one line on standard output, so that who asked for any free port learns which.
  if (daemon.url !== undefined) process.stdout.write(`listening on ${daemon.url}\n`);
  surroundings.logger.info("watching", { paths: options.filename.join(" "), version: version() });
  await aborted(signal);
  process.removeListener("SIGHUP", daemon.reload);
  await stop(daemon, options.grace, { context, surroundings });
  await audit?.close();
}

/** What the system says of an address is for the user to mend. */
async function start(
  options: WatchOptions,
  audit: OpenAuditLog | undefined,
  surroundings: Surroundings,
): Promise<Daemon> {
  const { listen, reloadTokenFile, verifySinks } = options;
  try {
    return await startDaemon(
      {
        paths: {
          filenames: options.filename,
          ...(options.config !== undefined && { config: options.config }),
        },
        pace: { ...defaultPace, settleMs: options.settle },
        load: createLoader(options.target),
        visit: visitsInto(audit ?? noAudit),
        audit,
        ...(verifySinks !== undefined && { verifySinksMs: verifySinks }),
        listen: listen === "none" ? undefined : listen,
        names: options.allowHost ?? [],
        isAllowed: async (bearer) =>
          reloadTokenFile !== undefined &&
          (await isBearerOf({ source: "file", path: reloadTokenFile }, bearer, surroundings)),
        pages,
        read: readForQuestions,
        askers: options.answer,
        version: version(),
      },
      surroundings,
    );
  } catch (error) {
    const code = errorCode(error);
    if (!/^E[A-Z]/u.test(code) || listen === "none" || listen === undefined) throw error;
    const message = `${listen.host}:${listen.port} can't be listened on (${code})`;
    throw new Failure(message, exitStatus.error, listenHints[code], { cause: error });
  }
}

async function stop(
  daemon: Daemon,
  graceMs: number,
  { context, surroundings }: { readonly context: CommandContext; readonly surroundings: Surroundings },
): Promise<void> {
  const { logger, clock } = surroundings;
  logger.info("stopping: nothing more is begun, what is in flight is finished");
  const waiting = new AbortController();
  const stopped = daemon.stop().then(() => true);
  const late = clock.sleep(graceMs, waiting.signal).then(
    () => false,
    () => true,
  );
  if (await Promise.race([stopped, late])) {
    waiting.abort();
    logger.info("stopped");
    return;
  }
  logger.error(
    "a write is still in flight after the grace period, and its fate is unknown: ending all the same",
  );
  // The second interruption ends at once.
  context.interrupt();
}
