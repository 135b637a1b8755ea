import { describe, expect, test } from "@jest/globals";
import { isDangerous } from "../../../src/access/dangerous.ts";
import { explain } from "../../../src/access/explain.ts";
import { isUsable } from "../../../src/access/usable.ts";
import { declaredIn } from "../../../src/guard/declared.ts";
import { gatherEvidence, type Evidence } from "../../../src/guard/evidence.ts";
import { findUndeclaredPrivileges } from "../../../src/guard/undeclared.ts";
import type { AclEntry } from "../../../src/model/access-state.ts";
import { subjectKey } from "../../../src/model/ids.ts";
import { accessStateFrom } from "../../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf } from "../../../src/usercfg/release.ts";
import { aPool, aRealm, aTokenId, aUser } from "../../support/builders.ts";
import {
  aDesiredState,
  aReadOf,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";
import { foundOf, judge } from "../../support/judged.ts";
import { recordedLines } from "../../support/recordings.ts";

const live: TerseLive = {
  users: ["anna@corp", "joe@pve"],
  groups: { admins: ["joe@pve"] },
  acl: [["/", "group:admins", "PVEUserAdmin"]],
  realms: [aRealm("corp", "ldap")],
};
const declared: TerseDesired = {
  groups: { admins: {} },
  acl: [["/", "group:admins", ["PVEUserAdmin"]]],
};
const member = "joe@pve is in group admins; group admins has PVEUserAdmin on / (";

const pooled: TerseDesired = {
  users: { "joe@pve": {} },
  acl: [["/pool/dev", "user:joe@pve", ["PVEVMAdmin"]]],
};
const pools: TerseLive = {
  users: ["joe@pve"],
  pools: [aPool("dev", [100, 101], ["local"]), aPool("dev/sub", [102])],
  acl: [["/pool/dev", "user:joe@pve", "PVEVMAdmin"]],
};
const inPools: [string, TerseDesired, TerseLive, readonly string[]][] = [
  [
    "guests that are in a pool by hand, and that a declared entry at it reaches",
    pooled,
    pools,
    [
      "/vms/100, /vms/101 are in /pool/dev; user joe@pve has PVEVMAdmin on /pool/dev (",
      "/vms/102 is in /pool/dev/sub; user joe@pve has PVEVMAdmin on /pool/dev (",
    ],
  ],
  [
    "guests that a pool declares, or that are left alone on purpose",
    { ...pooled, pools: { dev: { vms: [100, 101] }, "dev/sub": { ensure: "ignored" } } },
    pools,
    [],
  ],
  [
    "guests on which what the pool gives is refused",
    pooled,
    {
      ...pools,
      acl: [
        ...(pools.acl ?? []),
        ["/vms/100", "user:joe@pve", "NoAccess"],
        ["/vms/102", "user:joe@pve", "NoAccess"],
      ],
    },
    ["/vms/101 is in /pool/dev; user joe@pve has PVEVMAdmin on /pool/dev ("],
  ],
];

describe("undeclared-privilege", () => {
  test.each<[string, TerseDesired, TerseLive, readonly string[]]>([
    ["a member added by hand to a declared group", declared, live, [member]],
    [
      "a member whom a group declares",
      { ...declared, groups: { admins: { members: ["joe@pve"] } } },
      live,
      [],
    ],
    ["a member whom a Membership declares", { ...declared, memberships: [["admins", "joe@pve"]] }, live, []],
    ["a member who declares it", { ...declared, users: { "joe@pve": { groups: ["admins"] } } }, live, []],
    [
      "an entry of a directory's user",
      { ...declared, memberships: [["admins", "joe@pve"]] },
      { ...live, acl: [...(live.acl ?? []), ["/access", "user:anna@corp", "PVEUserAdmin"]] },
      ["user anna@corp has PVEUserAdmin on /access ("],
    ],
    [
      "an entry out of scope",
      { memberships: [["admins", "joe@pve"]], scope: { paths: { include: ["/vms/**"] } } },
      live,
      ["group admins has PVEUserAdmin on / ("],
    ],
    [
      "an entry that is left alone on purpose",
      { ...declared, acl: [["/", "group:admins", "ignored"]], memberships: [["admins", "joe@pve"]] },
      live,
      [],
    ],
    [
      "an entry that goes with this plan",
      { prune: { acl: true }, acl: [["/vms", "group:admins", ["PVEAuditor"]]] },
      live,
      [],
    ],
    ["a member who cannot log in", declared, { ...live, users: [aUser("joe@pve", { enabled: false })] }, []],
    [
      "an entry that is hidden by the member's own",
      declared,
      { ...live, acl: [...(live.acl ?? []), ["/", "user:joe@pve", "NoAccess"]] },
      [],
    ],
    ...inPools,
    ["a harmless entry", {}, { ...live, acl: [["/", "group:admins", "PVEAuditor"]] }, []],
    [
      "whom the target names as administrator",
      { ...declared, memberships: [["admins", "joe@pve"]], safety: { requireAdmin: ["user:anna@corp"] } },
      { ...live, acl: [...(live.acl ?? []), ["/", "user:anna@corp", "Administrator"]] },
      [],
    ],
  ])("%s", (_, desired, before, chains) => {
    const found = foundOf("undeclared-privilege", judge(desired, before));
    expect(found).toHaveLength(chains.length === 0 ? 0 : 1);
    for (const chain of chains) expect(found[0]?.message).toContain(chain);
    if (found[0]) expect(found[0]).toMatchObject({ severity: "warning", count: chains.length });
  });
});

test("what an entry gives is what explaining says that it gives, in every recorded state", () => {
  const release = releaseOf("9.2.11");
  if (release === undefined) throw new Error("no release 9.2.11");
  let told = 0;
  for (const { cfg } of recordedLines<{ readonly cfg: string }>("permissions/pve-random.jsonl")) {
    const state = accessStateFrom(parseUserCfg(cfg, release), release);
    const plan = planBetween(aDesiredState(), aReadOf(state));
    const evidence = gatherEvidence(plan, Date.UTC(2026, 0, 1) / 1000);
    const nothing = { ...declaredIn(aDesiredState()), hasMember: () => true };
    const named = { caller: aTokenId("rolecall@pve!gitops"), requireAdmin: [] };
    const [found] = findUndeclaredPrivileges(evidence, nothing, named);
    const chains = state.acl.filter((entry) => givesByExplaining(evidence, entry));
    told += chains.length;
    expect(found?.count ?? 0).toBe(chains.length);
  }
  expect(told).toBeGreaterThan(100);
});

function givesByExplaining({ after, nowSeconds }: Evidence, entry: AclEntry): boolean {
  const { subject, path, role } = entry;
  const ids = subject.kind === "group" ? (after.state.groups.get(subject.id)?.members ?? []) : [subject.id];
  return ids.some(
    (id) =>
      isUsable(after.state, id, nowSeconds) &&
      [...explain(after, id, path).privileges].some(
        ([privilege, { because }]) =>
          isDangerous(privilege) &&
          because.some(
            (reason) =>
              reason.kind === "entry" &&
              [reason.entry.path, reason.entry.role, subjectKey(reason.entry.subject)].join(" ") ===
                [path, role, subjectKey(subject)].join(" "),
          ),
      ),
  );
}
