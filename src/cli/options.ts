// The options that commands share, each written once.

import { InvalidArgumentError, Option, type Command } from "commander";
import { unapprovable } from "../model/finding-code.ts";
import type { Approvals } from "../guard/approve.ts";
import type { Selector, SelectorKind } from "../plan/select.ts";

type Output = "text" | "json" | "markdown";

export interface ManifestOptions {
  readonly filename: readonly string[];
  readonly config?: string;
}

export interface OutputOptions {
  readonly output: Output;
  readonly color: boolean;
}

export interface LogOptions {
  readonly logLevel: LogLevel;
  readonly logFormat?: "text" | "json";
}

export interface ExecOptions {
  readonly allowExec?: boolean;
}

export interface TargetOptions extends ManifestOptions, OutputOptions, LogOptions, ExecOptions {
  readonly target?: readonly string[];
  readonly only?: readonly Selector[];
  readonly verbose?: boolean;
}

/** The gravest first: each says what those before it say, too. */
export const logLevels = ["error", "warn", "info", "debug"] as const;

export type LogLevel = (typeof logLevels)[number];

export interface AuditOptions {
  readonly auditLog?: string;
  /** In bytes. */
  readonly auditMaxSize?: number;
}

export interface ApprovalOptions {
  readonly approve?: Approvals;
}

export function addManifestOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-f, --filename <path>", "a file, a folder or - for standard input; may be repeated")
        .default(["manifests"], "manifests")
        .argParser(collectAfterDefault()),
    )
    .option(
      "-c, --config <path>",
      "read Target and Policy manifests from here only, so that what guards a change is not part of it",
    );
}

export function addOutputOptions(command: Command): Command {
  return command
    .addOption(
      new Option("-o, --output <format>", "what to print")
        .choices(["text", "json", "markdown"])
        .default("text"),
    )
    .option("--no-color", "no colours (also: NO_COLOR in the environment)");
}

export function addTargetOptions(command: Command): Command {
  return addReportOptions(command).addOption(
    new Option("--only <kind/name>", "only this object, and what it depends on; may be repeated").argParser(
      collect(parseSelector),
    ),
  );
}

/** Of commands that end in reports on targets. */
export function addReportOptions(command: Command): Command {
  const chosen = addOutputOptions(addManifestOptions(command))
    .addOption(targetOption("only this target; may be repeated"))
    .option("--verbose", "also the requests, and lists in full")
    .addOption(allowExecOption());
  return addLogOptions(chosen);
}

export function allowExecOption(): Option {
  return new Option(
    "--allow-exec",
    "start the programs that Target manifests name as sources and sinks of secrets",
  );
}

export function targetOption(description: string): Option {
  return new Option("--target <name>", description).argParser(collect<string>((text) => text));
}

export function addLogOptions(command: Command, level: LogLevel = "warn"): Command {
  return command
    .addOption(
      new Option("--log-level <level>", "what to log")
        .choices(logLevels)
        .env("ROLECALL_LOG_LEVEL")
        .default(level),
    )
    .addOption(
      new Option("--log-format <format>", "how to log: text on a terminal, else json")
        .choices(["text", "json"])
        .env("ROLECALL_LOG_FORMAT"),
    );
}

export function approveOption(): Option {
  return new Option(
    "--approve <code[=n]>",
    "let one finding pass for this run, where it counts something up to n; may be repeated",
  ).argParser(
    (text: string, previous: Approvals | undefined) => new Map([...(previous ?? []), parseApproval(text)]),
  );
}

/** Of commands that write. */
export function addApplyingOptions(command: Command): Command {
  return addAuditOptions(
    command.option("--yes", "don't ask; needed where there is no terminal").addOption(approveOption()),
    "none",
  );
}

export function addAuditOptions(command: Command, maximumSize: string): Command {
  return command
    .option(
      "--audit-log <file>",
      "add two lines of JSON for each write: before it is sent, and with its outcome; what can't be logged is not sent",
    )
    .addOption(
      new Option(
        "--audit-max-size <size>",
        "begin a new file of the audit log at this size, as 64MiB; or none",
      )
        .argParser(parseSize)
        .default(parseSize(maximumSize), maximumSize),
    );
}

const units: Readonly<Record<string, number>> = { "": 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function parseSize(text: string): number {
  if (text === "none") return Infinity;
  const [, digits = "", unit = ""] = /^(\d{1,9})(|KiB|MiB|GiB)$/u.exec(text) ?? [];
  const size = Number(digits) * (units[unit] ?? 1);
  if (size > 0) return size;
  throw new InvalidArgumentError("It takes bytes, or a number of KiB, MiB or GiB, as 64MiB; or none.");
}

export function collect<T>(
  parse: (text: string) => T,
): (text: string, previous: readonly T[] | undefined) => readonly T[] {
  return (text, previous) => [...(previous ?? []), parse(text)];
}

/** The first path that is given replaces the default. */
function collectAfterDefault(): (text: string, previous: readonly string[]) => readonly string[] {
  let isGiven = false;
  return (text, previous) => {
    const paths = isGiven ? [...previous, text] : [text];
    isGiven = true;
    return paths;
  };
}

const selectorKinds: readonly SelectorKind[] = [
  "User",
  "Group",
  "Membership",
  "Role",
  "ACL",
  "Token",
  "Pool",
  "Realm",
];

export function parseSelector(text: string): Selector {
  const slash = text.indexOf("/");
  const kind = selectorKinds.find((known) => known.toLowerCase() === text.slice(0, slash).toLowerCase());
  const name = text.slice(slash + 1);
  if (slash < 1 || kind === undefined || name === "") {
    throw new InvalidArgumentError(
      `It takes KIND/NAME, as User/joe@pve; kinds are ${selectorKinds.join(", ")}.`,
    );
  }
  return { kind, name };
}

function parseApproval(text: string): readonly [string, number | undefined] {
  const match = /^([a-z][a-z-]*)(?:=(\d{1,9}))?$/u.exec(text);
  const code = match?.[1];
  if (code === undefined) throw new InvalidArgumentError("It takes CODE or CODE=N, as max-deletes=12.");
  const said = unapprovable(code);
  if (said)
    throw new InvalidArgumentError(
      `${code} ${said.problem}: ${said.hint}${said.hint.endsWith("?") ? "" : "."}`,
    );
  return [code, match?.[2] === undefined ? undefined : Number(match[2])];
}
