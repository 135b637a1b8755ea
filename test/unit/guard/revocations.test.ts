import { describe, expect, test } from "@jest/globals";
import type { Budget } from "../../../src/model/target.ts";
import { aUser } from "../../support/builders.ts";
import type { TerseDesired, TerseLive } from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";

const names = Array.from({ length: 8 }, (_, index) => `u${index}@pve`);
/** Eight users in a group that may look, beside root@pam, the caller and its token: eleven who can log in. */
const live: TerseLive = {
  users: names,
  groups: { ops: names },
  acl: [["/vms", "group:ops", "PVEAuditor"]],
};
const leaving = (count: number): TerseDesired => ({
  users: Object.fromEntries(names.slice(0, count).map((name) => [name, { groups: [] }])),
});

describe("max-revocations", () => {
  test.each<[string, Budget, number, boolean]>([
    ["10 % of 11 is one", { percent: 10 }, 1, false],
    ["two are too many", { percent: 10 }, 2, true],
    ["20 % of 11, rounded down, is two", { percent: 20 }, 2, false],
    ["less than one still allows one", { percent: 1 }, 1, false],
    ["a share of nothing allows none", { percent: 0 }, 1, true],
    ["a number is a number", { count: 3 }, 3, false],
    ["and one more is too much", { count: 3 }, 4, true],
  ])("%s", (_, maxRevocations, count, refused) => {
    const found = foundOf("max-revocations", judge({ ...leaving(count), safety: { maxRevocations } }, live));
    const about = names.slice(0, count).map((name) => `User ${name}`);
    expect(found).toMatchObject(refused ? [{ severity: "error", count, about }] : []);
  });

  test.each<[string, TerseDesired, TerseLive]>([
    [
      "users who are to be gone",
      { users: { "u0@pve": { ensure: "absent" }, "u1@pve": { ensure: "absent" } } },
      live,
    ],
    [
      "users who are disabled",
      { users: { "u0@pve": { enabled: false }, "u1@pve": { enabled: false } } },
      live,
    ],
    ["members of a group that is to be gone", { groups: { ops: { ensure: "absent" } } }, live],
    [
      "who could not log in",
      leaving(2),
      { ...live, users: names.map((name) => aUser(name, { enabled: false })) },
    ],
    ["who holds it in another way as well", leaving(2), { ...live, acl: [...(live.acl ?? []), ...twice()] }],
  ])("does not count %s", (_, desired, before) => {
    const judged = judge({ ...desired, safety: { maxRevocations: { count: 0 } } }, before);
    expect(foundOf("max-revocations", judged)).toEqual([]);
  });

  function twice(): readonly [string, string, string][] {
    return names.map((name) => ["/vms", `user:${name}`, "PVEAuditor"]);
  }

  test("counts what else is taken beside what is asked for", () => {
    const desired: TerseDesired = {
      users: { "u0@pve": { ensure: "absent" }, "u1@pve": { groups: [] } },
      safety: { maxRevocations: { count: 0 } },
    };
    expect(foundOf("max-revocations", judge(desired, live))).toMatchObject([
      { count: 1, about: ["User u1@pve"] },
    ]);
  });

  test("is let pass for as many as are approved", () => {
    const desired = { ...leaving(3), safety: { maxRevocations: { count: 1 } } };
    const severity = (most: number): string | undefined =>
      foundOf("max-revocations", judge(desired, live, { approvals: new Map([["max-revocations", most]]) }))[0]
        ?.severity;
    expect([2, 3].map(severity)).toEqual(["error", "warning"]);
  });

  test("says who, how many and what is allowed", () => {
    const [found] = foundOf(
      "max-revocations",
      judge({ ...leaving(2), safety: { maxRevocations: { percent: 10 } } }, live),
    );
    expect(found?.message).toBe(
      "2 of the 11 enabled users and tokens would lose a privilege (user:u0@pve, user:u1@pve), and " +
        "safety.maxRevocations (10%) allows 1: look at what they lose",
    );
  });
});
