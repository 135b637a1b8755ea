// What is said of an audit log when it was read from end to end. Pure values; audit-prover.ts makes them, docs/audit.md says what
// a chain proves and what it can't.

import type { LineRead } from "./audit-line.ts";

/** A line of a file, counted from 1. */
export interface LinePlace {
  readonly file: string;
  readonly line: number;
}

export interface Break extends LinePlace {
  /**
   * `missing`: what it follows is not here. `reordered`: it is, at another place. `cut`: not whole, and nothing says why.
   * `foreign`: the whole file is something else.
   */
  readonly kind: "changed" | "missing" | "reordered" | "repeated" | "cut" | "foreign";
  readonly message: string;
}

export interface OpenWrite extends LinePlace, LineRead {}

export interface FileProof {
  readonly file: string;
  readonly lines: number;
  /** Begun in this file. */
  readonly writes: number;
  /** Lines that were cut off, and are told to be by the line after them or by the end of the log. */
  readonly torn: readonly number[];
}

export interface Proof {
  readonly files: readonly FileProof[];
  readonly broken: Break | undefined;
  /** Writes whose outcome is not in the log. */
  readonly open: readonly OpenWrite[];
  /** Of the last whole line. */
  readonly last: string | undefined;
  /** The hashes that were to be there and are not. */
  readonly absent: readonly string[];
}
