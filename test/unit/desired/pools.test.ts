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
