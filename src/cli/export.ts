import { Command, Option } from "commander";
import { exportState } from "../export/export-state.ts";
import { fileNames, type ExportedFile } from "../export/exported.ts";
import { wordPart } from "../export/yaml.ts";
import type { AccessState } from "../model/access-state.ts";
import type { DesiredOverTime } from "../model/desired-over-time.ts";
import { pve } from "../model/pve.ts";
import type { Selector } from "../plan/select.ts";
import { countOf } from "../render/count.ts";
import { printable } from "../support/printable.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { extentOf, parseScopeWord, refuseUnknown, type ScopeWord } from "./export-extent.ts";
import { present, writeManifests, type ManifestFile } from "./export-files.ts";
import { wordDeclaredTwice } from "./export-twice.ts";
import { Failure } from "./failure.ts";
import { loadDesired } from "./manifests.ts";
import { chooseTarget, readOneTarget, type OneTargetOptions } from "./one-target.ts";
import {
  addLogOptions,
  addManifestOptions,
  allowExecOption,
  collect,
  parseSelector,
  targetOption,
} from "./options.ts";
import type { CommandContext, Process } from "./process.ts";
import { newestVersion, refuseVersionOfServer } from "./release.ts";
import { readCopy } from "./server-copy.ts";

interface ExportOptions extends OneTargetOptions {
  readonly from?: string;
  readonly serverVersion?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly only?: readonly Selector[];
  readonly scope?: readonly ScopeWord[];
}

export function exportCommand(context: CommandContext): Command {
  const command = addManifestOptions(new Command("export"))
    .description(
      "Writes what a server has as manifests: realms, users, groups, roles, pools, ACL entries and tokens in the target's scope, " +
        "such that the next plan is empty. It only reads the server.",
    )
    .addOption(targetOption("the target to export, where the manifests have several"))
    .option(
      "--from <path>",
      "export a copy of the server's own user.cfg, or of its folder, and ask no server; - for standard input; " +
        "with --target in that target's scope, else everything",
    )
    .option("--server-version <version>", `the release that --from is of (default: ${newestVersion})`)
    .option("--out <folder>", "write files there in place of one stream on standard output")
    .option("--force", "let --out replace files that are there")
    .addOption(
      new Option(
        "--only <kind/name>",
        "only this object; of an ACL its path, or path and subject as plans name it; may be repeated",
      ).argParser(collect(parseSelector)),
    )
    .addOption(
      new Option(
        "--scope <kind=glob>",
        "only what the glob takes, or with a ! all else: of users, groups, roles, tokens, pools, realms, paths, subjects; may be repeated",
      ).argParser(collect(parseScopeWord)),
    );
  return addLogOptions(command)
    .addOption(allowExecOption())
    .option("--no-color", "no colours (also: NO_COLOR in the environment)")
    .addHelpText(
      "after",
      `
Examples:
  rolecall export --out manifests/dc1                 # the one target of manifests/
  rolecall export --target dc1 --only Group/operators
  rolecall export --scope 'paths=/pool/team-a/**' --scope 'users=!*@pam'
  ssh root@pve1 cat /etc/pve/user.cfg | rolecall export --from - --out manifests

What it can't write stands in comments: secrets, whom a directory makes, entries of who is gone.
docs/adopt.md leads from a server that grew by hand to one that is kept by manifests.

Exit status: 0 exported, 1 wrong input, an unreachable server, or a file that would be replaced.`,
    )
    .action(async (options: ExportOptions) => {
      context.finish(await exportTarget(options, context));
    });
}

/** What is exported, and the target that it is for, where there is one. */
interface Source {
  readonly state: AccessState;
  readonly desired?: DesiredOverTime;
  readonly isOneOfMany?: boolean;
}

async function exportTarget(options: ExportOptions, context: CommandContext): Promise<ExitStatus> {
  refuseIdle(options);
  const { state, desired, isOneOfMany } = await openSource(options, context);
  const target = desired?.target;
  const extent = extentOf(target, state, pve, options);
  refuseUnknown(options.only ?? [], state, extent);
  const all = exportState({
    state,
    product: pve,
    extent,
    envPrefix: target?.secrets.envPrefix ?? "ROLECALL_SECRET_",
    ...(target && isOneOfMany === true && { targets: [target.name] }),
  });
  // Who names one object does not ask what is left out of others.
  const files = options.only ? all.filter(({ documents }) => documents.length > 0) : all;
  const { process } = context;
  if (options.out === undefined) process.stdout.write(wordStream(files));
  else await writeFiles(options.out, files, options, process);
  process.stderr.write(`${wordSummary(files, options.out)}\n`);
  if (desired !== undefined) warnOfTwice(desired, files, options, process);
  return exitStatus.ok;
}

function refuseIdle(options: ExportOptions): void {
  refuseVersionOfServer(options);
  const { out, force } = options;
  if (out === undefined && force === true)
    throw new Failure("--force goes with --out", exitStatus.error, "standard output replaces no file");
}

async function openSource(options: ExportOptions, context: CommandContext): Promise<Source> {
  const { from, target, serverVersion } = options;
  if (from === undefined) {
    const { desired, live } = await readOneTarget(options, context, "export");
    return {
      state: live.state,
      desired,
      isOneOfMany: await hasOthers(options, context.process),
    };
  }
  const { state, assumed } = await readCopy(from, serverVersion, context.process);
  for (const what of assumed) context.process.stderr.write(`taken for granted: ${what}\n`);
  if (target === undefined) return { state };
  const desired = await chooseTarget(options, context.process);
  return { state, desired, isOneOfMany: await hasOthers(options, context.process) };
}

/** Where there are several targets, a manifest that names none is for all of them. */
async function hasOthers(options: ExportOptions, process: Process): Promise<boolean> {
  // What can be read once only has been: then the name does no harm.
  if (options.filename.includes("-")) return true;
  const { filename, config } = options;
  const { states } = await loadDesired(process, { filename, ...(config !== undefined && { config }) });
  return states.length > 1;
}

function warnOfTwice(
  desired: DesiredOverTime,
  files: readonly ExportedFile[],
  { out, filename }: ExportOptions,
  { stderr }: Process,
): void {
  const warning = out && wordDeclaredTwice(desired, files, { folder: out, filenames: filename });
  if (warning) stderr.write(`warning: ${warning}\n`);
}

function wordStream(files: readonly ExportedFile[]): string {
  return files.map(wordPart).join("---\n");
}

async function writeFiles(
  folder: string,
  files: readonly ExportedFile[],
  { force }: ExportOptions,
  { stderr }: Process,
): Promise<void> {
  const texts = files.map((file): ManifestFile => ({ name: file.name, text: wordPart(file) }));
  await writeManifests(folder, texts, force === true ? "replace" : "keep");
  const written = new Set(files.map(({ name }) => name));
  const left = await present(
    folder,
    fileNames.filter((name) => !written.has(name)),
  );
  for (const name of left)
    stderr.write(
      `warning: ${printable(folder)}/${name} is of an earlier export: nothing of it is on the server now\n`,
    );
}

function wordSummary(files: readonly ExportedFile[], folder: string | undefined): string {
  const documents = files.reduce((sum, file) => sum + file.documents.length, 0);
  const where = folder === undefined ? "" : ` in ${countOf(files.length, "file")} in ${printable(folder)}`;
  return `exported: ${countOf(documents, "manifest")}${where}`;
}
