import { describe, expect, test } from "@jest/globals";
import type { SelectorKind } from "../../../src/plan/select.ts";
import {
  aDelivery,
  aPlan,
  changesOf,
  findingsOf,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

const live: TerseLive = {
  users: ["joe@pve", "old@pve"],
  groups: { ops: ["joe@pve"], oldies: ["joe@pve", "old@pve"] },
  roles: { Operator: [], Old: [] },
  tokens: ["old@pve!tok"],
  acl: [
    ["/", "group:ops", "Old"],
    ["/vms", "user:old@pve", "PVEAuditor"],
  ],
};
const desired: TerseDesired = {
  users: { "joe@pve": { comment: "x" }, "new@pve": { groups: ["fresh"] } },
  groups: { ops: { comment: "x" }, fresh: {} },
  memberships: [["ops", "new@pve", "present", "new-in-ops"]],
  roles: { Operator: ["VM.Audit"], Fresh: [] },
  tokens: { "new@pve!tok": { deliveries: [aDelivery()] } },
  acl: [
    ["/", "group:ops", ["Operator"], "ops-everywhere"],
    ["/storage", "token:new@pve!tok", ["Fresh"], "new-token"],
  ],
  prune: true,
};

describe("--only", () => {
  test.each<[SelectorKind, string, readonly string[]]>([
    ["Role", "Fresh", ["create Role Fresh"]],
    ["Group", "ops", ["update Group ops"]],
    // joe leaves the group that prune deletes; the group itself is another thing.
    ["User", "joe@pve", ["update User joe@pve"]],
    ["User", "new@pve", ["create Group fresh", "create User new@pve"]],
    ["Membership", "new-in-ops", ["create Group fresh", "create User new@pve"]],
    ["Token", "new@pve!tok", ["create Group fresh", "create User new@pve", "create Token new@pve!tok"]],
    ["ACL", "ops-everywhere", ["update Role Operator", "update ACL / group:ops"]],
    [
      "ACL",
      "/storage token:new@pve!tok",
      [
        "create Role Fresh",
        "create Group fresh",
        "create User new@pve",
        "create Token new@pve!tok",
        "create ACL /storage token:new@pve!tok",
      ],
    ],
    // What the server does along with a delete comes with it.
    ["User", "old@pve", ["delete ACL /vms user:old@pve", "delete Token old@pve!tok", "delete User old@pve"]],
    ["Token", "old@pve!tok", ["delete Token old@pve!tok"]],
    ["Role", "nobody", []],
  ])("%s/%s takes it and what it depends on", (kind, name, changes) => {
    const plan = aPlan(desired, live, { only: [{ kind, name }] });
    expect(changesOf(plan)).toEqual(changes);
    expect(plan.operations.flatMap((operation) => operation.changes).length).toBeGreaterThanOrEqual(
      changes.length,
    );
  });

  test("who leaves a group that goes later leaves it by a write of its own", () => {
    const plan = aPlan(desired, live, { only: [{ kind: "User", name: "joe@pve" }] });
    expect(plan.operations).toMatchObject([{ kind: "update-user", id: "joe@pve", groups: ["ops"] }]);
  });

  test("what is found of other changes is left out, and what is found of the target is not", () => {
    const broken = { ...desired, acl: [["/", "group:ops", ["Nope"]]] } as const;
    expect(findingsOf(aPlan(broken, live))).toEqual(["error reference-unknown"]);
    expect(findingsOf(aPlan(broken, live, { only: [{ kind: "Role", name: "Fresh" }] }))).toEqual([]);
  });
});
