import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { ExportedDocument } from "../../../src/export/exported.ts";
import { wordPart } from "../../../src/export/yaml.ts";

function aUserDocument(comment: string, remarks: readonly string[] = []): ExportedDocument {
  return { kind: "User", name: "joe@pve", spec: { enabled: true, comment }, remarks };
}

describe("a text of the server", () => {
  test.each([
    "on call",
    "yes",
    "NO",
    "null",
    "~",
    "0x10",
    "1e3",
    "12:30:45",
    "2027-01-31",
    "- not: a list",
    "# no comment",
    "&anchor *alias !tag",
    "{ a: b }",
    "'single' \"double\" \\",
    "a\nb\r\n\tc",
    "---\nkind: Role",
    "\u0000\u0007\u007f\u0085\u2028\u2029\ufeff\u200b\u202e",
    "größer 猫 \u{1F37A}",
    "x".repeat(5000),
    "<<",
    "=",
  ])("%j is read as it was, by YAML 1.2 and 1.1", (text) => {
    const yaml = wordPart({ documents: [aUserDocument(text)], remarks: [] });
    for (const version of ["1.2", "1.1"] as const) {
      expect(parse(yaml, { version })).toMatchObject({ kind: "User", spec: { comment: text } });
    }
  });
});

test("no remark ends its comment", () => {
  const remark = "gone\nkind: Role\r\u2028\u0085x@pve";
  const yaml = wordPart({ documents: [aUserDocument("a", [remark])], remarks: [remark] });
  expect(yaml.split(/[\n\r\u2028\u0085]/u).filter((line) => line.startsWith("kind"))).toEqual(["kind: User"]);
});

test("long lists stand one a line, short ones in one", () => {
  const members = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `user${index}@pve`);
  const groups = [2, 40].map((count): ExportedDocument => ({
    kind: "Group",
    name: `g${count}`,
    spec: { members: members(count) },
    remarks: [],
  }));
  const yaml = wordPart({ documents: groups, remarks: [] });
  expect(yaml).toContain("  members: [user0@pve, user1@pve]\n");
  expect(yaml).toContain("  members:\n    - user0@pve\n    - user1@pve\n");
});

test("a manifest with nothing to say has no spec", () => {
  const yaml = wordPart({ documents: [{ kind: "Role", name: "R", spec: {}, remarks: [] }], remarks: [] });
  expect(yaml).toBe("apiVersion: rolecall.dev/v1\nkind: Role\nmetadata: { name: R }\n");
});
