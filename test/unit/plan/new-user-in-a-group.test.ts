import { expect, test } from "@jest/globals";
import { aState } from "../../support/builders.ts";
import { aDesiredState, aReadOf, findingsOf, planBetween } from "../../support/desired-builders.ts";

test("who is new, and limited by an entry of its own, joins the group when that entry stands", () => {
  const live = aState({
    groups: { g: [] },
    roles: { Less: [] },
    acl: [["/", "group:g", "PVEAuditor"]],
  });
  const desired = aDesiredState({
    users: { "c@pve": { groups: ["g"] } },
    acl: [["/", "user:c@pve", ["Less"]]],
  });
  const plan = planBetween(desired, aReadOf(live));
  expect(plan.operations).toMatchObject([
    { kind: "create-user", groups: [] },
    { kind: "grant", roles: ["Less"] },
    { kind: "update-user", id: "c@pve", groups: ["g"] },
  ]);
  expect(findingsOf(plan).filter((text) => text.includes("transient"))).toEqual([]);
});
