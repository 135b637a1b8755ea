import { describe, expect, test } from "@jest/globals";
import type { Change, Plan } from "../../../src/plan/plan.ts";
import {
  aDesiredState,
  aLiveState,
  aPlan,
  changesOf,
  findingsOf,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

type Pairs = NonNullable<TerseDesired["acl"]>;

/** Each change with its reason and the manifest that it comes from. */
function told(desired: TerseDesired, live: TerseLive): readonly string[] {
  const word = ({ action, kind, name, reason, source }: Change): string =>
    `${action} ${kind} ${name}: ${reason}${source ? `, ${source.file}` : ""}`;
  return aPlan(desired, live).changes.map(word);
}

describe("a pair outside its validity", () => {
  const live: TerseLive = {
    groups: { ops: [] },
    acl: [
      ["/vms", "group:ops", "PVEVMAdmin"],
      ["/vms", "group:ops", "PVEAuditor"],
    ],
  };
  const said = (outside: string[], now: string[]): Pairs => [
    ["/vms", "group:ops", { outside, now }, "boxed"],
  ];

  test.each<[string, Pairs, readonly string[]]>([
    [
      "is emptied, of what stands there by hand too",
      said(["PVEVMAdmin"], []),
      ["delete ACL /vms group:ops: outside-validity, boxed.yaml"],
    ],
    [
      "loses the role, and keeps what is granted now",
      said(["PVEVMAdmin"], ["PVEAuditor"]),
      ["update ACL /vms group:ops: outside-validity, boxed.yaml"],
    ],
    [
      "loses more than that: then it is declared",
      said(["PVEVMAdmin"], ["PVEPoolUser"]),
      ["update ACL /vms group:ops: declared, boxed.yaml"],
    ],
    ["loses nothing of its own", said(["PVEPoolUser"], ["PVEVMAdmin", "PVEAuditor"]), []],
  ])("%s", (_, acl, expected) => {
    for (const prune of [false, true, { acl: false }]) expect(told({ prune, acl }, live)).toEqual(expected);
  });

  test("is not created, and what it refers to need not be there any more", () => {
    const plan = aPlan({ acl: [["/vms", "group:gone", { outside: ["Gone"], now: [] }]] }, {});
    expect([changesOf(plan), findingsOf(plan)]).toEqual([[], []]);
  });

  test("goes with its subject, where that goes", () => {
    const desired: TerseDesired = { acl: said(["PVEVMAdmin"], []), groups: { ops: { ensure: "absent" } } };
    expect(told(desired, live)).toContain("delete ACL /vms group:ops: cascade");
  });
});

describe("a membership outside its validity", () => {
  const live: TerseLive = {
    users: ["joe@pve", "max@pve"],
    groups: { ops: ["joe@pve", "max@pve"], day: ["joe@pve"] },
  };
  const ended = ["ops", "joe@pve", "outside", "ended"] as const;

  test.each<[string, TerseDesired, readonly string[]]>([
    [
      "ends for a user that nobody declares",
      { memberships: [ended] },
      ["update User joe@pve: outside-validity, ended.yaml"],
    ],
    [
      "ends for one that somebody declares",
      { users: { "joe@pve": {} }, memberships: [ended] },
      ["update User joe@pve: outside-validity, ended.yaml"],
    ],
    ["stays where another manifest wants it now", { memberships: [ended, ["ops", "joe@pve"]] }, []],
    [
      "stays where the group lists it",
      { groups: { ops: { members: ["joe@pve", "max@pve"] } }, memberships: [ended] },
      [],
    ],
    [
      "stays where the user lists it",
      { users: { "joe@pve": { groups: ["ops", "day"] } }, memberships: [ended] },
      [],
    ],
    [
      "beside one that nobody lists: then it is declared",
      { users: { "joe@pve": { groups: [] } }, memberships: [ended] },
      ["update User joe@pve: declared, joe@pve.yaml"],
    ],
    [
      "is left alone with its user",
      { users: { "joe@pve": { ensure: "ignored" } }, memberships: [ended] },
      [],
    ],
    ["is left alone with its group", { groups: { ops: { ensure: "ignored" } }, memberships: [ended] }, []],
    [
      "goes with the user where prune disables it, and that is why",
      {
        prune: { users: "disable" },
        safety: { allowEmpty: ["users"] },
        memberships: [ended],
        groups: { ops: { members: ["max@pve"] } },
      },
      ["update User joe@pve: prune", "update User max@pve: prune"],
    ],
  ])("%s", (_, desired, expected) => expect(told(desired, live)).toEqual(expected));
});

describe("what begins or ends next", () => {
  const source = { file: "a.yaml", line: 1, column: 1 };
  const boundary = {
    event: "ends",
    atSeconds: 1,
    kind: "ACL",
    name: "a",
    objects: ["/vms group:g"],
    source,
  } as const;

  test.each([
    ["User", "joe@pve", 0],
    ["ACL", "a", 1],
    ["ACL", "/vms group:g", 1],
    ["Membership", "a", 0],
  ] as const)("with --only %s/%s", (kind, name, count) => {
    const only = [{ kind, name }];
    const { boundaries } = planOf(only);
    expect(boundaries).toHaveLength(count);
  });

  function planOf(
    only: readonly { readonly kind: "User" | "ACL" | "Membership"; readonly name: string }[],
  ): Plan {
    return planBetween({ ...aDesiredState(), boundaries: [boundary] }, aLiveState(), { only });
  }
});
