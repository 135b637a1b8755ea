import { describe, expect, test } from "@jest/globals";
import { buildFiles, buildTexts, manifestText, summary, targetText } from "../../support/manifest-text.ts";

const pool = (name: string, spec = "{}", metadata = ""): string => manifestText("Pool", name, spec, metadata);

function poolsOf(...documents: string[]): unknown {
  const { states, diagnostics } = buildTexts(documents);
  expect(summary(diagnostics)).toEqual([]);
  return [...(states[0]?.pools.values() ?? [])].map((one) =>
    Object.fromEntries(Object.entries(one).filter(([field]) => field !== "source")),
  );
}

describe("a pool's manifest", () => {
  test("lists are sets; what is left out is not managed", () => {
    expect(
      poolsOf(
        pool("b", "{ comment: ' c ', vms: [101, 100, 101], storages: [nas, local, nas] }"),
        pool("a/b_2/c-3", "{ ensure: absent }"),
        pool("a", "{ vms: [] }", ", annotations: { rolecall.dev/reconcile: disabled }"),
      ),
    ).toEqual([
      { id: "a", ensure: "ignored", vms: [] },
      { id: "a/b_2/c-3", ensure: "absent" },
      { id: "b", ensure: "present", comment: "c", vms: [100, 101], storages: ["local", "nas"] },
    ]);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["four levels", [pool("a/b/c/d")], ["invalid-name@a/b/c/d"]],
    ["a blank", [pool("a b")], ["invalid-name@a b"]],
    ["an empty level", [pool("a//b")], ["invalid-name@a//b"]],
    ["a slash before it", [pool("/a")], ["invalid-name@/a"]],
    ["a slash behind it", [pool("a/")], ["invalid-name@a/"]],
    ["a name that release 9 refuses for a new pool", [pool("a/1st")], ["warning invalid-name@a/1st"]],
    ["a name of Rolecall's own", [pool("rolecall-tmp-1")], ["reserved-name@rolecall-tmp-1"]],
    [
      "numbers that no guest has, each",
      [pool("a", "{ vms: [99, 100, 1000000000] }")],
      ["invalid-value@99", "invalid-value@1000000000"],
    ],
    ["a number in quotes", [pool("a", '{ vms: ["100"] }')], ["wrong-type@100"]],
    ["half a number", [pool("a", "{ vms: [100.5] }")], ["wrong-type@100.5"]],
    [
      "names that no storage has, each",
      [pool("a", '{ storages: [x, 1st, "a b", nas] }')],
      ["invalid-name@x", "invalid-name@1st", "invalid-name@a b"],
    ],
    ["a misspelt field", [pool("a", "{ vm: [100] }")], ["unknown-field@vm"]],
    ["an empty one", [pool("a", "{ comment: '0' }")], ["invalid-value@0"]],
    [
      "a guest in two pools",
      [pool("a", "{ vms: [100, 101] }"), pool("b", "{ vms: [102, 101] }")],
      ["conflicting-manifests@101"],
    ],
    [
      "but not in one that is to go",
      [pool("a", "{ ensure: absent, vms: [100] }"), pool("b", "{ vms: [100] }")],
      [],
    ],
    ["the same pool twice", [pool("a"), pool("a")], ["duplicate-object@a"]],
    [
      "a pool in one that is to go",
      [pool("a", "{ ensure: absent }"), pool("a/b", "{ ensure: absent }"), pool("a/b/c")],
      ["conflicting-manifests@a/b/c"],
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
      ["warning mentions-absent@/pool/a", "warning mentions-absent@/pool/a/b"],
    ],
  ])("%s", (_, documents, mistakes) => {
    const found = buildTexts(documents).diagnostics.map(
      (one) => `${one.severity === "error" ? "" : "warning "}${summary([one]).join()}`,
    );
    expect(found.map((text) => text.replace(/["']/gu, ""))).toEqual(mistakes);
  });

  test("a guest in two pools names both places", () => {
    const { diagnostics } = buildFiles({
      "target.yaml": targetText(),
      "a.yaml": pool("a", "{ vms: [100] }"),
      "b.yaml": pool("b", "{ vms: [100] }"),
    });
    expect(diagnostics).toMatchObject([
      { place: { file: "b.yaml", line: 4 }, related: { file: "a.yaml", line: 4 } },
    ]);
    expect(diagnostics[0]?.message).toContain("pool a at a.yaml:4");
  });

  test("two targets may each have the guest in a pool of their own", () => {
    const { diagnostics } = buildFiles({
      "targets.yaml": `${targetText("dc1")}---\n${targetText("dc2")}`,
      "a.yaml": pool("a", "{ targets: [dc1], vms: [100] }"),
      "b.yaml": pool("b", "{ targets: [dc2], vms: [100] }"),
    });
    expect(summary(diagnostics)).toEqual([]);
  });

  test("a pool out of scope is a mistake", () => {
    const target = targetText("dc1", ", scope: { pools: { include: ['team-*/**'] } }");
    const documents = [pool("team-a"), pool("team-a/dev"), pool("infra")];
    expect(summary(buildTexts(documents, { target }).diagnostics)).toEqual(['out-of-scope@"infra"']);
  });

  test("entries at an absent pool count as not there", () => {
    const entry = "{ paths: [/pool/a, /vms], roles: [PVEAuditor], subjects: [{ user: x@pve }] }";
    const { states } = buildTexts([pool("a", "{ ensure: absent }"), manifestText("ACL", "acl", entry)]);
    expect(states[0]?.acl.map(({ path }) => path)).toEqual(["/vms"]);
  });
});
