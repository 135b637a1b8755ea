import { expect, test } from "@jest/globals";
import { manifestText, readTexts, summary, targetText } from "../../support/manifest-text.ts";

const joe = manifestText("User", "joe@pve");

test("all mistakes of all files at once, by place", () => {
  const { diagnostics, manifests, unread } = readTexts({
    "b.yaml": manifestText("User", "x@pve", "{ foo: 1 }"),
    "a.yaml": `${joe}---\na: [\n---\n${manifestText("User", "y@pve", "{ bar: 1, enabled: 2 }")}`,
  });
  expect(diagnostics.map(({ place }) => `${place.file}:${place.line}`)).toEqual([
    "a.yaml:7",
    "a.yaml:11",
    "a.yaml:11",
    "b.yaml:4",
  ]);
  expect(manifests.map(({ name, isPart }) => [name, isPart])).toEqual([
    ["x@pve", true],
    ["joe@pve", undefined],
    ["y@pve", true],
  ]);
  expect(unread).toBe(3);
});

test("a manifest knows where it stands", () => {
  const [manifest] = readTexts({
    "a.yaml": `# first\n---\n${manifestText("User", "joe@pve", "{ groups: [a, b] }")}`,
  }).manifests;
  expect(manifest?.place).toEqual({ file: "a.yaml", line: 5, column: 19 });
  expect(manifest?.locate("/spec/groups/1").place).toEqual({ file: "a.yaml", line: 6, column: 21 });
  expect(manifest?.locate("/spec/groups", "key").place).toEqual({ file: "a.yaml", line: 6, column: 9 });
  expect(manifest?.locate("/spec/nothing/here").place).toEqual({ file: "a.yaml", line: 6, column: 1 });
});

test("without --config a Target may lie among the others", () =>
  expect(readTexts({ "a.yaml": `${targetText()}---\n${joe}` }).diagnostics).toEqual([]));

test("with --config it may not, and nothing but it may lie there", () => {
  const { manifests, diagnostics } = readTexts(
    { "a.yaml": `${targetText("evil")}---\n${joe}` },
    { "c.yaml": `${targetText("dc1")}---\n${manifestText("Group", "g")}` },
  );
  expect(summary(diagnostics)).toEqual(["misplaced@Target", "misplaced@Group"]);
  expect(manifests.map(({ name }) => name)).toEqual(["dc1", "joe@pve"]);
});
