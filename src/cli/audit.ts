// `rolecall audit verify`: proves the chain of an audit log. Asks no server and reads no manifest.

import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { Prover } from "../apply/audit-prover.ts";
import { isWhole, renderProof, renderProofJson } from "../render/audit.ts";
import { errorCode } from "../support/error-code.ts";
import { splitLines } from "../support/lines.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { Failure } from "./failure.ts";
import type { CommandContext } from "./process.ts";
import { paletteFor } from "./terminal.ts";

interface VerifyOptions {
  readonly after?: string;
  readonly expect?: readonly string[];
  readonly output: "text" | "json";
  readonly color: boolean;
}

export function auditCommand(context: CommandContext): Command {
  return new Command("audit")
    .description("Proves that an audit log is what was written.")
    .addCommand(verifyCommand(context));
}

function verifyCommand(context: CommandContext): Command {
  return new Command("verify")
    .argument("<file...>", "the files of one log, the oldest first; - for standard input")
    .summary("prove that nothing in an audit log was changed, removed, added or moved")
    .description(
      "Reads the files of one audit log, the oldest first, and proves by its hashes that no line was changed, removed, added " +
        "or moved since it was written; names the first that was. Tells which lines a full disk or a killed process cut off, " +
        "and which writes have no outcome. Nothing in a log shows that its end was cut off: note its last hash elsewhere, " +
        "and --expect it.",
    )
    .addOption(
      new Option("--expect <hash>", "a line of this hash must be there; may be repeated").argParser(
        (text: string, before: readonly string[] | undefined) => [...(before ?? []), parseHash(text)],
      ),
    )
    .addOption(
      new Option(
        "--after <hash>",
        "the first line follows the one of this hash, which is in an older file",
      ).argParser(parseHash),
    )
    .addOption(new Option("-o, --output <format>", "what to print").choices(["text", "json"]).default("text"))
    .option("--no-color", "no colours (also: NO_COLOR in the environment)")
    .addHelpText("after", help)
    .action(async (files: readonly string[], options: VerifyOptions) => {
      context.finish(await verify(files, options, context));
    });
}

const help = `
Examples:
  rolecall audit verify audit.jsonl
  rolecall audit verify audit.0*.jsonl audit.jsonl           # with the full ones before it, in order
  rolecall audit verify --expect 5b3f… audit.jsonl           # the last hash, as it was noted yesterday
  rolecall audit verify --after 5b3f… audit.jsonl            # older files are gone; the last hash of the last of them
  zcat audit.0*.jsonl.gz | rolecall audit verify - audit.jsonl

An empty file proves nothing, and says so: a log that was emptied looks the same, but for --expect.

Exit status: 0 the chain holds; 1 wrong options, or a file that can't be read; 2 the chain is broken, a file is no audit
log, or a line that --expect names is not there.`;

function parseHash(text: string): string {
  if (/^[0-9a-f]{64}$/u.test(text)) return text;
  throw new InvalidArgumentError("It takes the 64 hexadecimal digits that a line has as hash.");
}

async function verify(
  files: readonly string[],
  { after, expect = [], output, color }: VerifyOptions,
  { process, signal }: CommandContext,
): Promise<ExitStatus> {
  const prover = new Prover({ after, expected: expect });
  for (const file of files) {
    prover.begin(file === "-" ? "standard input" : file);
    await takeAll(prover, await chunksOf(file, process.stdin), { file, signal });
    if (signal.aborted) return exitStatus.interrupted;
  }
  const proof = prover.end();
  process.stdout.write(
    output === "json" ? renderProofJson(proof) : renderProof(proof, paletteFor(process, color)),
  );
  return isWhole(proof) ? exitStatus.ok : exitStatus.broken;
}

type Chunks = AsyncIterable<string | Buffer>;

async function chunksOf(file: string, standardInput: Chunks): Promise<Chunks> {
  if (file === "-") return standardInput;
  try {
    // Non-blocking, because opening a pipe would otherwise wait for whoever writes to it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    return handle.createReadStream();
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function takeAll(
  prover: Prover,
  chunks: Chunks,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<void> {
  let rest: readonly Buffer[] = [];
  try {
    for await (const chunk of chunks) {
      if (signal.aborted) return;
      const bytes = Buffer.from(chunk);
      // A line may be long, and chunks are short: only one with a line end is worth putting together.
      if (!bytes.includes("\n")) rest = [...rest, bytes];
      else rest = takeEnded(prover, Buffer.concat([...rest, bytes]));
    }
  } catch (error) {
    throw unreadable(file, error);
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) prover.take(last, false);
}

/** Gives what comes after the last line end. */
function takeEnded(prover: Prover, bytes: Buffer): readonly Buffer[] {
  const end = bytes.lastIndexOf("\n") + 1;
  for (const line of splitLines(bytes.subarray(0, end))) prover.take(line, true);
  return end === bytes.length ? [] : [bytes.subarray(end)];
}

function unreadable(file: string, cause: unknown): Failure {
  return new Failure(
    `${file} can't be read (${errorCode(cause)}), so nothing is proved`,
    exitStatus.error,
    undefined,
    { cause },
  );
}
