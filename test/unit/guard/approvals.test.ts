import { describe, expect, test } from "@jest/globals";
import { isRefused } from "../../../src/guard/judge.ts";
import type { ApprovedFinding } from "../../../src/model/target.ts";
import type { TerseDesired, TerseLive } from "../../support/desired-builders.ts";
import { judge } from "../../support/judged.ts";

/** Two users and two groups that nobody declares, where none may be deleted. */
function pruningFour(approved: number | undefined): boolean {
  const { findings } = judge(
    {
      prune: { users: true, groups: true },
      safety: { allowEmpty: ["users", "groups"], maxDeletes: { count: 0 }, maxRevocations: { percent: 100 } },
    },
    { users: ["a@pve", "b@pve"], groups: { c: [], d: [] } },
    { approvals: new Map([["max-deletes", approved]]) },
  );
  return isRefused(findings);
}

describe("an approval with a number", () => {
  test.each([
    [2, true],
    [3, true],
    [4, false],
    [undefined, false],
  ])("of %s bounds the deletes of all kinds together: refused %s", (approved, refused) => {
    expect(pruningFour(approved)).toBe(refused);
  });
});

describe("an approval by annotation", () => {
  const none = { maxDeletes: { count: 0 }, maxRevocations: { percent: 100 } };
  const pruning: TerseDesired = {
    prune: { users: true, groups: true },
    safety: { ...none, allowEmpty: ["users", "groups"] },
  };
  const live: TerseLive = { users: ["a@pve", "b@pve"], groups: { c: [] } };

  /** Code and digest of what refuses. */
  function errorsOf(desired: TerseDesired, state: TerseLive): readonly ApprovedFinding[] {
    return judge(desired, state).findings.flatMap(({ severity, code, digest }) =>
      severity === "error" && digest !== undefined ? [{ code, digest }] : [],
    );
  }

  function refusedWith(
    approved: readonly ApprovedFinding[],
    desired = pruning,
    state = live,
  ): readonly string[] {
    const { findings } = judge({ ...desired, safety: { ...desired.safety, approved } }, state);
    return findings.flatMap(({ severity, message }) => (severity === "error" ? [message] : []));
  }

  const [ofGroups, ofUsers] = errorsOf(pruning, live);

  test("there is a digest of every error, another one for each, the same each time, and none of a warning", () => {
    const { findings } = judge(pruning, live);
    for (const { severity, digest } of findings) {
      expect(digest ?? "").toMatch(severity === "error" ? /^[0-9a-f]{32}$/u : /^$/u);
    }
    expect(ofGroups).not.toEqual(ofUsers);
    expect(errorsOf(pruning, live)).toEqual([ofGroups, ofUsers]);
  });

  test("lets pass what it names, as a warning that says so", () => {
    const approved = [ofGroups!, ofUsers!];
    const { findings } = judge({ ...pruning, safety: { ...pruning.safety, approved } }, live);
    const said = findings.filter(({ code }) => code === "max-deletes");
    expect(said.map(({ severity }) => severity)).toEqual(["warning", "warning"]);
    for (const { message, digest } of said) {
      expect(message).toContain("(approved by the target's annotation)");
      expect(digest).toBeUndefined();
    }
  });

  test("of one of two findings of a code leaves the other, which says that something else is approved", () => {
    expect(refusedWith([ofUsers!])).toEqual([
      expect.stringMatching(/groups in scope.*annotation.*something else/u),
    ]);
  });

  test.each<[string, TerseDesired, TerseLive, number]>([
    ["one more is to go", pruning, { ...live, users: ["a@pve", "b@pve", "d@pve"] }, 1],
    ["another one is to go", pruning, { ...live, users: ["a@pve", "d@pve"] }, 1],
    ["one less is to go", pruning, { ...live, users: ["a@pve"] }, 1],
    ["it is to be disabled", { ...pruning, prune: { users: "disable", groups: true } }, live, 1],
    ["nothing of it has changed", pruning, { ...live, roles: { R: [] } }, 0],
  ])("lapses where %s", (_, desired, state, count) => {
    expect(refusedWith([ofGroups!, ofUsers!], desired, state)).toHaveLength(count);
  });

  test("leaves the rest to the option, which then needs to bound the rest alone", () => {
    const safety = { ...pruning.safety, approved: [ofUsers!] };
    const severities = (most: number): readonly string[] =>
      judge({ ...pruning, safety }, live, { approvals: new Map([["max-deletes", most]]) })
        .findings.filter(({ code }) => code === "max-deletes")
        .map(({ severity }) => severity);
    expect([severities(0), severities(1)]).toEqual([
      ["error", "warning"],
      ["warning", "warning"],
    ]);
  });

  test("of another code lets nothing pass", () => {
    const others = [ofGroups!, ofUsers!].map(({ digest }) => ({ code: "max-revocations", digest }));
    expect(refusedWith(others)).toHaveLength(2);
  });

  test("of what is protected holds for that subject alone", () => {
    const state: TerseLive = {
      users: ["a@pve", "b@pve"],
      groups: { ops: ["a@pve", "b@pve"] },
      acl: [["/vms", "group:ops", "PVEAuditor"]],
    };
    const desired = (...protect: readonly string[]): TerseDesired => ({
      acl: [["/vms", "group:ops", "absent"]],
      safety: { protect },
    });
    const approved = errorsOf(desired("user:a@pve"), state);
    expect(refusedWith(approved, desired("user:a@pve"), state)).toEqual([]);
    expect(refusedWith(approved, desired("user:a@pve", "user:b@pve"), state)).toEqual([
      expect.stringContaining("user:b@pve"),
    ]);
  });

  test("is not offered for what can't be done as it is declared", () => {
    const granting: TerseDesired = { acl: [["/vms", "group:gone", ["PVEAuditor"]]] };
    expect(refusedWith([], granting, {})).toEqual([expect.stringContaining("group gone")]);
    expect(errorsOf(granting, {})).toEqual([]);
  });
});
