import { describe, expect, test } from "@jest/globals";
import type { Approvals } from "../../../src/guard/approve.ts";
import { declaredIn } from "../../../src/guard/declared.ts";
import { isRefused, judgePlan } from "../../../src/guard/judge.ts";
import type { Budget, Safety } from "../../../src/model/target.ts";
import type { Finding } from "../../../src/plan/plan.ts";
import { aUser, aUserId } from "../../support/builders.ts";
import {
  aDesiredState,
  aPlan,
  aTarget,
  findingsOf,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

interface Case {
  readonly desired: TerseDesired;
  readonly live: TerseLive;
  readonly approvals?: Approvals;
}

function judged({ desired, live, approvals = new Map() }: Case): readonly Finding[] {
  const safety: Partial<Safety> = { maxDeletes: { percent: 10 }, ...desired.safety };
  const root = aUserId("root@pam");
  return judgePlan(aPlan({ ...desired, safety }, live), {
    safety: aTarget({ safety }).safety,
    credentials: aTarget().credentials,
    approvals,
    declared: declaredIn(aDesiredState(desired)),
    policies: [],
    nowSeconds: 0,
    caller: root,
    superuser: root,
    missingPrivilege: "error",
    paused: "error",
    allowExec: false,
  }).filter(({ code }) => !code.startsWith("token-"));
}

/** So many users that nobody declares, beside one that is. */
function strangers(count: number): TerseLive {
  return { users: ["joe@pve", ...Array.from({ length: count }, (_, index) => `x${index}@pve`)] };
}
const pruning: TerseDesired = { users: { "joe@pve": {} }, prune: { users: true } };

describe("max-deletes", () => {
  test.each<[string, Budget, number, boolean]>([
    ["10 % of 10 is one", { percent: 10 }, 9, true],
    ["a share that is less than one allows one", { percent: 10 }, 1, false],
    ["a share of nothing allows none", { percent: 0 }, 1, true],
    ["a number is a number", { count: 9 }, 9, false],
    ["and one more is too much", { count: 8 }, 9, true],
    ["everything may go where that is said", { percent: 100 }, 9, false],
  ])("%s", (_, maxDeletes, count, refused) => {
    const findings = judged({ desired: { ...pruning, safety: { maxDeletes } }, live: strangers(count) });
    expect(findingsOf({ findings })).toEqual(refused ? ["error max-deletes"] : []);
    if (refused)
      expect(findings[0]).toMatchObject({ count, changes: Array.from({ length: count }, (_v, i) => i) });
  });

  test.each<[string, TerseDesired, TerseLive]>([
    [
      "what manifests ask for",
      { users: { "joe@pve": {}, "x0@pve": { ensure: "absent" }, "x1@pve": { ensure: "absent" } } },
      strangers(2),
    ],
    [
      "entries",
      { acl: [["/", "user:joe@pve", ["PVEAuditor"]]], prune: { acl: true } },
      {
        ...strangers(0),
        acl: ["/a", "/b", "/c"].map((path) => [path, "user:joe@pve", "PVEAuditor"] as const),
      },
    ],
    [
      "tokens that go with their owner",
      { users: { "joe@pve": {}, "x0@pve": { ensure: "absent" } }, prune: true },
      { ...strangers(1), tokens: ["x0@pve!t1", "x0@pve!t2", "x0@pve!t3"] },
    ],
  ])("does not count %s", (_, desired, live) => {
    expect(judged({ desired, live })).toEqual([]);
  });

  test("counts each kind for itself, and who is disabled", () => {
    const live = { ...strangers(2), groups: { ops: [], a: [], b: [] } };
    const desired: TerseDesired = {
      ...pruning,
      groups: { ops: {} },
      prune: { users: "disable", groups: true },
    };
    expect(findingsOf({ findings: judged({ desired, live }) })).toEqual([
      "error max-deletes",
      "error max-deletes",
    ]);
  });

  test.each<[string, Approvals, boolean]>([
    ["for as many", new Map([["max-deletes", 3]]), false],
    ["for more", new Map([["max-deletes", 4]]), false],
    ["for fewer", new Map([["max-deletes", 2]]), true],
    ["without a number", new Map([["max-deletes", undefined]]), false],
    ["of something else", new Map([["protected", undefined]]), true],
  ])("may be approved %s", (_, approvals, refused) => {
    const findings = judged({ desired: pruning, live: strangers(3), approvals });
    expect(isRefused(findings)).toBe(refused);
    expect(findings).toHaveLength(1);
  });
});

describe("protected subjects", () => {
  const protect = ["user:rescue@pve", "group:admins", "token:rescue@pve!t1"];
  const live: TerseLive = { users: ["rescue@pve"], groups: { admins: [] }, tokens: ["rescue@pve!t1"] };

  test.each<[string, TerseDesired, readonly string[]]>([
    ["a deleted group", { groups: { admins: { ensure: "absent" } } }, ["error protected"]],
    ["a deleted token", { tokens: { "rescue@pve!t1": { ensure: "absent" } } }, ["error protected"]],
    ["a disabled user", { users: { "rescue@pve": { enabled: false } } }, ["error protected"]],
    [
      "a deleted user, whose token goes along",
      { users: { "rescue@pve": { ensure: "absent" } } },
      ["error cascade-out-of-scope", "error protected", "error protected"],
    ],
    ["another comment is no harm", { users: { "rescue@pve": { comment: "x", enabled: true } } }, []],
  ])("%s", (_, desired, codes) => {
    expect(findingsOf({ findings: judged({ desired: { ...desired, safety: { protect } }, live }) })).toEqual(
      codes,
    );
  });

  test("the place of the manifest is told", () => {
    const desired: TerseDesired = { groups: { admins: { ensure: "absent" } }, safety: { protect } };
    expect(judged({ desired, live })[0]?.source?.file).toBe("admins.yaml");
  });
});

describe("the caller", () => {
  const live: TerseLive = { users: ["rolecall@pve"], tokens: ["rolecall@pve!gitops", "rolecall@pve!spare"] };

  test.each<[string, TerseDesired, readonly string[]]>([
    [
      "its token deleted",
      { tokens: { "rolecall@pve!gitops": { ensure: "absent" } } },
      ["error caller-lockout"],
    ],
    ["its owner disabled", { users: { "rolecall@pve": { enabled: false } } }, ["error caller-lockout"]],
    ["another token of its owner", { tokens: { "rolecall@pve!spare": { ensure: "absent" } } }, []],
  ])("%s", (_, desired, codes) => {
    expect(findingsOf({ findings: judged({ desired, live }) })).toEqual(codes);
  });

  test("its owner deleted", () => {
    const desired: TerseDesired = { users: { "rolecall@pve": { ensure: "absent" } } };
    expect(findingsOf({ findings: judged({ desired, live }) })).toContain("error caller-lockout");
  });
});

describe("what is said", () => {
  test("errors first, and never an error less for a warning more", () => {
    const desired: TerseDesired = {
      ...pruning,
      groups: { ops: { members: ["nobody@pve"] } },
      memberships: [["ops", "out@pve"]],
      scope: { users: { exclude: ["out@pve"] } },
    };
    const live = { users: [aUser("joe@pve"), "out@pve", "x0@pve", "x1@pve"] };
    expect(findingsOf({ findings: judged({ desired, live }) })).toEqual([
      "error max-deletes",
      "error reference-unknown",
      "warning out-of-scope",
    ]);
  });

  test("warnings alone refuse nothing", () => {
    expect(isRefused(judged({ desired: { prune: { users: true } }, live: strangers(1) }))).toBe(false);
  });
});
