import { describe, expect, test } from "@jest/globals";
import { judgeOffline } from "../../../src/guard/policy/judge-policies.ts";
import { subjectKey } from "../../../src/model/ids.ts";
import { pve } from "../../../src/model/pve.ts";
import { stateOffline, type Fresh } from "../../../src/plan/offline.ts";
import { aState } from "../../support/builders.ts";
import { aDesiredState, aPrivilege, type TerseDesired } from "../../support/desired-builders.ts";
import { aDenial, aRequirement } from "../../support/policies.ts";

const fresh: Fresh = {
  state: aState(),
  version: "9.2.11",
  privileges: new Set([...pve.privileges].filter((name) => name !== "VM.Monitor").map(aPrivilege)),
};

function stateOf(desired: TerseDesired): ReturnType<typeof stateOffline> {
  return stateOffline(aDesiredState(desired), fresh, pve);
}

describe("what the manifests lead to on a server as it comes", () => {
  test("mentioned and not declared: it is there, whatever prune says, with nothing of its own", () => {
    const { users, groups, roles, tokens, acl } = stateOf({
      prune: true,
      users: { "joe@pve": { groups: ["dev"] } },
      groups: { ops: { members: ["anna@corp"] } },
      memberships: [["night", "kim@pve"]],
      roles: { Mine: { includes: ["Theirs"], privileges: ["VM.Audit"] } },
      acl: [
        ["/", "group:ops", ["Unknown"]],
        ["/vms", "token:ci@pve!deploy", ["PVEAuditor"]],
      ],
    });
    expect([...users.keys()].sort()).toEqual(["anna@corp", "ci@pve", "joe@pve", "kim@pve", "root@pam"]);
    expect([...groups.values()].map(({ id, members }) => `${id}: ${members.join()}`)).toEqual([
      "dev: joe@pve",
      "night: kim@pve",
      "ops: anna@corp",
    ]);
    expect(
      [...roles.values()]
        .filter(({ builtIn }) => !builtIn)
        .map(({ id, privileges }) => `${id}: ${privileges.join()}`)
        .sort(),
    ).toEqual(["Mine: VM.Audit", "Theirs: ", "Unknown: "]);
    expect([...tokens.values()]).toMatchObject([{ id: "ci@pve!deploy", privilegeSeparation: true }]);
    expect(acl.map(({ path, subject }) => `${path} ${subjectKey(subject)}`)).toEqual([
      "/ group:ops",
      "/vms token:ci@pve!deploy",
    ]);
  });

  test("includes are expanded, optional privileges weighed against the release", () => {
    const { roles } = stateOf({
      roles: {
        Mine: { privileges: [], includes: ["PVEPoolUser"], optionalPrivileges: ["VM.Monitor", "VM.Audit"] },
      },
    });
    const mine = [...roles.values()].find(({ id }) => id === "Mine");
    expect(mine?.privileges).toEqual(["Pool.Audit", "VM.Audit"]);
  });

  test("absent is not there, and what is left alone by annotation is, for others to name", () => {
    const { users, acl } = stateOf({
      users: { "old@pve": { ensure: "absent" }, "own@pve": { ensure: "ignored" } },
      acl: [["/vms", "user:own@pve", ["PVEVMUser"]]],
    });
    expect([...users.keys()]).toEqual(["root@pam", "own@pve"]);
    expect(acl).toHaveLength(1);
  });
});

describe("policies offline", () => {
  const facts = { nowSeconds: 0, superuser: pve.superuser };
  const judged = (desired: TerseDesired): readonly string[] =>
    judgeOffline(aDesiredState(desired), stateOf(desired), facts).map(
      ({ severity, code, details = [] }) =>
        `${severity} ${code} ${details.flatMap(({ subjects }) => subjects).join()}`,
    );

  test("a rule has its own severity, and no change", () => {
    const desired: TerseDesired = {
      groups: { ops: { members: ["anna@corp"] } },
      acl: [["/", "group:ops", ["Administrator"]]],
      safety: { onFinding: "hold" },
      policies: [aDenial({ privileges: ["Permissions.Modify"] })],
    };
    expect(judged(desired)).toEqual(["error policy-deny user:anna@corp"]);
    expect(judgeOffline(aDesiredState(desired), stateOf(desired), facts)[0]?.changes).toEqual([]);
  });

  test("of what is only mentioned nothing is required: how it is, only a server knows", () => {
    const policy = aRequirement(
      { kind: "expire-within", seconds: 60, words: "1h" },
      { subjects: ["user:**", "token:**"] },
    );
    const desired: TerseDesired = {
      users: { "joe@pve": {} },
      groups: { ops: { members: ["anna@corp"] } },
      policies: [policy],
    };
    expect(judged({ ...desired, users: { "joe@pve": { expire: 0 } } })).toEqual([
      "error policy-require user:joe@pve",
    ]);
  });
});
