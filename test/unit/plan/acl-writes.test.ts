import { describe, expect, test } from "@jest/globals";
import { subjectKey } from "../../../src/model/ids.ts";
import type { Operation, Plan } from "../../../src/plan/plan.ts";
import { aPlan } from "../../support/desired-builders.ts";

function aclWrites({ operations }: Plan): readonly Extract<Operation, { kind: "grant" | "revoke" }>[] {
  return operations.filter((operation) => operation.kind === "grant" || operation.kind === "revoke");
}

describe("writes of ACL entries", () => {
  test("a first apply of many entries has one write a path, flag and set of roles", () => {
    const groups = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`g${index}`, {}]));
    const names = Object.keys(groups);
    const plan = aPlan({
      groups,
      acl: [
        ...names.map((id) => ["/vms", `group:${id}`, ["PVEAuditor"]] as const),
        ...names
          .slice(0, 15)
          .map((id) => ["/storage", `group:${id}`, ["PVEAuditor", "PVEDatastoreUser"]] as const),
        ...names.slice(15).map((id) => ["/storage", `group:${id}`, ["PVEAuditor!"]] as const),
      ],
    });
    expect(aclWrites(plan).map(({ path, subjects, roles }) => [path, subjects.length, roles.length])).toEqual(
      [
        ["/storage", 15, 1],
        ["/storage", 15, 2],
        ["/vms", 30, 1],
      ],
    );
    expect(new Set(aclWrites(plan).flatMap(({ changes }) => changes)).size).toBe(60);
  });

  test("a rectangle covers what is granted already, where that saves a write", () => {
    const plan = aPlan(
      {
        acl: [
          ["/", "group:one", ["PVEAuditor", "PVEVMUser"]],
          ["/", "group:two", ["PVEAuditor", "PVEVMUser"]],
        ],
      },
      {
        groups: { one: [], two: [] },
        acl: [
          ["/", "group:one", "PVEAuditor"],
          ["/", "group:two", "PVEVMUser"],
        ],
      },
    );
    expect(aclWrites(plan)).toMatchObject([{ kind: "grant", roles: ["PVEAuditor", "PVEVMUser"] }]);
  });

  test("two groups that swap their roles need three writes: a grant may cover what is granted already", () => {
    const plan = aPlan(
      {
        acl: [
          ["/", "group:one", ["PVEVMUser"]],
          ["/", "group:two", ["PVEAuditor"]],
        ],
      },
      {
        groups: { one: [], two: [] },
        acl: [
          ["/", "group:one", "PVEAuditor"],
          ["/", "group:two", "PVEVMUser"],
        ],
      },
    );
    expect(
      aclWrites(plan).map(({ kind, subjects, roles }) => [kind, ...subjects.map(subjectKey), ...roles]),
    ).toEqual([
      ["grant", "group:one", "group:two", "PVEAuditor", "PVEVMUser"],
      ["revoke", "group:one", "PVEAuditor"],
      ["revoke", "group:two", "PVEVMUser"],
    ]);
  });

  test("users, groups and tokens share a write", () => {
    const plan = aPlan(
      {
        acl: [
          ["/", "group:ops", ["PVEAuditor"]],
          ["/", "user:joe@pve", ["PVEAuditor"]],
          ["/", "token:joe@pve!ci", ["PVEAuditor"]],
        ],
      },
      { users: ["joe@pve"], groups: { ops: [] }, tokens: ["joe@pve!ci"] },
    );
    expect(aclWrites(plan)).toHaveLength(1);
  });

  test("a body that the server would not take is split", () => {
    const users = Array.from({ length: 2001 }, (_, index) => `u${index}@pve`);
    const plan = aPlan({ acl: users.map((id) => ["/", `user:${id}`, ["PVEAuditor"]] as const) }, { users });
    expect(aclWrites(plan).map(({ subjects, changes }) => [subjects.length, changes.length])).toEqual([
      [2000, 2000],
      [1, 1],
    ]);
  });
});
