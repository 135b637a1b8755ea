import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { findingCodes, unapprovable } from "../../../src/model/finding-code.ts";

describe("an approval", () => {
  test.each([
    ["max-deletes", undefined],
    ["max-delets", "is not the code of a finding; did you mean max-deletes?"],
    ["reference-unknown", "says what can't be done as it is declared; correct the manifest"],
    ["caller-lowered", "is a warning and refuses nothing; leave the approval out"],
    ["constructor", expect.stringContaining("is not the code of a finding; approvable are max-deletes, ")],
  ])("of %s", (word, expected) => {
    const said = unapprovable(word);
    expect(said && `${said.problem}; ${said.hint}`).toEqual(expected);
  });
});

test("every code is documented", () => {
  const docs = new URL("../../../docs/", import.meta.url);
  const pages = readdirSync(docs).filter((name) => name.endsWith(".md"));
  const texts = pages.map((name) => readFileSync(new URL(name, docs), "utf8")).join("\n");
  expect(findingCodes.filter((code) => !texts.includes(`\`${code}\``))).toEqual([]);
});
