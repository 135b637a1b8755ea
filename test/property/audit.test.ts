import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { sealOf } from "../../src/apply/audit-chain.ts";
import { aLog, proved } from "../support/audit-lines.ts";

const log = aLog(4);
const bytes = Buffer.from(log.join(""));
const last = sealOf(Buffer.from(log.at(-1)?.trimEnd() ?? ""))?.claimed ?? "";
const lineNumber = fc.nat({ max: log.length - 1 });

/** Whether anything is told that an untouched log does not have. */
function isTold(files: readonly (string | Buffer)[]): boolean {
  const { broken, files: proofs } = proved(files);
  return broken !== undefined || proofs.some(({ torn }) => torn.length > 0);
}

/** With the last hash known, whether it is told to be broken or to lack it. */
function isRefused(file: string | Buffer): boolean {
  const { broken, absent } = proved([file], { expect: [last] });
  return broken !== undefined || absent.length > 0;
}

test("any single byte that was changed is found", () => {
  fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Buffer.from(bytes);
      changed[at] = ((changed[at] ?? 0) + by) % 256;
      expect(isTold([changed])).toBe(true);
      // But for its line end the last line is whole, and no hash is of that.
      if (at < bytes.length - 1) expect(isRefused(changed)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

test("any line that was removed, moved or doubled is found", () => {
  fc.assert(
    fc.property(lineNumber, lineNumber, (from, to) => {
      const line = log[from] ?? "";
      const without = log.filter((_, at) => at !== from);
      const moved = [...without.slice(0, to), line, ...without.slice(to)];
      const doubled = [...log.slice(0, to), line, ...log.slice(to)];
      expect(isRefused(without.join(""))).toBe(true);
      if (from !== to) expect(proved([moved.join("")]).broken).toBeDefined();
      expect(proved([doubled.join("")]).broken).toBeDefined();
    }),
  );
});

test("a log may be cut into files between any lines, and at any byte by a killed process, and is no tampering", () => {
  fc.assert(
    fc.property(lineNumber, fc.nat({ max: bytes.length }), (at, end) => {
      expect(proved([log.slice(0, at).join(""), log.slice(at).join("")]).broken).toBeUndefined();
      expect(proved([bytes.subarray(0, end)]).broken).toBeUndefined();
    }),
  );
});

test("no bytes make it fall", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 3 }), (files) => {
      expect(proved(files.map((file) => Buffer.from(file))).files).toHaveLength(files.length);
    }),
  );
});
