import { describe, expect, test } from "@jest/globals";
import { applyPlan } from "../../../src/apply/apply.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import { aGroup, aToken, aUser } from "../../support/builders.ts";
import { aDelivery, aLiveState, aPlan, changesOf, planBetween } from "../../support/desired-builders.ts";
import { aServer } from "../../support/fake-doors.ts";
import { desiredAt } from "../../../src/desired/at-instant.ts";
import { buildTexts, manifestText } from "../../support/manifest-text.ts";

const kinds = (plan: ReturnType<typeof aPlan>): readonly string[] => plan.operations.map(({ kind }) => kind);

// What hurts users of other tools, each once: none of it may happen here.
describe("defects of other tools", () => {
  test("an edit of a user's comment deletes and adds every entry of the user", () => {
    const plan = aPlan(
      { users: { "joe@pve": { comment: "new" } }, acl: [["/", "user:joe@pve", ["PVEAuditor"]]] },
      {
        users: ["joe@pve"],
        acl: [
          ["/", "user:joe@pve", "PVEAuditor"],
          ["/vms", "user:joe@pve", "PVEVMUser"],
        ],
      },
    );
    expect(kinds(plan)).toEqual(["update-user"]);
  });

  test("a change of propagate deletes before it adds", () => {
    const plan = aPlan(
      { acl: [["/", "group:ops", ["PVEAuditor!"]]] },
      { groups: { ops: [] }, acl: [["/", "group:ops", "PVEAuditor", true]] },
    );
    expect(kinds(plan)).toEqual(["grant"]);
  });

  test("propagate: false is never corrected where true is live", () => {
    const plan = aPlan(
      { acl: [["/", "group:ops", ["PVEAuditor!"]]] },
      { groups: { ops: [] }, acl: [["/", "group:ops", "PVEAuditor", true]] },
    );
    expect(plan.after.acl.map(({ propagate }) => propagate)).toEqual([false]);
  });

  test("a user's last group cannot be removed, since an empty list is not sent", () => {
    const plan = aPlan(
      { users: { "joe@pve": { groups: [] } } },
      { users: ["joe@pve"], groups: { ops: ["joe@pve"] } },
    );
    expect(plan.operations.map((operation) => requestFor(operation).parameters)).toEqual([{ groups: "" }]);
  });

  test("a user without tokens in its manifest loses all its tokens", () => {
    const live = { users: ["joe@pve"], tokens: ["joe@pve!laptop"] };
    expect(changesOf(aPlan({ users: { "joe@pve": { comment: "x" } } }, live))).toEqual([
      "update User joe@pve",
    ]);
    expect(changesOf(aPlan({ users: { "joe@pve": {} }, prune: true }, live))).toEqual([]);
  });

  test("the order of groups counts as a change", () => {
    const plan = aPlan(
      { users: { "joe@pve": { groups: ["night", "day"] } } },
      { users: ["joe@pve"], groups: { day: ["joe@pve"], night: ["joe@pve"] } },
    );
    expect(plan.changes).toEqual([]);
  });

  test("a group's comment is never updated", () => {
    const plan = aPlan({ groups: { ops: { comment: "new" } } }, { groups: [aGroup("ops", [], "old")] });
    expect(kinds(plan)).toEqual(["update-group"]);
  });

  test("an object that was removed by hand breaks the plan", () => {
    expect(
      changesOf(aPlan({ users: { "joe@pve": {} }, tokens: { "joe@pve!ci": { deliveries: [aDelivery()] } } })),
    ).toEqual(["create User joe@pve", "create Token joe@pve!ci"]);
  });

  test.each([
    ["delete user failed: no such user ('joe@pve')", { users: { "joe@pve": { ensure: "absent" } } }],
    [
      "deleting token failed: no such token 'ci' for user 'joe@pve'",
      { tokens: { "joe@pve!ci": { ensure: "absent" } } },
    ],
  ] as const)("500 %s is not understood as gone", async (words, desired) => {
    const plan = aPlan(desired, { users: ["joe@pve"], tokens: ["joe@pve!ci"] });
    const { doors } = aServer(plan.before, { onWrite: () => ({ kind: "failed", words }) });
    const outcomes = await applyPlan(plan, new Map(), doors, new AbortController().signal);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["applied"]));
  });

  test.each(["/vms/100/", "//vms/100", "vms/100"])("%s and /vms/100 flap for ever", (path) => {
    const spec = `{ path: "${path}", roles: [PVEAuditor], subjects: [{ group: ops }] }`;
    const { states } = buildTexts([manifestText("ACL", "look", spec), manifestText("Group", "ops")]);
    const live = aLiveState({ groups: { ops: [] }, acl: [["/vms/100", "group:ops", "PVEAuditor"]] });
    expect(states.map((desired) => planBetween(desiredAt(desired, 0), live).changes)).toEqual([[]]);
  });

  test("a removed expiry of a token is not noticed", () => {
    const plan = aPlan(
      { tokens: { "joe@pve!ci": { expire: 1_900_000_000 } } },
      { users: ["joe@pve"], tokens: [aToken("joe@pve!ci", { expire: 0 })] },
    );
    expect(plan.changes).toMatchObject([{ fields: [{ field: "expire", before: 0, after: 1_900_000_000 }] }]);
  });

  test("the mark of a second factor is overwritten with empty keys", () => {
    const plan = aPlan(
      { users: { "joe@pve": { comment: "x", groups: [] }, "new@pve": { comment: "y" } } },
      { users: [aUser("joe@pve")], groups: { ops: ["joe@pve"] } },
    );
    for (const operation of plan.operations)
      expect(requestFor(operation).parameters).not.toHaveProperty("keys");
    expect(plan.operations).toHaveLength(2);
  });

  test("secrets lie in a file of states, in clear", async () => {
    const plan = aPlan({ tokens: { "joe@pve!ci": { deliveries: [aDelivery()] } } }, { users: ["joe@pve"] });
    const { doors, state } = aServer(plan.before);
    const outcomes = await applyPlan(plan, new Map(), doors, new AbortController().signal);
    expect(outcomes).toEqual([{ change: 0, status: "applied" }]);
    expect(JSON.stringify([plan, outcomes, [...state().tokens]])).not.toContain("the-secret");
  });
});
