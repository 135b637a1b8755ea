import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import { reportPermissions } from "../access/report.ts";
import {
  reportCsv,
  reportJson,
  reportMarkdown,
  reportText,
  type Report,
  type ReportRow,
} from "../render/questions-report.ts";
import { errorCode } from "../support/error-code.ts";
import type { Palette } from "../support/palette.ts";
import { addSourceOptions, openSource, type Source, type SourceOptions } from "./access-source.ts";
import { logInNow } from "./access-words.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import type { CommandContext } from "./process.ts";
import { paletteFor } from "./terminal.ts";

interface ReportOptions extends SourceOptions {
  readonly output: keyof typeof writers;
}

const writers = {
  text: reportText,
  json: reportJson,
  markdown: reportMarkdown,
  csv: reportCsv,
} as const satisfies Readonly<Record<string, (report: Report, palette: Palette) => Iterable<string>>>;

export function reportCommand(context: CommandContext): Command {
  return addSourceOptions(new Command("report"))
    .summary("every privilege of everybody, for a review")
    .description(
      "Lists what every user and token holds on every path, as the server itself computes it: those who are disabled or " +
        "expired too, which all formats but JSON say.",
    )
    .addOption(
      new Option("-o, --output <format>", "what to print").choices(Object.keys(writers)).default("text"),
    )
    .addHelpText(
      "after",
      `
Examples:
  rolecall access report -o csv > review.csv             # for a spreadsheet: one privilege a row
  rolecall access report --target dc1 -o markdown
  rolecall access report --from user.cfg -o json         # propagate is 1 where it also holds below, else 0

Exit status: 0 answered, 1 wrong input or an unreachable server.`,
    )
    .action(async (options: ReportOptions) => {
      context.finish(await report(options, context));
    });
}

/** Written as it is computed: all of it together may be larger than memory. */
async function report(options: ReportOptions, context: CommandContext): Promise<ExitStatus> {
  const { process, signal } = context;
  const source = await openSource(options, context);
  const write = writers[options.output];
  const chunks = write(reportOf(source), paletteFor(process, options.color));
  try {
    await pipeline(Readable.from(chunks), process.stdout, { signal, end: false });
  } catch (error) {
    // Who reads has seen enough, as `head` does.
    if (errorCode(error) !== "EPIPE") throw error;
  }
  return exitStatus.ok;
}

function reportOf(source: Source): Report {
  return { source: source.name, all: source.index.superuserPrivileges, rows: rowsOf(source) };
}

function* rowsOf(source: Source): Generator<ReportRow, void, undefined> {
  for (const row of reportPermissions(source.index)) yield { ...row, logIn: logInNow(source, row.id) };
}
