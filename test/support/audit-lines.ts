import type { AuditLine } from "../../src/apply/audit.ts";
import { chainLine, emptyTail } from "../../src/apply/audit-chain.ts";
import type { Proof } from "../../src/apply/audit-proof.ts";
import { Prover } from "../../src/apply/audit-prover.ts";
import { splitLines } from "../../src/support/lines.ts";

export const auditLine: AuditLine = {
  formatVersion: 1,
  time: "2026-01-01T00:00:00.000Z",
  run: "r",
  target: "dc1",
  caller: "rolecall@pve!gitops",
  manifests: { digest: "sha256:d" },
  write: 1,
  phase: "before",
  operation: { method: "DELETE", path: "/access/groups/ops", parameters: {} },
  changes: [],
  approvals: [],
};

/** The two lines of each of so many writes, chained. */
export function aLog(writes: number): readonly string[] {
  const lines = Array.from({ length: writes }, (_, at) => [
    { ...auditLine, write: at + 1 },
    { ...auditLine, write: at + 1, phase: "after", outcome: { status: "done" } },
  ]).flat();
  let tail = emptyTail;
  return lines.map((line) => {
    const { text, hash } = chainLine(line, tail);
    tail = { hash, torn: [] };
    return text;
  });
}

export interface Proving {
  readonly after?: string;
  readonly expect?: readonly string[];
  readonly remembered?: number;
}

/** What is said of the files `a`, `b`, … of a log. */
export function proved(
  files: readonly (string | Buffer)[],
  { after, expect = [], remembered = 1_000 }: Proving = {},
): Proof {
  const prover = new Prover({ after, expected: expect, remembered });
  for (const [at, file] of files.entries()) {
    prover.begin(String.fromCharCode(97 + at));
    const bytes = Buffer.from(file);
    const lines = splitLines(bytes);
    for (const [index, line] of lines.entries())
      prover.take(line, index < lines.length - 1 || bytes.at(-1) === 0x0a);
  }
  return prover.end();
}
