import { expect, test } from "@jest/globals";
import type { Pool } from "../../../src/model/access-state.ts";
import { poolsToRead } from "../../../src/plan/pool-reads.ts";
import { aPool, aState, type TerseState } from "../../support/builders.ts";
import { aDesiredState, overTime, type TerseDesired } from "../../support/desired-builders.ts";

const listed: readonly Pool[] = ["a", "a/b", "c"].map((id) => ({ id: aPool(id).id, comment: "" }));
const all = ["a", "a/b", "c"];

test.each<[string, TerseState, TerseDesired, readonly string[]]>([
  ["none where nothing stands at a pool", { acl: [["/vms", "group:ops", "PVEVMUser"]] }, {}, []],
  ["none where all stands on the root", { acl: [["/", "group:admins", "Administrator"]] }, {}, []],
  ["the one that an entry is at", { acl: [["/pool/c", "group:ops", "PVEVMUser"]] }, {}, ["c"]],
  ["and those in it", { acl: [["/pool/a", "group:ops", "PVEVMUser"]] }, {}, ["a", "a/b"]],
  ["not the one that it is in", { acl: [["/pool/a/b", "group:ops", "PVEVMUser"]] }, {}, ["a/b"]],
  ["all where an entry is at /pool", { acl: [["/pool", "group:ops", "PVEVMUser"]] }, {}, all],
  ["the one at which an entry is declared", {}, { acl: [["/pool/c", "group:ops", ["PVEVMUser"]]] }, ["c"]],
  [
    "all where what somebody has on the root is replaced at guests: it comes back in pools",
    {
      acl: [
        ["/", "group:ops", "PVEAuditor"],
        ["/vms/100", "group:ops", "PVEVMUser"],
      ],
    },
    {},
    all,
  ],
  [
    "also by way of two groups of one user",
    {
      groups: { auditors: ["joe@pve"], ops: ["joe@pve"] },
      acl: [
        ["/", "group:auditors", "PVEAuditor"],
        ["/storage", "group:ops", "PVEDatastoreUser"],
      ],
    },
    {},
    all,
  ],
  [
    "one of which the user is to join",
    {
      groups: { auditors: ["joe@pve"], ops: [] },
      acl: [
        ["/", "group:auditors", "PVEAuditor"],
        ["/vms", "group:ops", "PVEVMUser"],
      ],
    },
    { memberships: [["ops", "joe@pve"]] },
    all,
  ],
  [
    "none where they are of different users",
    {
      groups: { auditors: ["ann@pve"], ops: ["joe@pve"] },
      acl: [
        ["/", "group:auditors", "PVEAuditor"],
        ["/vms", "group:ops", "PVEVMUser"],
      ],
    },
    {},
    [],
  ],
  [
    "none where what stands on the root does not reach down",
    {
      acl: [
        ["/", "group:ops", "PVEAuditor", false],
        ["/vms", "group:ops", "PVEVMUser"],
      ],
    },
    {},
    [],
  ],
  ["all where a pool is declared: its guests may be anywhere", {}, { pools: { new: {} } }, all],
  [
    "all where pools may be pruned: they have to be emptied",
    {},
    { prune: true, safety: { allowEmpty: ["pools"] } },
    all,
  ],
  ["none where prune waits for a declared pool", {}, { prune: true }, []],
])("%s", (_, state, desired, read) => {
  const live = aState({ users: ["joe@pve", "ann@pve"], ...state, pools: listed });
  expect([...poolsToRead(live, overTime(aDesiredState(desired)))]).toEqual(read);
});
