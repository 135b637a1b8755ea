// In: what a run gave. Out: whether it is what test/golden/ holds. Rewritten by UPDATE_GOLDEN=1, reviewed as diffs.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "@jest/globals";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "golden");

/** Compares a text with test/golden/<case>/<file>, byte for byte. */
export function expectGolden(golden: { readonly case: string; readonly file: string }, text: string): void {
  const path = join(folder, golden.case, golden.file);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  expect(text).toBe(readFileSync(path, "utf8"));
}
