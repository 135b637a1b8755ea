import { describe, expect, test } from "@jest/globals";
import type { Finding } from "../../../../src/plan/plan.ts";
import type { Policy } from "../../../../src/model/policy.ts";
import { aGroup, aPool, aToken, aUser } from "../../../support/builders.ts";
import type { TerseDesired, TerseLive } from "../../../support/desired-builders.ts";
import { foundOf, judge } from "../../../support/judged.ts";
import { aDenial, aRequirement, aSeparation } from "../../../support/policies.ts";

/** The caller is an administrator: rules that are not about it leave it out. */
const caller = ["user:rolecall@pve", "token:rolecall@pve!gitops"];

interface Case {
  readonly policy: Policy;
  readonly desired?: TerseDesired;
  readonly live?: TerseLive;
}

function found({ policy, desired = {}, live = {} }: Case): readonly Finding[] {
  return judge({ ...desired, policies: [policy] }, live).findings.filter(({ code }) =>
    code.startsWith("policy-"),
  );
}

/** `error 2: user:a@pve, user:b@pve: says` */
function words(one: Case): readonly string[] {
  return found(one).flatMap(({ severity, details = [] }) =>
    details.map(({ subjects, says }) => `${severity} ${subjects.join(", ")}: ${says}`),
  );
}

const grants = { privileges: ["Permissions.Modify"], except: caller };
const ops: TerseDesired = {
  users: { "joe@pve": {}, "ann@pve": {} },
  groups: { ops: { members: ["joe@pve", "ann@pve"] } },
  acl: [["/vms", "group:ops", ["PVEVMUser"]]],
};

describe("deny", () => {
  test.each<[string, Case, readonly string[]]>([
    ["nothing is held", { policy: aDenial(grants), desired: ops }, []],
    [
      "whom the same leads there is told of together, with where it is declared",
      { policy: aDenial({ privileges: ["VM.Backup"], paths: ["/vms/**"], except: caller }), desired: ops },
      [
        "error user:ann@pve, user:joe@pve: VM.Backup on /vms and below, since group ops has PVEVMUser on /vms (acl.yaml:1); in group ops by ops.yaml:1",
      ],
    ],
    [
      "members of an excepted group are excepted",
      { policy: aDenial({ privileges: ["VM.Backup"], except: [...caller, "group:ops"] }), desired: ops },
      [],
    ],
    [
      "so is one user; his token is not, until it is named",
      {
        policy: aDenial({ privileges: ["VM.Backup"], except: [...caller, "user:*@pve"] }),
        desired: { ...ops, tokens: { "joe@pve!full": { privilegeSeparation: false } } },
      },
      [
        "error token:joe@pve!full: VM.Backup on /vms and below, since group ops has PVEVMUser on /vms (acl.yaml:1), the token is not separated (joe@pve!full.yaml:1); owner in group ops by ops.yaml:1",
      ],
    ],
    [
      "whom a rule speaks of comes with his tokens",
      {
        policy: aDenial({ privileges: ["VM.Backup"], subjects: ["group:ops"], except: ["user:**"] }),
        desired: { ...ops, tokens: { "joe@pve!full": { privilegeSeparation: false } } },
      },
      [
        "error token:joe@pve!full: VM.Backup on /vms and below, since group ops has PVEVMUser on /vms (acl.yaml:1), the token is not separated (joe@pve!full.yaml:1); owner in group ops by ops.yaml:1",
      ],
    ],
    [
      "a separated token without entries holds nothing",
      {
        policy: aDenial({ privileges: ["VM.Backup"], except: ["user:**", ...caller] }),
        desired: { ...ops, tokens: { "joe@pve!sep": {} } },
      },
      [],
    ],
    [
      "who cannot log in holds nothing",
      {
        policy: aDenial({ privileges: ["VM.Backup"], except: caller }),
        desired: { ...ops, users: { "joe@pve": { enabled: false }, "ann@pve": { expire: 1_000_000_000 } } },
      },
      [],
    ],
    [
      "what a pool gives on its members",
      {
        policy: aDenial({ privileges: ["VM.Console"], paths: ["/vms/100"], except: caller }),
        desired: { users: { "joe@pve": {} }, acl: [["/pool/dev", "user:joe@pve", ["PVEVMUser"]]] },
        live: { pools: [aPool("dev", [100])] },
      },
      [
        "error user:joe@pve: VM.Console on /vms/100, since user joe@pve has PVEVMUser on /pool/dev (acl.yaml:1)",
      ],
    ],
    [
      "all members of a pool in one",
      {
        policy: aDenial({ privileges: ["VM.Console"], paths: ["/vms/**"], except: caller }),
        desired: { users: { "joe@pve": {} }, acl: [["/pool/dev", "user:joe@pve", ["PVEVMUser"]]] },
        live: { pools: [aPool("dev", [100, 101, 102])] },
      },
      [
        "error user:joe@pve: VM.Console on /vms/100, /vms/101, /vms/102, since user joe@pve has PVEVMUser on /pool/dev (acl.yaml:1)",
      ],
    ],
    [
      "a declared entry below one that nobody declares is told by itself",
      {
        policy: aDenial({ privileges: ["VM.Backup"], except: caller }),
        desired: { acl: [["/vms/100", "user:joe@pve", ["PVEVMUser"]]] },
        live: {
          users: ["joe@pve"],
          acl: [
            ["/vms", "user:joe@pve", "PVEVMUser"],
            ["/vms/100", "user:joe@pve", "PVEVMUser"],
          ],
        },
      },
      [
        "error user:joe@pve: VM.Backup on /vms/100 and below, since user joe@pve has PVEVMUser on /vms/100 (acl.yaml:1)",
        "warning user:joe@pve: VM.Backup on /vms and below, since user joe@pve has PVEVMUser on /vms (no manifest)",
      ],
    ],
    [
      "the superuser is left alone, and its unseparated token is not",
      {
        policy: aDenial({ privileges: ["Sys.PowerMgmt"], paths: ["/nodes/**"], except: caller }),
        desired: { tokens: { "root@pam!full": { privilegeSeparation: false } } },
      },
      [
        "error token:root@pam!full: Sys.PowerMgmt on /nodes and below, since root@pam holds every privilege, the token is not separated (root@pam!full.yaml:1)",
      ],
    ],
    [
      "a warning is a warning",
      {
        policy: aDenial({ ...grants, severity: "warning" }),
        desired: { users: { "joe@pve": {} }, acl: [["/vms", "user:joe@pve", ["Administrator"]]] },
      },
      [
        "warning user:joe@pve: Permissions.Modify on /vms and below, since user joe@pve has Administrator on /vms (acl.yaml:1)",
      ],
    ],
  ])("%s", (_, one, expected) => expect(words(one)).toEqual(expected));

  test("one finding a rule, with how many it is about and the rule's place", () => {
    const [finding] = found({
      policy: aDenial({ privileges: ["VM.*"], except: caller }),
      desired: {
        ...ops,
        users: { ...ops.users, "kim@pve": {} },
        acl: [...(ops.acl ?? []), ["/vms/100", "user:kim@pve", ["PVEAuditor"]]],
      },
    });
    expect(finding).toMatchObject({
      severity: "error",
      code: "policy-deny",
      message: "p/r: not so: 3 subjects",
      count: 3,
      source: { file: "policy.yaml", line: 1 },
    });
    // The many first.
    expect(finding?.details?.map(({ subjects }) => subjects.length)).toEqual([2, 1]);
  });
});

describe("separate", () => {
  const policy = aSeparation(
    { privileges: ["VM.Allocate"] },
    { privileges: ["User.Modify"], paths: ["/access/**"] },
    { except: caller },
  );

  test.each<[string, TerseDesired["acl"], readonly string[]]>([
    ["one of the two", [["/vms", "user:joe@pve", ["PVEVMAdmin"]]], []],
    ["the other", [["/access", "user:joe@pve", ["PVEUserAdmin"]]], []],
    [
      "both",
      [
        ["/access", "group:hr", ["PVEUserAdmin"]],
        ["/vms", "user:joe@pve", ["PVEVMAdmin"]],
      ],
      [
        "error user:joe@pve: VM.Allocate on /vms and below, since user joe@pve has PVEVMAdmin on /vms (acl.yaml:1); and User.Modify on /access and below, since group hr has PVEUserAdmin on /access (acl.yaml:1); in group hr by hr.yaml:1",
      ],
    ],
  ])("%s", (_, acl = [], expected) => {
    const desired: TerseDesired = { users: { "joe@pve": {} }, groups: { hr: { members: ["joe@pve"] } }, acl };
    expect(words({ policy, desired })).toEqual(expected);
  });
});

describe("require", () => {
  const day = 86_400;
  const now = Date.UTC(2026, 0, 1) / 1000;
  const within = { kind: "expire-within", seconds: 90 * day, words: "90d" } as const;

  test.each<[string, Case, readonly string[]]>([
    [
      "tokens are separated",
      {
        policy: aRequirement({ kind: "privilege-separation" }, { except: caller }),
        desired: {
          users: { "ci@pve": {}, "off@pve": { enabled: false } },
          tokens: {
            "ci@pve!full": { privilegeSeparation: false },
            "ci@pve!sep": {},
            "off@pve!full": { privilegeSeparation: false },
          },
        },
      },
      ["error token:ci@pve!full: is not separated from its owner (ci@pve!full.yaml:1)"],
    ],
    [
      "of some users",
      {
        policy: aRequirement({ kind: "privilege-separation" }, { subjects: ["user:ci@*"] }),
        desired: {
          users: { "ci@pve": {}, "joe@pve": {} },
          tokens: {
            "ci@pve!full": { privilegeSeparation: false },
            "joe@pve!full": { privilegeSeparation: false },
          },
        },
      },
      ["error token:ci@pve!full: is not separated from its owner (ci@pve!full.yaml:1)"],
    ],
    [
      "tokens expire",
      {
        policy: aRequirement(within, { subjects: ["token:**"], except: caller }),
        desired: {
          users: { "ci@pve": {} },
          tokens: {
            "ci@pve!never": { expire: 0 },
            "ci@pve!just": { expire: now + 90 * day },
            "ci@pve!late": { expire: now + 90 * day + 1 },
            "ci@pve!odd": { expire: 1e17 },
            "ci@pve!past": { expire: now - day },
          },
        },
      },
      [
        "error token:ci@pve!late: expires on 2026-04-01, not within 90d (ci@pve!late.yaml:1)",
        "error token:ci@pve!never: never expires, not within 90d (ci@pve!never.yaml:1)",
        "error token:ci@pve!odd: never expires, not within 90d (ci@pve!odd.yaml:1)",
      ],
    ],
    [
      "users of a group expire, their tokens are another matter",
      {
        policy: aRequirement(within, { subjects: ["group:ext", "user:*-ext@*"] }),
        desired: {
          users: { "kim@pve": {}, "lou-ext@pve": {}, "joe@pve": {} },
          groups: { ext: { members: ["kim@pve"] } },
          tokens: { "kim@pve!tk": {} },
        },
      },
      [
        "error user:kim@pve: never expires, not within 90d (kim@pve.yaml:1)",
        "error user:lou-ext@pve: never expires, not within 90d (lou-ext@pve.yaml:1)",
      ],
    ],
    [
      "comments",
      {
        policy: aRequirement(
          { kind: "comment", globs: ["*OPS-*", "why: *"] },
          { subjects: ["user:*@pve", "group:**"], except: caller },
        ),
        desired: {
          users: {
            "joe@pve": { comment: "see https://tickets/OPS-1" },
            "kim@pve": { comment: "no reason" },
            "lou@pve": {},
          },
          groups: { ops: { comment: "why: they run it" }, dev: { comment: "" } },
        },
      },
      [
        "error group:dev: has no comment (dev.yaml:1)",
        "error user:kim@pve: its comment is none of *OPS-*, why: * (kim@pve.yaml:1)",
        "error user:lou@pve: has no comment (lou@pve.yaml:1)",
      ],
    ],
    [
      "entries of groups",
      {
        policy: aRequirement(
          { kind: "entry-subjects", kinds: ["group"], paths: ["/vms/**"] },
          { except: ["user:kim@pve"] },
        ),
        desired: {
          users: { "joe@pve": {}, "kim@pve": {} },
          groups: { ops: {} },
          acl: [
            ["/vms/100", "user:joe@pve", ["PVEVMUser"]],
            ["/vms/100", "user:kim@pve", ["PVEVMUser"]],
            ["/vms", "group:ops", ["PVEVMUser"]],
            ["/storage", "user:joe@pve", ["PVEDatastoreUser"]],
          ],
        },
      },
      ["error user:joe@pve: has PVEVMUser on /vms/100 by an entry of its own (acl.yaml:1)"],
    ],
  ])("%s", (_, one, expected) => expect(words(one)).toEqual(expected));
});

describe("what a plan does about it", () => {
  const admin: TerseDesired = {
    users: { "joe@pve": {} },
    groups: { admins: { members: ["joe@pve"] } },
    acl: [["/", "group:admins", ["Administrator"]]],
  };
  const alien: TerseLive = {
    users: ["mallory@pve"],
    acl: [["/", "user:mallory@pve", "Administrator"]],
  };
  const standing: TerseLive = {
    users: ["joe@pve"],
    groups: [aGroup("admins", ["joe@pve"])],
    acl: [["/", "group:admins", "Administrator"]],
  };

  function judged(desired: TerseDesired, live: TerseLive): ReturnType<typeof foundOf> {
    return foundOf("policy-deny", judge({ ...desired, policies: [aDenial(grants)] }, live));
  }

  test.each<[string, TerseDesired, TerseLive, ReturnType<typeof foundOf>]>([
    [
      "what it brings is an error, on the changes behind it",
      admin,
      {},
      [
        {
          severity: "error",
          message: "p/r: not so: 1 subject",
          count: 1,
          about: ["Group admins", "User joe@pve", "ACL / group:admins"],
        },
      ],
    ],
    [
      "what is declared and stands is an error, of no change",
      admin,
      standing,
      [{ severity: "error", message: "p/r: not so: 1 subject", count: 1, about: [] }],
    ],
    [
      "with onFinding: hold it can't be held, and stops nothing",
      { ...admin, safety: { onFinding: "hold" } },
      standing,
      [
        {
          severity: "warning",
          message:
            "p/r: not so: 1 subject; it stands on the server already, so that nothing of this plan could wait for it",
          count: 1,
          about: [],
        },
      ],
    ],
    [
      "what stands and nobody declares is a warning",
      {},
      alien,
      [
        {
          severity: "warning",
          message: "p/r: not so: 1 subject; it stands on the server already, and no manifest declares it",
          count: 1,
          about: [],
        },
      ],
    ],
    [
      "a membership that a manifest declares is behind it, whoever made the entry",
      { users: { "joe@pve": {} }, groups: { admins: { members: ["joe@pve"] } } },
      standing,
      [{ severity: "error", message: "p/r: not so: 1 subject", count: 1, about: [] }],
    ],
    [
      "both at once are two findings",
      admin,
      alien,
      [
        {
          severity: "error",
          message: "p/r: not so: 1 subject",
          count: 1,
          about: ["Group admins", "User joe@pve", "ACL / group:admins"],
        },
        {
          severity: "warning",
          message: "p/r: not so: 1 subject; it stands on the server already, and no manifest declares it",
          count: 1,
          about: [],
        },
      ],
    ],
    ["what the plan ends is no more", { users: { "mallory@pve": { ensure: "absent" } } }, alien, []],
    [
      "who is enabled comes to hold what he did not: brought, although nobody declares his entry",
      { users: { "mallory@pve": { enabled: true } } },
      {
        users: [aUser("mallory@pve", { enabled: false })],
        acl: [["/", "user:mallory@pve", "Administrator"]],
      },
      [
        {
          severity: "error",
          message: "p/r: not so: 1 subject",
          count: 1,
          about: ["User mallory@pve"],
        },
      ],
    ],
    [
      "so does whom a role comes to give more",
      { roles: { Ops: ["Permissions.Modify"] } },
      { users: ["mallory@pve"], roles: { Ops: ["VM.Audit"] }, acl: [["/vms", "user:mallory@pve", "Ops"]] },
      [{ severity: "error", message: "p/r: not so: 1 subject", count: 1, about: ["Role Ops"] }],
    ],
  ])("%s", (_, desired, live, expected) => expect(judged(desired, live)).toEqual(expected));

  test("an object that must be otherwise: its own change waits", () => {
    const policies = [aRequirement({ kind: "privilege-separation" }, { except: caller })];
    const result = judge(
      {
        users: { "ci@pve": {} },
        tokens: { "ci@pve!new": { privilegeSeparation: false, expire: 0 } },
        policies,
      },
      { users: ["ci@pve"], tokens: [aToken("ci@pve!new", { privilegeSeparation: true })] },
    );
    expect(foundOf("policy-require", result)).toMatchObject([
      { severity: "error", about: ["Token ci@pve!new"] },
    ]);
  });

  test("an approval counts subjects", () => {
    const desired = { ...admin, policies: [aDenial(grants)] };
    const approved = (most: number): readonly string[] =>
      foundOf("policy-deny", judge(desired, {}, { approvals: new Map([["policy-deny", most]]) })).map(
        ({ severity }) => severity,
      );
    expect(approved(1)).toEqual(["warning"]);
    expect(approved(0)).toEqual(["error"]);
  });
});
