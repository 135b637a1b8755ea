import { expect, test } from "@jest/globals";
import { createLocate, createLocator } from "../../../src/manifest/locate.ts";
import { parseDocuments } from "../../../src/manifest/parse.ts";
import { marked } from "../../support/manifest-text.ts";

const text = `a: &x { b: one }
c:
  - two
  - { d: three, e/f~g: four }
h: *x
i:
`;

test.each([
  ["", "value", "1:1 a"],
  ["/a", "value", "1:1 a"],
  ["/a/b", "value", "1:12 one"],
  ["/a/b", "key", "1:9 b"],
  ["/c", "value", "2:1 c"],
  ["/c/0", "value", "3:5 two"],
  ["/c/1", "value", "4:7 d"],
  ["/c/1/e~1f~0g", "value", "4:24 four"],
  ["/c/7", "value", "2:1 c"],
  ["/h", "value", "5:4 *x"],
  ["/h/b", "value", "1:12 one"],
  ["/i", "value", "6:1 i"],
  ["/nowhere/at/all", "value", "1:1 a"],
] as const)("%s (%s) is at %s", (pointer, part, expected) => {
  const [document] = parseDocuments(text);
  if (!document || !("tree" in document)) throw new Error("no tree");
  const locate = createLocate(document.tree, createLocator({ name: "a.yaml", folder: ".", text }));
  const span = locate(pointer, part);
  const word = marked({ ...span, severity: "error", code: "wrong-type", message: "" });
  expect(`${span.place.line}:${span.place.column} ${word}`).toBe(expected);
});
