// What the guards make of changes of pools: membership decides who may do what.

import { describe, expect, test } from "@jest/globals";
import { aPool } from "../../support/builders.ts";
import type { TerseDesired, TerseLive } from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";

const users = ["ann@pve", "joe@pve"];
const live: TerseLive = {
  users,
  groups: { devs: ["ann@pve", "joe@pve"] },
  pools: [aPool("dev", [100]), aPool("prod", [101])],
  acl: [
    ["/pool/dev", "group:devs", "PVEVMAdmin"],
    ["/vms/101", "group:devs", "PVEAuditor"],
  ],
};
const declared: TerseDesired = {
  users: { "ann@pve": {}, "joe@pve": {} },
  groups: { devs: { members: users } },
  acl: [
    ["/pool/dev", "group:devs", ["PVEVMAdmin"]],
    ["/vms/101", "group:devs", ["PVEAuditor"]],
  ],
};

describe("a guest that moves between pools", () => {
  test("into one with dangerous privileges is an escalation, by the pools' changes", () => {
    const judged = judge({ ...declared, pools: { dev: { vms: [100, 101] }, prod: {} } }, live);
    expect(foundOf("escalation", judged)).toMatchObject([
      { severity: "warning", about: ["Pool dev"], message: expect.stringContaining("/vms/101") },
    ]);
  });

  test("out of one is a revocation, and is counted", () => {
    const judged = judge(
      { ...declared, safety: { maxRevocations: { count: 1 } }, pools: { dev: { vms: [] } } },
      live,
    );
    expect(foundOf("max-revocations", judged)).toMatchObject([
      { severity: "error", count: 2, about: ["Pool dev"] },
    ]);
  });

  test("where a manifest says that the pool must not exist, it is not", () => {
    const judged = judge(
      {
        ...declared,
        safety: { maxRevocations: { count: 0 } },
        acl: declared.acl?.slice(1) ?? [],
        pools: { dev: { ensure: "absent" } },
      },
      live,
    );
    expect(foundOf("max-revocations", judged)).toEqual([]);
  });

  test("lowers a protected group whose entries reach the pool", () => {
    const judged = judge(
      { ...declared, safety: { protect: ["group:devs"] }, pools: { dev: { vms: [] } } },
      live,
    );
    expect(foundOf("protected", judged)).toMatchObject([
      {
        severity: "error",
        about: ["Pool dev"],
        message: expect.stringMatching(/group:devs.* on \/vms\/100/u),
      },
    ]);
  });

  test("lowers the caller, which is told", () => {
    const judged = judge(
      { pools: { dev: { vms: [] } } },
      {
        ...live,
        acl: [
          ...(live.acl ?? []),
          ["/vms", "user:rolecall@pve", "PVEVMUser"],
          ["/pool/dev", "user:rolecall@pve", "PVEVMAdmin"],
        ],
      },
    );
    expect(foundOf("caller-lowered", judged)).toMatchObject([
      { about: ["Pool dev"], message: expect.stringContaining("on /vms/100") },
    ]);
  });
});

test("pools that prune takes count, of those in scope", () => {
  const pools = ["a", "b", "c", "out"].map((id) => aPool(id));
  const judged = judge(
    {
      prune: { pools: true },
      scope: { pools: { exclude: ["out"] } },
      safety: { maxDeletes: { count: 1 } },
      pools: { a: {} },
    },
    { pools },
  );
  expect(foundOf("max-deletes", judged)).toMatchObject([
    { count: 2, about: ["Pool c", "Pool b"], message: expect.stringContaining("2 of the 3 pools in scope") },
  ]);
});
