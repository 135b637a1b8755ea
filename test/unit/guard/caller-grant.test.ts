import { describe, expect, test } from "@jest/globals";
import { grantFor, type CallerGrant, type GrantPurpose } from "../../../src/guard/caller-grant.ts";
import type { AuthId } from "../../../src/model/ids.ts";
import { pve } from "../../../src/model/pve.ts";
import { aTokenId, aUserId } from "../../support/builders.ts";
import { aDelivery, aDesiredState, type TerseDesired } from "../../support/desired-builders.ts";

const gitops = aTokenId("rolecall@pve!gitops");

function grant(
  desired: TerseDesired,
  caller: AuthId = gitops,
  purpose: GrantPurpose = "apply",
  callers: readonly AuthId[] = [caller],
): CallerGrant {
  return grantFor(aDesiredState(desired), { purpose, caller, superuser: pve.superuser, callers });
}

/** `Sys.Audit /access` where it stays there, `Sys.Audit /access+` where it propagates. */
function rows({ entries }: CallerGrant): readonly string[] {
  return entries.map(({ privilege, path, propagate }) => `${privilege} ${path}${propagate ? "+" : ""}`);
}

const reading = ["Sys.Audit /access+", "Pool.Audit /pool+"];

describe("the least that an identity needs", () => {
  test.each<[string, TerseDesired, readonly string[]]>([
    ["nothing declared: reading", {}, reading],
    ["left alone: reading", { users: { "joe@pve": { ensure: "ignored" } } }, reading],
    ["a role", { roles: { R: [] } }, ["Sys.Audit /access+", "Sys.Modify /access", "Pool.Audit /pool+"]],
    [
      "a group: its entry replaces what /access passes on, so that is said again",
      { groups: { ops: {} } },
      [
        "Sys.Audit /access",
        "Group.Allocate /access/groups",
        "Sys.Audit /access/groups+",
        "Pool.Audit /pool+",
      ],
    ],
    [
      "a user, in his realm alone",
      { users: { "joe@corp": {} } },
      [
        "Sys.Audit /access",
        "Sys.Audit /access/groups+",
        "User.Modify /access/groups",
        "Realm.AllocateUser /access/realm/corp",
        "Pool.Audit /pool+",
      ],
    ],
    [
      "entries, each on its path",
      {
        acl: [
          ["/vms/100", "user:joe@pve", ["PVEAuditor"]],
          ["/storage", "user:joe@pve", "absent"],
        ],
      },
      [...reading, "Permissions.Modify /storage", "Permissions.Modify /vms/100"],
    ],
    [
      "prune of entries, as far as the scope goes",
      {
        prune: { acl: true },
        scope: { paths: { include: ["/vms/**", "/storage"] } },
        acl: [["/vms/100", "user:joe@pve", ["PVEAuditor"]]],
      },
      [...reading, "Permissions.Modify /storage", "Permissions.Modify /vms+"],
    ],
    ["prune of a kind that nothing declares takes nothing", { prune: true }, reading],
    [
      "prune of users of any realm",
      { prune: { users: true }, safety: { allowEmpty: ["users"] } },
      [
        "Sys.Audit /access",
        "Sys.Audit /access/groups+",
        "User.Modify /access/groups",
        "Realm.AllocateUser /access/realm+",
        "Pool.Audit /pool+",
      ],
    ],
    [
      "of the realms that the scope names",
      { prune: { users: true }, safety: { allowEmpty: ["users"] }, scope: { users: { include: ["*@pve"] } } },
      [
        "Sys.Audit /access",
        "Sys.Audit /access/groups+",
        "User.Modify /access/groups",
        "Realm.AllocateUser /access/realm/pve",
        "Pool.Audit /pool+",
      ],
    ],
    [
      "disabling deletes nobody",
      { prune: { users: "disable" }, safety: { allowEmpty: ["users"] } },
      ["Sys.Audit /access", "Sys.Audit /access/groups+", "User.Modify /access/groups", "Pool.Audit /pool+"],
    ],
    [
      "a membership moves a user",
      { memberships: [["ops", "joe@pve"]] },
      ["Sys.Audit /access", "Sys.Audit /access/groups+", "User.Modify /access/groups", "Pool.Audit /pool+"],
    ],
    [
      "everything on / and below is said again where an entry propagates, and only stands beside one that does not",
      { acl: [["/", "user:joe@pve", ["PVEAuditor"]]], prune: { acl: true } },
      [
        "Permissions.Modify /+",
        "Permissions.Modify /access",
        "Sys.Audit /access",
        "Permissions.Modify /access/groups+",
        "Sys.Audit /access/groups+",
        "Permissions.Modify /pool+",
        "Pool.Audit /pool+",
      ],
    ],
  ])("%s", (_, desired, expected) => expect([...rows(grant(desired))].sort()).toEqual([...expected].sort()));

  test("a user needs nothing for its own tokens, a token needs its owner's right to it", () => {
    const desired = { tokens: { "rolecall@pve!ci": { deliveries: [aDelivery()] } } };
    expect(rows(grant(desired, aUserId("rolecall@pve")))).toEqual(reading);
    expect(rows(grant(desired))).toContain("User.Modify /access/groups");
  });

  test("who plans needs no more than to read, whatever is declared", () => {
    expect(rows(grant({ roles: { R: [] }, prune: true }, gitops, "plan"))).toEqual(reading);
  });
});

describe("who the entries are of", () => {
  const plan = aTokenId("rolecall@pve!plan");
  const ofRoot = aTokenId("root@pam!ci");
  test.each<[string, AuthId, GrantPurpose, readonly AuthId[], string, boolean]>([
    ["a user's own", aUserId("rolecall@pve"), "apply", [], "user:rolecall@pve", false],
    ["a token's are its owner's", gitops, "apply", [gitops], "user:rolecall@pve", false],
    ["but not where its owner applies", plan, "plan", [gitops, plan], "token:rolecall@pve!plan", true],
    ["nor where root owns it", ofRoot, "apply", [ofRoot], "token:root@pam!ci", true],
  ])("%s", (_, caller, purpose, callers, holder, isSeparated) => {
    const given = grant({}, caller, purpose, callers);
    expect([`${given.holder.kind}:${given.holder.id}`, given.privilegeSeparation]).toEqual([
      holder,
      isSeparated,
    ]);
  });

  test("the superuser needs nothing", () => {
    expect(grant({ roles: { R: [] } }, pve.superuser)).toMatchObject({ entries: [], notes: [] });
  });
});
