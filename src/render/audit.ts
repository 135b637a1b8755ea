// What `rolecall audit verify` says.

import type { Break, FileProof, Proof } from "../apply/audit-proof.ts";
import type { Palette } from "../support/palette.ts";
import { countOf } from "./count.ts";
import { printableJson, visible } from "./escape.ts";

export function isWhole({ broken, absent }: Proof): boolean {
  return broken === undefined && absent.length === 0;
}

export function renderProof(proof: Proof, palette: Palette): string {
  const lines = [
    ...proof.files.map((file, at) => fileLine(file, standingOf(proof, at), palette)),
    ...(proof.broken === undefined ? [] : brokenLines(proof.broken, palette)),
    ...noticesOf(proof).map((notice) => `  ${palette.yellow("notice")} ${notice}`),
    ...proof.absent.map((hash) => `  ${palette.red("error")} ${wordAbsent(hash)}`),
    proof.last === undefined ? "no line has a hash" : `last hash: ${proof.last}`,
  ];
  return `${lines.join("\n")}\n`;
}

type Standing = "whole" | "broken" | "unproved" | "empty" | "foreign";

/** What comes after a break hangs in the air. */
function standingOf({ files, broken }: Proof, at: number): Standing {
  if (files[at]?.lines === 0) return "empty";
  if (broken === undefined) return "whole";
  const brokenAt = files.findIndex(({ file }) => file === broken.file);
  if (at < brokenAt) return "whole";
  if (at > brokenAt) return "unproved";
  return broken.kind === "foreign" ? "foreign" : "broken";
}

const standingWords: Readonly<Record<Standing, string>> = {
  whole: "whole",
  broken: "broken",
  unproved: "not proved, since what comes before is broken",
  empty: "empty",
  foreign: "not an audit log",
};

function fileLine({ file, lines, writes }: FileProof, standing: Standing, palette: Palette): string {
  const colour = standing === "whole" ? palette.green : standing === "empty" ? palette.yellow : palette.red;
  const counts = `${countOf(lines, "line")}, ${countOf(writes, "write")}`;
  return `${palette.bold(visible(file))}: ${colour(standingWords[standing])}, ${counts}`;
}

function brokenLines({ kind, file, line, message }: Break, palette: Palette): readonly string[] {
  const hint =
    kind === "missing" && line === 1
      ? ["  hint: name the older files before it, or --after HASH where they are gone"]
      : [];
  return [
    `  ${palette.red("error")} ${visible(file)}:${line}: ${kind}: the line ${visible(message)}`,
    ...hint,
  ];
}

function noticesOf({ files, open }: Proof): readonly string[] {
  return [
    ...files.flatMap(({ file, lines }) =>
      lines === 0
        ? [`${visible(file)}: nothing is proved of an empty file: one that was emptied looks the same`]
        : [],
    ),
    ...files.flatMap(({ file, torn }) =>
      torn.map((line) => `${visible(file)}:${line}: the line was cut off by a full disk or a killed process`),
    ),
    ...open.map(
      ({ file, line, operation, target, write, run }) =>
        `${visible(file)}:${line}: no outcome of ${visible(operation)} on ${visible(target)} ` +
        `(write ${write} of run ${visible(run)}): it is still at work, or was ended; the next plan shows what became of it`,
    ),
  ];
}

function resultOf(proof: Proof): "whole" | "broken" | "empty" {
  if (!isWhole(proof)) return "broken";
  return proof.files.every(({ lines }) => lines === 0) ? "empty" : "whole";
}

function wordAbsent(hash: string): string {
  return `no line has the expected hash ${hash}: the end of the log was cut off, or this is another log`;
}

export function renderProofJson(proof: Proof): string {
  const { files, broken, open, absent, last } = proof;
  return printableJson({
    formatVersion: 1,
    result: resultOf(proof),
    files: files.map((file, at) => ({ ...file, result: standingOf(proof, at) })),
    ...(broken && { broken }),
    open: open.map(({ file, line, run, target, write, operation }) => ({
      file,
      line,
      run,
      target,
      write,
      operation,
    })),
    absent,
    ...(last !== undefined && { last }),
  });
}
