import { describe, expect, test } from "@jest/globals";
import type { LiveState } from "../../../src/model/live-state.ts";
import { pve } from "../../../src/model/pve.ts";
import { hiddenMembers } from "../../../src/plan/hidden-members.ts";
import { aPool } from "../../support/builders.ts";
import {
  aDesiredState,
  aLiveState,
  aPrivilege,
  changesOf,
  findingsOf,
  planBetween,
  type TerseLive,
} from "../../support/desired-builders.ts";

/** A read by a caller that may see all pools, whose own permissions name these paths. */
function aReadWith(paths: Readonly<Record<string, readonly string[]>>, live: TerseLive): LiveState {
  return {
    ...aLiveState({
      users: ["rolecall@pve"],
      tokens: ["rolecall@pve!gitops"],
      ...live,
      acl: [...(live.acl ?? [])],
    }),
    callerPermissions: new Map(
      Object.entries(paths).map(([path, names]) => [
        pve.normalizeAclPath(path),
        new Map(names.map((name) => [aPrivilege(name), false])),
      ]),
    ),
  };
}

const audit = { "/pool": ["Pool.Audit"] };

describe("a member that is stored and that no pool lists", () => {
  test.each<[string, Readonly<Record<string, readonly string[]>>, TerseLive, readonly string[]]>([
    ["shows in the caller's own permissions", { ...audit, "/vms/900": ["Pool.Audit"] }, {}, ["/vms/900"]],
    ["so does a storage", { ...audit, "/storage/nas": ["Pool.Audit"] }, {}, ["/storage/nas"]],
    ["is not one that is listed", { "/vms/100": ["Pool.Audit"] }, { pools: [aPool("a", [100])] }, []],
    ["is not what only entries name", { "/vms": ["VM.Audit"], "/storage": ["VM.Audit"] }, {}, []],
    [
      "can't be told where an entry stands on it",
      { "/vms/900": ["VM.Audit"] },
      {
        users: ["rolecall@pve", "joe@pve"],
        acl: [
          ["/vms", "user:rolecall@pve", "PVEAuditor"],
          ["/vms", "token:rolecall@pve!gitops", "PVEAuditor"],
          ["/vms/900", "user:joe@pve", "PVEAuditor"],
        ],
      },
      [],
    ],
    [
      "unless the caller holds more there than its entries give it",
      { "/vms/900": ["Pool.Audit"] },
      { users: ["rolecall@pve", "joe@pve"], acl: [["/vms/900", "user:joe@pve", "PVEAuditor"]] },
      ["/vms/900"],
    ],
  ])("%s", (_, paths, live, hidden) => {
    expect([...hiddenMembers(aReadWith(paths, live))]).toEqual(hidden);
  });
});

describe("a declared member that is not listed", () => {
  const desired = aDesiredState({ pools: { dev: { vms: [100, 900], storages: ["nas"] } } });
  const live: TerseLive = { pools: [aPool("dev", [100])] };

  test("is a change where it is in no pool", () => {
    const plan = planBetween(desired, aReadWith(audit, live));
    expect(changesOf(plan)).toEqual(["update Pool dev"]);
    expect(findingsOf(plan)).toEqual([]);
  });

  test("is a warning where it is in one already, and no change for ever", () => {
    const plan = planBetween(
      desired,
      aReadWith({ ...audit, "/vms/900": ["Pool.Audit"], "/storage/nas": ["Pool.Audit"] }, live),
    );
    expect(changesOf(plan)).toEqual([]);
    expect(findingsOf(plan)).toEqual(["warning member-unreadable", "warning member-unreadable"]);
  });
});
