import { describe, expect, test } from "@jest/globals";
import { soundPart } from "../../../src/manifest/sound-part.ts";
import { checkDocument } from "../../../src/schema/check.ts";
import { isManifestKind } from "../../../src/schema/kinds.ts";
import { buildTexts, manifestText } from "../../support/manifest-text.ts";

function partOf(kind: string, spec: object): unknown {
  if (!isManifestKind(kind)) throw new Error(kind);
  const document = { apiVersion: "rolecall.dev/v1", kind, metadata: { name: "x" }, spec };
  const checked = checkDocument(kind, document);
  return soundPart(document, checked.ok ? [] : checked.mistakes)?.["spec"];
}

describe("the sound part of a document", () => {
  test.each<[string, string, object, unknown]>([
    ["is all of one that is sound", "User", { email: "a" }, { email: "a" }],
    ["lacks what is not known", "User", { frstName: "x", email: "a" }, { email: "a" }],
    ["lacks what is of a wrong type", "User", { enabled: "yes", email: "a" }, { email: "a" }],
    ["lacks a list with a mistake in it", "User", { groups: ["a", 5], email: "a" }, { email: "a" }],
    [
      "lacks what is wrong further down",
      "User",
      { password: { from: {}, policy: "initial" } },
      { password: { policy: "initial" } },
    ],
    ["is none where it would be for other targets", "User", { targets: 5, email: "a" }, undefined],
    ["is none where it would want something else", "User", { ensure: "gone", email: "a" }, undefined],
  ])("%s", (_, kind, spec, expected) => expect(partOf(kind, spec)).toEqual(expected));
});

describe("a mistake of form hides no other one", () => {
  test.each<[string, string, readonly string[]]>([
    ["User", "{ frstName: Joe, email: nobody }", ["unknown-field", "invalid-value"]],
    ["Group", "{ coment: x, members: [joe] }", ["unknown-field", "invalid-name"]],
    // What is missing may be what is misspelt.
    ["ACL", "{ pth: /vms, roles: [PVEAdmin], subjects: [{ user: joe }] }", ["unknown-field", "invalid-name"]],
    ["ACL", "{ path: /vms, roles: [PVEAdmin], subject: [{ user: joe }] }", ["unknown-field"]],
  ])("%s %s", (kind, spec, codes) => {
    const { diagnostics, states } = buildTexts([manifestText(kind, kind === "User" ? "joe@pve" : "a", spec)]);
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(states).toEqual([]);
  });
});
