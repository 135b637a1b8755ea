// In: the line that this process wrote last, and the files that came of it. Out: how they are not what was left there. What
// others add goes on with the chain, so anything else is somebody's who should not have been there (docs/decisions/052).

import type { FileHandle } from "node:fs/promises";
import { sealOf } from "../apply/audit-chain.ts";
import { Prover } from "../apply/audit-prover.ts";
import { isSameFile, linesFrom, openToRead, statusOf } from "./audit-file.ts";
import { fullFilesOf } from "./audit-full.ts";

/** Where this process left its last line. */
export interface OwnLine {
  readonly start: number;
  /** Behind its line end. */
  readonly end: number;
  readonly hash: string;
}

/** Undefined where the line stands where it was left, and what stands behind it goes on with the chain. */
export async function breachSince(
  own: OwnLine,
  first: FileHandle,
  later: readonly FileHandle[] = [],
): Promise<string | undefined> {
  const { size } = await first.stat();
  if (size < own.end) return "its end was cut off";
  const prover = new Prover({ after: own.hash });
  prover.begin("");
  let isOwn = true;
  for await (const { bytes, isEnded } of linesFrom(first, own.start)) {
    if (!isOwn) prover.take(bytes, isEnded);
    else if (!isSealedBy(bytes, own.hash)) return "the line that was written last is another one";
    isOwn = false;
  }
  for (const file of later)
    for await (const { bytes, isEnded } of linesFrom(file, 0)) prover.take(bytes, isEnded);
  const { broken } = prover.end();
  return broken && `a line behind the one that was written last ${broken.message}`;
}

function isSealedBy(line: Buffer, hash: string): boolean {
  const seal = sealOf(line);
  return seal?.claimed === hash && seal.actual === hash;
}

/** As above, over the files that were full since: `first` has the line, `last` is the one that the path leads to now. */
export async function breachAcross(
  own: OwnLine,
  path: string,
  [first, last]: readonly [FileHandle, FileHandle],
): Promise<string | undefined> {
  const status = await first.stat();
  const full = await fullFilesOf(path);
  const all = await Promise.all(full.map(async (one) => ({ ...one, status: await statusOf(one.path) })));
  const at = all.findIndex((one) => isSameFile(one.status, status));
  const between = at === -1 ? [] : all.slice(at + 1);
  const opened: FileHandle[] = [];
  try {
    for (const one of between) opened.push(await openToRead(one.path));
    return await breachSince(own, first, [...opened, last]);
  } finally {
    for (const file of opened) await file.close();
  }
}
