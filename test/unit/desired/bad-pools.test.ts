import { describe, expect, test } from "@jest/globals";
import type { Diagnostic } from "../../../src/manifest/diagnostic.ts";
import { buildTexts, manifestText, marked, targetText } from "../../support/manifest-text.ts";

const target = targetText("dc1", ", scope: { pools: { exclude: [other] } }");
const pool = (name: string, spec = "{}", metadata = ""): string => manifestText("Pool", name, spec, metadata);

type Told = readonly [code: string, place: string, essence: string];

function codeOf({ severity, code }: Diagnostic): string {
  return severity === "warning" ? `warning ${code}` : code;
}

/** As much of a long text as a row bears. */
function placeOf(diagnostic: Diagnostic): string {
  const place = marked(diagnostic);
  return place.length > 40 ? `${place.slice(0, 20)}…` : place;
}

describe("what no pool can be", () => {
  test.each<[string, readonly string[], readonly Told[]]>([
    [
      "four levels",
      [pool("a/b/c/d")],
      [["invalid-name", '"a/b/c/d"', '"a/b/c/d" is not a pool: one to three levels joined by `/`, each']],
    ],
    [
      "a blank",
      [pool("a b")],
      [["invalid-name", '"a b"', '"a b" holds characters that are not printable ASCII']],
    ],
    [
      "an empty level",
      [pool("a//b")],
      [["invalid-name", '"a//b"', '"a//b" is not a pool: one to three levels joined by `/`, each of']],
    ],
    [
      "a slash before it",
      [pool("/a")],
      [["invalid-name", '"/a"', '"/a" is not a pool: one to three levels joined by `/`, each of']],
    ],
    [
      "a slash behind it",
      [pool("a/")],
      [["invalid-name", '"a/"', '"a/" is not a pool: one to three levels joined by `/`, each of']],
    ],
    [
      "a name that release 9 refuses for a new pool",
      [pool("a/1st")],
      [
        [
          "warning invalid-name",
          '"a/1st"',
          "since release 9.0 a pool whose last level does not begin with a",
        ],
      ],
    ],
    [
      "a name of Rolecall's own",
      [pool("rolecall-tmp-1")],
      [["reserved-name", '"rolecall-tmp-1"', "names that begin with rolecall-tmp- are Rolecall's own, for"]],
    ],
    [
      "numbers that no guest has, each",
      [pool("a", "{ vms: [99, 100, 1000000000] }")],
      [
        ["invalid-value", "99", "99 is not the number of a guest: 100 to 999999999"],
        ["invalid-value", "1000000000", "1000000000 is not the number of a guest: 100 to 999999999"],
      ],
    ],
    [
      "a number in quotes",
      [pool("a", '{ vms: ["100"] }')],
      [["wrong-type", '"100"', "spec.vms[0] must be a whole number, not a text"]],
    ],
    [
      "half a number",
      [pool("a", "{ vms: [100.5] }")],
      [["wrong-type", "100.5", "spec.vms[0] must be a whole number, not a number"]],
    ],
    [
      "names that no storage has, each",
      [pool("a", '{ storages: [x, 1st, "a b", nas] }')],
      [
        ["invalid-name", "x", '"x" is not a storage: a letter, then letters, digits, `.`, `_`,'],
        ["invalid-name", "1st", '"1st" is not a storage: a letter, then letters, digits, `.`,'],
        ["invalid-name", '"a b"', '"a b" holds characters that are not printable ASCII'],
      ],
    ],
    ["a misspelt field", [pool("a", "{ vm: [100] }")], [["unknown-field", "vm", 'spec has no field "vm"']]],
    [
      "an empty one",
      [pool("a", "{ comment: '0' }")],
      [["invalid-value", "'0'", 'the server cannot keep the text "0" here']],
    ],
    [
      "a guest in two pools",
      [pool("a", "{ vms: [100, 101] }"), pool("b", "{ vms: [102, 101] }")],
      [["conflicting-manifests", "101", "a guest is in one pool at most, and target dc1 has 101 in pool a"]],
    ],
    [
      "but not in one that is to go",
      [pool("a", "{ ensure: absent, vms: [100] }"), pool("b", "{ vms: [100] }")],
      [],
    ],
    [
      "the same pool twice",
      [pool("a"), pool("a")],
      [["duplicate-object", '"a"', "Pool a is declared for target dc1 at a.yaml:3:19 already"]],
    ],
    [
      "a pool in one that is to go",
      [pool("a", "{ ensure: absent }"), pool("a/b", "{ ensure: absent }"), pool("a/b/c")],
      [["conflicting-manifests", '"a/b/c"', "pool a/b/c can't be there without pool a/b, which is declared"]],
    ],
    [
      "an entry at a pool that is to go, or below it",
      [
        pool("a", "{ ensure: absent }"),
        manifestText(
          "ACL",
          "acl",
          "{ paths: [/pool/a, /pool/a/b, /pool/ab], roles: [PVEAuditor], subjects: [{ user: x@pve }] }",
        ),
      ],
      [
        [
          "warning mentions-absent",
          "/pool/a",
          "pool a is declared absent on target dc1, so this counts as not",
        ],
        [
          "warning mentions-absent",
          "/pool/a/b",
          "pool a is declared absent on target dc1, so this counts as not",
        ],
      ],
    ],
    [
      "a letter that no pool has",
      [pool("pöl")],
      [["invalid-name", '"pöl"', '"pöl" holds characters that are not printable ASCII']],
    ],
    ["a dot alone between slashes is a name", [pool("a/./b")], []],
    [
      "a long name",
      [pool("p".repeat(254))],
      [["invalid-value", '"ppppppppppppppppppp…', "is not of the form that belongs in metadata.name"]],
    ],
    ["no name", [pool("")], [["invalid-value", '""', "metadata.name is empty"]]],
    [
      "guests as a text",
      [pool("a", "{ vms: '100,101' }")],
      [["wrong-type", "'100,101'", "spec.vms must be a list, not a text"]],
    ],
    [
      "guests as a mapping",
      [pool("a", "{ vms: { '100': true } }")],
      [["wrong-type", "vms", "spec.vms must be a list, not a mapping"]],
    ],
    [
      "a number below nought",
      [pool("a", "{ vms: [-1] }")],
      [["invalid-value", "-1", "-1 is not the number of a guest: 100 to 999999999"]],
    ],
    [
      "nothing for guests",
      [pool("a", "{ vms: null }")],
      [["wrong-type", "null", "spec.vms must be a list, not nothing"]],
    ],
    ["a guest twice is there once", [pool("a", "{ vms: [100, 100] }")], []],
    [
      "storages as a text",
      [pool("a", "{ storages: local }")],
      [["wrong-type", "local", "spec.storages must be a list, not a text"]],
    ],
    [
      "a number for a storage",
      [pool("a", "{ storages: [7] }")],
      [["wrong-type", "7", "spec.storages[0] must be a text, not a number"]],
    ],
    [
      "a storage without a name",
      [pool("a", "{ storages: [''] }")],
      [["invalid-name", "''", '"" is not a storage: a letter, then letters, digits, `.`, `_`,']],
    ],
    [
      "a storage with a path",
      [pool("a", "{ storages: [local/iso] }")],
      [["invalid-name", "local/iso", '"local/iso" is not a storage: a letter, then letters, digits,']],
    ],
    ["a storage in two pools", [pool("a", "{ storages: [nas] }"), pool("b", "{ storages: [nas] }")], []],
    [
      "members under one name",
      [pool("a", "{ members: [100] }")],
      [["unknown-field", "members", 'spec has no field "members"']],
    ],
    [
      "the same field twice",
      [pool("a", "{ vms: [100], vms: [101] }")],
      [["duplicate-key", "vms", "this key stands in its mapping already"]],
    ],
    [
      "an ensure that is none",
      [pool("a", "{ ensure: gone }")],
      [["invalid-value", "gone", "spec.ensure must be present or absent"]],
    ],
    [
      "a number for a comment",
      [pool("a", "{ comment: 5 }")],
      [["wrong-type", "5", "spec.comment must be a text, not a number"]],
    ],
    ["a comment of two lines", [pool("a", '{ comment: "a\\nb" }')], []],
    ["a long comment", [pool("a", `{ comment: ${"c".repeat(5000)} }`)], []],
    [
      "a secret",
      [pool("a", "{ password: hunter2 }")],
      [["unknown-field", "password", 'spec has no field "password"']],
    ],
    [
      "a validity, which pools have not",
      [pool("a", "{ validity: { notAfter: 2026-12-05 } }")],
      [["unknown-field", "validity", 'spec has no field "validity"']],
    ],
    [
      "a target that is none",
      [pool("a", "{ targets: [dc9] }")],
      [["selected-nowhere", "dc9", 'there is no target "dc9"']],
    ],
    [
      "a pool out of scope",
      [pool("other")],
      [["out-of-scope", '"other"', "other is out of the scope of target dc1"]],
    ],
    [
      "three wrong things are told at once",
      [pool("a b", "{ vms: [1], storages: [x] }")],
      [
        ["invalid-name", '"a b"', '"a b" holds characters that are not printable ASCII'],
        ["invalid-value", "1", "1 is not the number of a guest: 100 to 999999999"],
        ["invalid-name", "x", '"x" is not a storage: a letter, then letters, digits, `.`, `_`,'],
      ],
    ],
  ])("%s", (_, documents, told) => {
    const { diagnostics } = buildTexts(documents, { target });
    expect(diagnostics.map((one) => [codeOf(one), placeOf(one), one.message])).toEqual(
      told.map(([code, place, essence]): unknown => [code, place, expect.stringContaining(essence)]),
    );
    for (const { message, excerpt, hint = "" } of diagnostics)
      expect(`${message} ${excerpt} ${hint}`).not.toMatch(/k3y|hunter2/u);
  });
});
