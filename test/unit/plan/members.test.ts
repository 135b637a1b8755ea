import { describe, expect, test } from "@jest/globals";
import { aGroupId, aRealm } from "../../support/builders.ts";
import {
  aPlace,
  aPlan,
  changesOf,
  findingsOf,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

const corp = [aRealm("corp", "ldap")];

/** The members of `ops` at the end. */
function opsAfter(desired: TerseDesired, live: TerseLive): readonly string[] | undefined {
  return aPlan(desired, live).after.groups.get(aGroupId("ops"))?.members;
}

describe("who is in a group", () => {
  const live: TerseLive = {
    users: ["ann@pve", "joe@pve", "kim@pve", "max@pve"],
    groups: { ops: ["max@pve"] },
  };

  test.each<[string, TerseDesired, readonly string[]]>([
    [
      "the group, its users and memberships together",
      {
        groups: { ops: { members: ["ann@pve"] } },
        users: { "joe@pve": { groups: ["ops"] } },
        memberships: [["ops", "kim@pve"]],
      },
      ["ann@pve", "joe@pve", "kim@pve"],
    ],
    [
      "a membership adds one and leaves the others",
      { memberships: [["ops", "kim@pve"]] },
      ["kim@pve", "max@pve"],
    ],
    [
      "a user's list decides for the user alone",
      { users: { "joe@pve": { groups: ["ops"] } } },
      ["joe@pve", "max@pve"],
    ],
    ["a user's list without the group", { users: { "max@pve": { groups: [] } } }, []],
    ["an absent membership takes one out", { memberships: [["ops", "max@pve", "absent"]] }, []],
    [
      "an ignored membership is left",
      { groups: { ops: { members: [] } }, memberships: [["ops", "max@pve", "ignored"]] },
      ["max@pve"],
    ],
    [
      "who was added by hand to an authoritative group goes",
      { groups: { ops: { members: ["ann@pve"] } } },
      ["ann@pve"],
    ],
    ["a group without a list keeps whom it has", { groups: { ops: { comment: "x" } } }, ["max@pve"]],
    [
      "an ignored group keeps whom it has",
      { groups: { ops: { members: [], ensure: "ignored" } } },
      ["max@pve"],
    ],
    [
      "an ignored user is not moved",
      { groups: { ops: { members: [] } }, users: { "max@pve": { ensure: "ignored" } } },
      ["max@pve"],
    ],
    [
      "an absent user is in none",
      { groups: { ops: { members: ["ann@pve"] } }, users: { "max@pve": { ensure: "absent" } } },
      ["ann@pve"],
    ],
  ])("%s", (_, desired, members) => {
    expect(opsAfter(desired, live)).toEqual(members);
    expect(findingsOf(aPlan(desired, live))).toEqual([]);
  });

  test("the superuser is left where it is", () => {
    expect(opsAfter({ groups: { ops: { members: [] } } }, { groups: { ops: ["root@pam"] } })).toEqual([
      "root@pam",
    ]);
  });

  test("a user whom the scope excludes is left where it is, and not added", () => {
    const desired = { scope: { users: { exclude: ["*@pve"] } }, groups: { ops: { members: ["joe@pve"] } } };
    expect(opsAfter(desired, live)).toEqual(["max@pve"]);
    expect(findingsOf(aPlan(desired, live))).toEqual(["warning out-of-scope"]);
  });
});

describe("directories", () => {
  test("a directory user joins though no manifest declares it, and only that membership is touched", () => {
    const plan = aPlan(
      {
        memberships: [["ops", "anna@corp"]],
        scope: { users: { include: ["*@pve"] } },
        prune: { users: true },
      },
      {
        users: ["anna@corp"],
        groups: { ops: [], night: ["anna@corp"], "staff-corp": ["anna@corp"] },
        realms: corp,
      },
    );
    expect(plan.findings).toEqual([]);
    expect(plan.operations).toEqual([
      { kind: "update-user", id: "anna@corp", set: {}, groups: ["night", "ops", "staff-corp"], changes: [0] },
    ]);
    expect(plan.changes).toMatchObject([{ reason: "declared", source: aPlace("ops-anna@corp") }]);
  });

  test("a directory user that is excluded by name does not", () => {
    const plan = aPlan(
      { memberships: [["ops", "anna@corp"]], scope: { users: { exclude: ["anna@*"] } } },
      { users: ["anna@corp"], groups: { ops: [] }, realms: corp },
    );
    expect([changesOf(plan), findingsOf(plan)]).toEqual([[], ["warning out-of-scope"]]);
  });

  test("a directory group is never written, even in scope, and carried along", () => {
    const plan = aPlan(
      { users: { "joe@pve": { groups: ["ops", "staff-corp"] } }, scope: { directories: ["corp"] } },
      { users: ["joe@pve"], groups: { ops: [], "staff-corp": [], "all-corp": ["joe@pve"] }, realms: corp },
    );
    expect(plan.operations).toMatchObject([{ kind: "update-user", groups: ["all-corp", "ops"] }]);
    expect(findingsOf(plan)).toEqual(["warning directory-membership"]);
  });

  test("a group out of scope is left alone and carried along", () => {
    const plan = aPlan(
      { users: { "joe@pve": { groups: ["ops"] } }, scope: { groups: { exclude: ["theirs*"] } } },
      { users: ["joe@pve"], groups: { ops: [], theirs: ["joe@pve"] } },
    );
    expect(plan.operations).toMatchObject([{ kind: "update-user", groups: ["ops", "theirs"] }]);
  });

  test.each([
    ["user", { users: { "anna@corp": { comment: "x" } } }],
    ["absent user", { users: { "anna@corp": { ensure: "absent" } } }],
    ["group", { groups: { "staff-corp": { comment: "x" } } }],
    ["absent group", { groups: { "staff-corp": { ensure: "absent" } } }],
  ] as const)("a declared directory %s is out of scope unless its realm is named", (_, desired) => {
    const live = { users: ["anna@corp"], groups: { "staff-corp": [] }, realms: corp };
    const refused = aPlan(desired, live);
    expect([changesOf(refused), findingsOf(refused)]).toEqual([[], ["error out-of-scope"]]);
    const allowed = aPlan({ ...desired, scope: { directories: ["corp"] } }, live);
    expect([allowed.changes.length, findingsOf(allowed)]).toEqual([1, []]);
  });
});

describe("members and groups that are not there", () => {
  test.each<[string, TerseDesired, TerseLive, string]>([
    ["a member", { groups: { ops: { members: ["x@pve"] } } }, {}, "error reference-unknown"],
    ["a group", { users: { "joe@pve": { groups: ["x"] } } }, {}, "error reference-unknown"],
    [
      "a user of a directory",
      { groups: { ops: { members: ["x@corp"] } } },
      { realms: corp },
      "warning directory-object-missing",
    ],
    [
      "a group of a directory",
      { users: { "joe@pve": { groups: ["x-corp"] } } },
      { realms: corp },
      "warning directory-object-missing",
    ],
    [
      "a member that prune deletes",
      { groups: { ops: { members: ["x@pve"] } }, users: { "joe@pve": {} }, prune: { users: true } },
      { users: ["x@pve"] },
      "error reference-unmanaged",
    ],
    [
      "a group that prune deletes",
      { users: { "joe@pve": { groups: ["x"] } }, groups: { ops: {} }, prune: { groups: true } },
      { groups: { x: [] } },
      "error reference-unmanaged",
    ],
  ])("%s", (_, desired, live, finding) => {
    expect(findingsOf(aPlan(desired, live))).toEqual([finding]);
  });

  test("what a group lists of a vanished user is said, and never a change", () => {
    const plan = aPlan({ groups: { ops: { members: [] } } }, { groups: { ops: ["gone@pve"] } });
    expect([changesOf(plan), findingsOf(plan)]).toEqual([[], ["warning dangling-entry"]]);
  });
});
