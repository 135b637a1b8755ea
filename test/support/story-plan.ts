// In: nothing. Out: one plan with everything that a report can show, small enough to be read as a story.

import { pve } from "../../src/model/pve.ts";
import type { Change, Operation, Plan } from "../../src/plan/plan.ts";
import {
  aGroup,
  aGroupId,
  aRole,
  aRoleId,
  aState,
  aSubject,
  aToken,
  aTokenId,
  aUser,
  aUserId,
} from "./builders.ts";

const source = (file: string, line: number): { file: string; line: number; column: number } => ({
  file,
  line,
  column: 1,
});
const deliveries = [
  {
    sink: { kind: "file", name: "ci", dir: "/run/rolecall/ci", mode: 0o600 },
    as: "deploy.env",
    format: "env",
    key: "TOKEN",
  },
] as const;

const changes: readonly Change[] = [
  {
    action: "create",
    kind: "Role",
    name: "VMOperator",
    fields: [{ field: "privileges", before: null, after: ["VM.Console", "VM.PowerMgmt"] }],
    source: source("roles.yaml", 1),
    reason: "declared",
    held: false,
  },
  {
    action: "create",
    kind: "Group",
    name: "operators",
    fields: [{ field: "comment", before: null, after: 'the "day" shift' }],
    source: source("groups.yaml", 3),
    reason: "declared",
    held: false,
  },
  {
    action: "create",
    kind: "User",
    name: "anna@pve",
    fields: [
      { field: "enabled", before: null, after: true },
      { field: "expire", before: null, after: 1_801_439_999 },
      { field: "groups", before: null, after: ["operators"] },
    ],
    source: source("users.yaml", 1),
    reason: "declared",
    held: false,
  },
  {
    action: "update",
    kind: "User",
    name: "joe@pve",
    fields: [
      { field: "expire", before: 1_801_439_999, after: 0 },
      { field: "comment", before: "intern", after: "" },
      { field: "groups", before: ["interns"], after: ["operators"] },
    ],
    source: source("users.yaml", 12),
    reason: "declared",
    held: false,
  },
  {
    action: "create",
    kind: "Token",
    name: "ci@pve!deploy",
    fields: [{ field: "privilegeSeparation", before: null, after: true }],
    source: source("ci.yaml", 9),
    reason: "declared",
    held: false,
  },
  {
    action: "update",
    kind: "ACL",
    name: "/vms group:operators",
    fields: [
      {
        field: "roles",
        before: [
          { role: "PVEAuditor", propagate: false },
          { role: "PVEVMAdmin", propagate: true },
        ],
        after: [
          { role: "PVEAuditor", propagate: true },
          { role: "VMOperator", propagate: true },
        ],
      },
    ],
    source: source("acl.yaml", 4),
    reason: "declared",
    held: false,
  },
  {
    action: "delete",
    kind: "ACL",
    name: "/storage user:old@pve",
    fields: [{ field: "roles", before: [{ role: "PVEDatastoreUser", propagate: true }], after: null }],
    reason: "cascade",
    held: false,
  },
  {
    action: "delete",
    kind: "User",
    name: "old@pve",
    fields: [
      { field: "comment", before: "left in May", after: null },
      { field: "groups", before: ["interns"], after: null },
    ],
    reason: "prune",
    held: false,
  },
  {
    action: "delete",
    kind: "Group",
    name: "interns",
    fields: [{ field: "comment", before: "summer", after: null }],
    source: source("groups.yaml", 20),
    reason: "absent",
    held: true,
  },
];

const operations: readonly Operation[] = [
  { changes: [0], kind: "create-role", role: aRole("VMOperator", ["VM.Console", "VM.PowerMgmt"]) },
  { changes: [1], kind: "create-group", group: aGroup("operators", [], 'the "day" shift') },
  {
    changes: [2],
    kind: "create-user",
    user: aUser("anna@pve", { expire: 1_801_439_999 }),
    groups: [aGroupId("operators")],
    password: { kind: "given", from: { source: "env", name: "ROLECALL_SECRET_ANNA" } },
  },
  {
    changes: [3],
    kind: "update-user",
    id: aUserId("joe@pve"),
    set: { expire: 0, comment: "" },
    groups: [aGroupId("operators")],
  },
  { changes: [4], kind: "create-token", token: aToken("ci@pve!deploy"), deliveries },
  { changes: [4], kind: "update-token", id: aTokenId("ci@pve!deploy"), set: { expire: 0 } },
  {
    changes: [5],
    kind: "grant",
    path: pve.normalizeAclPath("/vms"),
    subjects: [aSubject("group:operators")],
    roles: [aRoleId("PVEAuditor"), aRoleId("VMOperator")],
    propagate: true,
  },
  {
    changes: [5],
    kind: "revoke",
    path: pve.normalizeAclPath("/vms"),
    subjects: [aSubject("group:operators")],
    roles: [aRoleId("PVEVMAdmin")],
  },
  { changes: [6, 7], kind: "delete-user", id: aUserId("old@pve") },
];

const before = aState({
  users: ["joe@pve", "old@pve", "ci@pve", "stays@pve"],
  groups: { interns: ["joe@pve", "old@pve"], operators: [] },
  tokens: ["old@pve!backup"],
  acl: [
    ["/storage", "user:old@pve", "PVEDatastoreUser"],
    ["/vms", "token:old@pve!backup", "PVEAuditor"],
  ],
});

export const storyPlan: Plan = {
  target: "dc1",
  product: "pve",
  version: "9.2.11",
  caller: "rolecall@pve!gitops",
  changes,
  operations,
  findings: [
    {
      severity: "warning",
      code: "token-without-acl",
      message: "ci@pve!deploy has no ACL entry",
      changes: [4],
    },
    {
      severity: "error",
      code: "max-deletes",
      message: "1 of 4 users would be deleted, 10 % may",
      changes: [7],
      source: source("target.yaml", 14),
      count: 1,
      digest: "0123456789abcdef0123456789abcdef",
    },
  ],
  rotations: [
    { token: aTokenId("ci@pve!deploy"), expire: 1_775_001_600, rotatesAt: 1_773_705_600 },
    { token: aTokenId("ci@pve!build"), expire: 1_776_001_600, rotatesAt: 1_774_705_600 },
  ],
  unmanaged: [
    { kind: "User", name: "stays@pve", reason: "prune-off" },
    { kind: "Token", name: "rolecall@pve!gitops", reason: "caller" },
  ],
  boundaries: [
    {
      event: "begins",
      atSeconds: 1_796_112_000,
      kind: "Membership",
      name: "anna-on-call",
      objects: ["anna@corp in operators"],
      source: source("on-call.yaml", 3),
    },
    {
      event: "ends",
      atSeconds: 1_796_493_600,
      kind: "ACL",
      name: "audit",
      objects: ["/ user:vera@pve", "/nodes user:vera@pve", "/storage user:vera@pve", "/vms user:vera@pve"],
      source: source("audit.yaml", 9),
    },
  ],
  accessDelta: { shares: [], paths: [] },
  inScope: { User: 4, Group: 2, Role: 0, Token: 2, Pool: 0, Realm: 0 },
  before,
  after: before,
};

/** The same target, when live state matches. */
export const emptyPlan: Plan = {
  ...storyPlan,
  changes: [],
  operations: [],
  findings: [],
  unmanaged: [],
  rotations: [],
  boundaries: [],
};
