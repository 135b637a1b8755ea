// In: nothing. Out: pairs of access states, each a change that people make and that some usual order of writes carries
// out badly. Must not know: in which order it is done.

import { aPool, aToken, aUser, type TerseState } from "./builders.ts";

export interface OrderStory {
  readonly name: string;
  readonly before: TerseState;
  readonly after: TerseState;
}

type Acl = NonNullable<TerseState["acl"]>;

/** The same on both sides but for the entries. */
function entries(name: string, both: TerseState, before: Acl, after: Acl): OrderStory {
  return { name, before: { ...both, acl: before }, after: { ...both, acl: after } };
}

const ann = "ann@pve";
const bob = "bob@pve";
const cid = "cid@pve";
const users = [ann, bob, cid];
const team: TerseState = { users, groups: { ops: [ann, bob], staff: users } };
const everybodyAdministers: Acl = [["/", "group:staff", "PVEAdmin"]];
const powerAndDisk = {
  Ops: ["VM.Audit", "VM.Config.Disk", "VM.PowerMgmt"],
  Power: ["VM.Audit", "VM.PowerMgmt"],
  Disk: ["VM.Audit", "VM.Config.Disk"],
};

export const orderStories: readonly OrderStory[] = [
  entries(
    "a guest is hidden from a group that could use it, and from one of its members",
    team,
    [
      ...everybodyAdministers,
      ["/vms/100", "group:ops", "PVEVMUser"],
      ["/vms/100", `user:${ann}`, "PVEAuditor"],
    ],
    [...everybodyAdministers, ["/vms/100", "group:ops", "NoAccess"], ["/vms/100", `user:${ann}`, "NoAccess"]],
  ),
  entries(
    "a refusal moves from a group to one member",
    team,
    [...everybodyAdministers, ["/vms/100", "group:ops", "NoAccess"]],
    [
      ...everybodyAdministers,
      ["/vms/100", `user:${ann}`, "NoAccess"],
      ["/vms/100", "group:ops", "PVEVMUser"],
    ],
  ),
  entries(
    "a refusal goes while what it kept away is lowered",
    team,
    [
      ["/vms", "group:ops", "PVEVMAdmin"],
      ["/vms/100", "group:ops", "NoAccess"],
    ],
    [["/vms", "group:ops", "PVEAuditor"]],
  ),
  entries(
    "propagate is switched on above a limit that changes",
    team,
    [
      ["/vms", "group:ops", "PVEVMAdmin", false],
      ["/vms/100", "group:ops", "PVEVMUser"],
    ],
    [
      ["/vms", "group:ops", "PVEVMAdmin"],
      ["/vms/100", "group:ops", "PVEAuditor"],
    ],
  ),
  entries(
    "propagate is switched off under an administrator, and the guests get a limit of their own",
    team,
    [...everybodyAdministers, ["/vms", "group:ops", "PVEAuditor"]],
    [
      ...everybodyAdministers,
      ["/vms", "group:ops", "PVEAuditor", false],
      ["/vms/100", "group:ops", "PVEAuditor"],
    ],
  ),
  entries(
    "two levels of limits are replaced",
    team,
    [...everybodyAdministers, ["/vms", "group:ops", "PVEVMAdmin"], ["/vms/100", "group:ops", "PVEAuditor"]],
    [...everybodyAdministers, ["/vms", "group:ops", "PVEAuditor"], ["/vms/100", "group:ops", "PVEVMUser"]],
  ),
  entries(
    "a path and one below it exchange their roles",
    team,
    [
      ["/vms", "group:ops", "PVEVMAdmin"],
      ["/vms/100", "group:ops", "PVEAuditor"],
    ],
    [
      ["/vms", "group:ops", "PVEAuditor"],
      ["/vms/100", "group:ops", "PVEVMAdmin"],
    ],
  ),
  entries(
    "two groups exchange their roles",
    { users, groups: { ops: [ann], dev: [bob], staff: users } },
    [...everybodyAdministers, ["/vms", "group:ops", "PVEVMUser"], ["/vms", "group:dev", "PVEAuditor"]],
    [...everybodyAdministers, ["/vms", "group:ops", "PVEAuditor"], ["/vms", "group:dev", "PVEVMUser"]],
  ),
  entries(
    "an entry is narrowed to two guests",
    team,
    [["/vms", "group:ops", "PVEVMUser"]],
    [
      ["/vms/100", "group:ops", "PVEVMUser"],
      ["/vms/101", "group:ops", "PVEVMUser"],
    ],
  ),
  entries(
    "a group's entry gives way to the members' own",
    team,
    [...everybodyAdministers, ["/vms", "group:ops", "PVEVMUser"]],
    [...everybodyAdministers, ["/vms", `user:${ann}`, "PVEVMUser"], ["/vms", `user:${bob}`, "PVEAuditor"]],
  ),
  entries(
    "the members' own entries give way to the group's",
    team,
    [...everybodyAdministers, ["/vms", `user:${ann}`, "PVEVMUser"], ["/vms", `user:${bob}`, "PVEVMUser"]],
    [...everybodyAdministers, ["/vms", "group:ops", "PVEVMUser"]],
  ),
  entries(
    "one role is split into two for a deeper path",
    { ...team, roles: powerAndDisk },
    [["/", "group:ops", "Ops"]],
    [
      ["/", "group:ops", "PVEAuditor"],
      ["/vms", "group:ops", "Power"],
      ["/vms", "group:ops", "Disk"],
    ],
  ),
  entries(
    "what somebody has on a guest comes from its pool",
    { ...team, pools: [aPool("dev", [100, 101])] },
    [
      ["/vms/100", "group:ops", "PVEVMUser"],
      ["/vms/101", "group:ops", "PVEVMUser"],
    ],
    [["/pool/dev", "group:ops", "PVEVMUser"]],
  ),
  entries(
    "a pool is closed to a group that could use one of its guests",
    { ...team, pools: [aPool("dev", [100, 101])] },
    [
      ...everybodyAdministers,
      ["/vms/100", "group:ops", "PVEVMUser"],
      ["/pool/dev", "group:ops", "PVEAuditor"],
    ],
    [
      ...everybodyAdministers,
      ["/vms/100", "group:ops", "PVEAuditor"],
      ["/pool/dev", "group:ops", "NoAccess"],
    ],
  ),
  {
    name: "a group is deleted, and its members move to one with the same role elsewhere",
    before: {
      users,
      groups: { old: [ann, bob], staff: users },
      acl: [...everybodyAdministers, ["/vms", "group:old", "PVEVMUser"]],
    },
    after: {
      users,
      groups: { new: [ann, bob], staff: users },
      acl: [...everybodyAdministers, ["/vms", "group:new", "PVEVMUser"]],
    },
  },
  {
    name: "members change places between groups of which one loses its role",
    before: {
      users,
      groups: { web: [ann], db: [bob], staff: users },
      acl: [
        ["/vms", "group:web", "PVEVMAdmin"],
        ["/vms", "group:db", "PVEVMUser"],
      ],
    },
    after: {
      users,
      groups: { web: [bob], db: [ann], staff: users },
      acl: [
        ["/vms", "group:web", "PVEAuditor"],
        ["/vms", "group:db", "PVEVMUser"],
      ],
    },
  },
  {
    name: "somebody is let in again with fewer rights",
    before: {
      users: [aUser(ann, { enabled: false }), bob],
      groups: { admins: [ann, bob], staff: [] },
      acl: [
        ["/", "group:admins", "Administrator"],
        ["/vms", "group:staff", "PVEAuditor"],
      ],
    },
    after: {
      users: [ann, bob],
      groups: { admins: [bob], staff: [ann] },
      acl: [
        ["/", "group:admins", "Administrator"],
        ["/vms", "group:staff", "PVEAuditor"],
      ],
    },
  },
  {
    name: "somebody whose time had run out comes back under a limit",
    before: {
      users: [aUser(ann, { expire: 1_500_000_000 }), bob],
      groups: { ops: [ann, bob] },
      acl: [["/vms", "group:ops", "PVEVMAdmin"]],
    },
    after: {
      users: [ann, bob],
      groups: { ops: [ann, bob] },
      acl: [
        ["/vms", "group:ops", "PVEVMAdmin"],
        ["/vms", `user:${ann}`, "PVEAuditor"],
      ],
    },
  },
  {
    name: "somebody is deleted while the group that is left grows",
    before: {
      users,
      groups: { ops: [ann] },
      acl: [
        ["/vms", `user:${cid}`, "NoAccess"],
        ["/vms", "group:ops", "PVEVMUser"],
      ],
    },
    after: {
      users: [ann, bob],
      groups: { ops: [ann, bob] },
      acl: [["/vms", "group:ops", "PVEVMAdmin"]],
    },
  },
  {
    name: "somebody leaves as an administrator and gets a limited role of their own",
    before: {
      users,
      groups: { admins: [ann, bob] },
      acl: [
        ["/", "group:admins", "Administrator"],
        ["/vms/100", `user:${ann}`, "NoAccess"],
      ],
    },
    after: {
      users,
      groups: { admins: [bob] },
      acl: [
        ["/", "group:admins", "Administrator"],
        ["/vms", `user:${ann}`, "PVEVMUser"],
      ],
    },
  },
  {
    name: "a role is deleted, and its entries are replaced by others",
    before: { ...team, roles: powerAndDisk, acl: [...everybodyAdministers, ["/vms", "group:ops", "Ops"]] },
    after: {
      ...team,
      roles: { Power: powerAndDisk.Power },
      acl: [...everybodyAdministers, ["/vms", "group:ops", "Power"]],
    },
  },
  {
    name: "a role grows for some, while others leave it",
    before: {
      ...team,
      roles: { Desk: ["VM.Audit"] },
      acl: [
        ["/vms/100", `user:${ann}`, "Desk"],
        ["/vms/100", `user:${bob}`, "Desk"],
      ],
    },
    after: {
      ...team,
      roles: { Desk: ["VM.Audit", "VM.Console"] },
      acl: [
        ["/vms/100", `user:${ann}`, "Desk"],
        ["/vms/100", `user:${bob}`, "PVEAuditor"],
      ],
    },
  },
  {
    name: "a token is separated, and gets entries of its own",
    before: {
      users,
      tokens: [aToken(`${ann}!ci`, { privilegeSeparation: false })],
      acl: [["/vms", `user:${ann}`, "PVEVMAdmin"]],
    },
    after: {
      users,
      tokens: [`${ann}!ci`],
      acl: [
        ["/vms", `user:${ann}`, "PVEVMAdmin"],
        ["/vms/100", `token:${ann}!ci`, "PVEVMUser"],
      ],
    },
  },
  {
    name: "a token's dormant entry is taken away before its owner grows",
    before: {
      users,
      tokens: [`${ann}!ci`],
      acl: [
        ["/vms", `user:${ann}`, "PVEAuditor"],
        ["/vms", `token:${ann}!ci`, "PVEVMAdmin"],
      ],
    },
    after: {
      users,
      tokens: [`${ann}!ci`],
      acl: [["/vms", `user:${ann}`, "PVEVMAdmin"]],
    },
  },
];
