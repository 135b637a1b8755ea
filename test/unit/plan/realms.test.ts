import { describe, expect, test } from "@jest/globals";
import type { Realm } from "../../../src/model/access-state.ts";
import type { ParameterValue, Plan } from "../../../src/plan/plan.ts";
import { canonicalState } from "../../../src/plan/compare.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import { applyWrite } from "../../../src/plan/simulate.ts";
import { aRealm, aRealmId } from "../../support/builders.ts";
import {
  aDesiredState,
  aLiveState,
  changesOf,
  findingsOf,
  planBetween,
  type TerseDesired,
  type TerseLive,
} from "../../support/desired-builders.ts";

interface Told {
  readonly desired: TerseDesired;
  readonly live?: TerseLive;
  readonly version?: string;
  readonly changes?: readonly string[];
  readonly requests?: readonly string[];
  readonly findings?: readonly string[];
}

function planOf({ desired, live = {}, version = "9.2.11" }: Told): Plan {
  return planBetween(aDesiredState(desired), { ...aLiveState(live), version });
}

function word(value: ParameterValue): string {
  if (typeof value === "string") return value;
  if ("secret" in value) return `<${value.secret}>`;
  if ("endsInSecret" in value) return `${value.startsWith}<${value.endsInSecret}>`;
  return "digestOf" in value ? `<digest of ${value.digestOf}>` : "<instant>";
}

function requestsOf({ operations }: Plan): readonly string[] {
  return operations.map((operation) => {
    const { method, path, parameters } = requestFor(operation);
    return [
      method,
      path,
      ...Object.entries(parameters).map(([name, value]) => `${name}=${word(value)}`),
    ].join(" ");
  });
}

const needed = { base_dn: "d", server1: "h", user_attr: "uid" };
const corp = (more: Partial<Realm> = {}): Realm => ({ ...aRealm("corp", "ldap"), options: needed, ...more });
const pve: Realm = { ...aRealm("pve", "pve"), comment: "Proxmox VE authentication server", options: {} };
const sync = { schedule: "daily", scope: "both", removeVanished: "entry", enabled: true };
const job = { id: "nightly", ...sync, comment: "" };
const yubico = {
  type: "ldap",
  options: { tfa: "id=1,type=yubico" },
  secrets: { "tfa-key": "ROLECALL_SECRET_YUBICO" },
};
const pruned = { prune: { realms: true, users: true } } as const;

describe("realms", () => {
  test.each<[string, Told]>([
    [
      "a new one, with its secret and its job; its users come after it",
      {
        desired: {
          users: { "anna@corp.x": {} },
          scope: { directories: ["corp.x"] },
          realms: {
            "corp.x": {
              type: "ldap",
              comment: "c",
              isDefault: true,
              options: { ...needed, verify: true, port: 636, "case-sensitive": true },
              secrets: { password: "ROLECALL_SECRET_LDAP" },
              sync,
            },
          },
        },
        changes: ["create Realm corp.x", "create User anna@corp.x"],
        requests: [
          "POST /access/domains realm=corp.x type=ldap base_dn=d port=636 server1=h user_attr=uid verify=1 comment=c default=1 password=<env ROLECALL_SECRET_LDAP>",
          "POST /cluster/jobs/realm-sync/realm-sync-corp-x realm=corp.x schedule=daily scope=both remove-vanished=entry enabled=1",
          "POST /access/users userid=anna@corp.x enable=1",
        ],
      },
    ],
    [
      "what is left out stays, what is null goes, and the digest goes along; no secret is sent again",
      {
        desired: {
          realms: {
            corp: {
              type: "ldap",
              options: { filter: undefined, port: 389 },
              secrets: { password: "ROLECALL_SECRET_LDAP" },
            },
          },
        },
        live: {
          realms: [
            corp({
              comment: "left",
              options: { base_dn: "d", filter: "(x=y)", server1: "h", user_attr: "uid", verify: true },
            }),
          ],
        },
        changes: ["update Realm corp"],
        requests: ["PUT /access/domains/corp port=389 delete=filter digest=<digest of corp>"],
      },
    ],
    [
      "a comment is cleared by taking it off",
      {
        desired: { realms: { corp: { type: "ldap", comment: "" } } },
        live: { realms: [corp({ comment: "old" })] },
        changes: ["update Realm corp"],
        requests: ["PUT /access/domains/corp delete=comment digest=<digest of corp>"],
      },
    ],
    [
      "a default is as good as nothing",
      {
        desired: { realms: { corp: { type: "ldap", options: { verify: false, mode: "ldap" } } } },
        live: { realms: [corp()] },
      },
    ],
    [
      "the comment of a built-in realm is cleared to what the server calls it",
      {
        desired: { realms: { pve: { type: "pve", comment: "" } } },
        live: { realms: [pve] },
      },
    ],
    [
      "the default moves by one write, which two changes share",
      {
        desired: { realms: { corp: { type: "ldap", isDefault: true } } },
        live: { realms: [corp(), { ...pve, isDefault: true }] },
        changes: ["update Realm corp", "update Realm pve"],
        requests: ["PUT /access/domains/corp default=1 digest=<digest of corp>"],
      },
    ],
    [
      "and is taken off where no other gets it",
      {
        desired: { realms: { pve: { type: "pve", isDefault: false } } },
        live: { realms: [{ ...pve, isDefault: true }] },
        changes: ["update Realm pve"],
        requests: ["PUT /access/domains/pve delete=default digest=<digest of pve>"],
      },
    ],
    [
      "another type",
      {
        desired: { realms: { corp: { type: "ad", comment: "c" } } },
        live: { realms: [corp()] },
        findings: ["error realm-type-fixed"],
      },
    ],
    [
      "too little for a new one",
      {
        desired: { realms: { corp: { type: "ldap", options: { server1: "h" } } } },
        findings: ["error realm-incomplete"],
      },
    ],
    [
      "what was fixed when it was made",
      {
        desired: { realms: { sso: { type: "openid", options: { "username-claim": "email" } } } },
        live: { realms: [{ ...aRealm("sso", "openid"), options: { "issuer-url": "u", "client-id": "c" } }] },
        findings: ["error realm-option-fixed"],
      },
    ],
    [
      "an option of a later release",
      {
        desired: { realms: { sso: { type: "openid", options: { audiences: "a" } } } },
        live: { realms: [{ ...aRealm("sso", "openid"), options: {} }] },
        version: "9.0.3",
        changes: ["(update Realm sso)"],
        findings: ["error realm-option-unsupported"],
      },
    ],
    [
      "a name that release 7 takes for none",
      {
        desired: { realms: { corp: { type: "ldap", options: { bind_dn: "admin@corp" } } } },
        live: { realms: [corp()] },
        version: "7.4-16",
        changes: ["(update Realm corp)"],
        findings: ["error realm-option-unsupported"],
      },
    ],
    [
      "a job on a release without",
      {
        desired: { realms: { corp: { type: "ldap", sync } } },
        live: { realms: [corp()] },
        version: "7.4-16",
        findings: ["error realm-option-unsupported"],
      },
    ],
    [
      "a job in a copy of files that has none: nothing is known",
      { desired: { realms: { corp: { type: "ldap", sync } } }, live: { realms: [corp()] } },
    ],
    [
      "one that comes to ask for a second factor, with a user whom the target needs",
      {
        desired: {
          realms: { pve: { type: "pve", options: { tfa: "type=oath" } } },
          safety: { requireAdmin: ["user:rolecall@pve"] },
        },
        live: {
          users: ["rolecall@pve"],
          acl: [["/", "user:rolecall@pve", "Administrator"]],
          realms: [{ ...aRealm("pve", "pve"), options: {} }],
        },
        changes: ["update Realm pve"],
        requests: [
          "PUT /access/domains/pve tfa=type=oath comment=Proxmox VE authentication server digest=<digest of pve>",
        ],
        findings: ["error realm-second-factor"],
      },
    ],
    [
      "one that the server can't read keeps all from being written",
      {
        desired: { realms: { corp: { type: "ldap", comment: "c" } } },
        live: { realms: [corp(), aRealm("broken", "")] },
        changes: ["(update Realm corp)"],
        findings: ["error realms-unreadable"],
      },
    ],
    [
      "a job is adopted by its realm, whatever its name",
      {
        desired: { realms: { corp: { type: "ldap", sync: { ...sync, schedule: "hourly" } } } },
        live: { realms: [corp({ syncJobs: [job] })] },
        changes: ["update Realm corp"],
        requests: [
          "PUT /cluster/jobs/realm-sync/nightly schedule=hourly scope=both remove-vanished=entry enabled=1 delete=comment",
        ],
      },
    ],
    [
      "of several one is kept as declared",
      {
        desired: { realms: { corp: { type: "ldap", sync } } },
        live: { realms: [corp({ syncJobs: [job, { ...job, id: "other", scope: "users" }] })] },
        findings: ["warning sync-jobs-several"],
      },
    ],
    [
      "none is wanted",
      {
        desired: { realms: { corp: { type: "ldap", sync: "absent" } } },
        live: { realms: [corp({ syncJobs: [job] })] },
        changes: ["update Realm corp"],
        requests: ["DELETE /cluster/jobs/realm-sync/nightly"],
      },
    ],
    [
      "its users stay without it, which is said",
      {
        desired: { realms: { corp: { ensure: "absent" } } },
        live: { users: ["anna@corp"], realms: [corp({ syncJobs: [job] })] },
        changes: ["delete Realm corp"],
        requests: ["DELETE /cluster/jobs/realm-sync/nightly", "DELETE /access/domains/corp"],
        findings: ["warning realm-strands-users"],
      },
    ],
    [
      "whom the target needs is not stranded",
      {
        desired: { realms: { corp: { ensure: "absent" } }, safety: { protect: ["user:anna@corp"] } },
        live: { users: ["anna@corp"], realms: [corp({ syncJobs: [] })] },
        changes: ["delete Realm corp"],
        requests: ["DELETE /access/domains/corp"],
        findings: ["error realm-strands-users"],
      },
    ],
    [
      "who would be left without one is pruned with it, and before it",
      {
        desired: { ...pruned, users: { "joe@pve": {} }, realms: { pve: { type: "pve" } } },
        live: { users: ["anna@corp", "joe@pve"], realms: [corp({ syncJobs: [job] }), pve] },
        changes: ["delete User anna@corp", "delete Realm corp"],
        requests: [
          "DELETE /access/users/anna%40corp",
          "DELETE /cluster/jobs/realm-sync/nightly",
          "DELETE /access/domains/corp",
        ],
      },
    ],
    [
      "a job that nobody could see is told of; the realm goes",
      {
        desired: { ...pruned, realms: { pve: { type: "pve" } } },
        live: { realms: [corp(), { ...aRealm("sso", "openid"), options: {} }, pve] },
        changes: ["delete Realm corp", "delete Realm sso"],
        requests: ["DELETE /access/domains/corp", "DELETE /access/domains/sso"],
        findings: ["warning sync-jobs-unseen"],
      },
    ],
    [
      "release 7 has no jobs that could stay behind",
      {
        desired: { realms: { corp: { ensure: "absent" } } },
        live: { realms: [corp()] },
        version: "7.4-16",
        changes: ["delete Realm corp"],
        requests: ["DELETE /access/domains/corp"],
      },
    ],
    [
      "whether fetched users may log in is kept where nobody says, and set where somebody does",
      {
        desired: {
          realms: {
            corp: { type: "ldap", sync: { ...sync, schedule: "hourly" } },
            "ad-1": { type: "ad", sync: { ...sync, enableNew: false } },
          },
        },
        live: {
          realms: [
            corp({ syncJobs: [{ ...job, enableNew: true }] }),
            { ...aRealm("ad-1", "ad"), options: {}, syncJobs: [{ ...job, id: "ad" }] },
          ],
        },
        changes: ["update Realm ad-1", "update Realm corp"],
        requests: [
          "PUT /cluster/jobs/realm-sync/ad schedule=daily scope=both remove-vanished=entry enabled=1 enable-new=0 delete=comment",
          "PUT /cluster/jobs/realm-sync/nightly schedule=hourly scope=both remove-vanished=entry enabled=1 enable-new=1 delete=comment",
        ],
      },
    ],
    [
      "a second factor with a key is sent whole, its key last",
      {
        desired: { realms: { corp: { ...yubico, options: { ...needed, ...yubico.options } } } },
        changes: ["create Realm corp"],
        requests: [
          "POST /access/domains realm=corp type=ldap base_dn=d server1=h tfa=id=1,type=yubico,key=<env ROLECALL_SECRET_YUBICO> user_attr=uid",
        ],
      },
    ],
    [
      "another second factor takes its key along, and no other secret",
      {
        desired: {
          realms: {
            corp: { ...yubico, secrets: { ...yubico.secrets, password: "ROLECALL_SECRET_LDAP" } },
          },
        },
        live: { realms: [corp({ options: { ...needed, tfa: "type=oath" } })] },
        changes: ["update Realm corp"],
        requests: [
          "PUT /access/domains/corp tfa=id=1,type=yubico,key=<env ROLECALL_SECRET_YUBICO> digest=<digest of corp>",
        ],
      },
    ],
    [
      "one that is as declared is left alone, whether its key is declared or not",
      {
        desired: {
          realms: { corp: yubico, pve: { type: "pve", options: yubico.options } },
        },
        live: {
          realms: [corp({ options: { ...needed, ...yubico.options } }), { ...pve, options: yubico.options }],
        },
      },
    ],
    [
      "one that changes would lose the key that nobody declares",
      {
        desired: { realms: { corp: { type: "ldap", options: yubico.options } } },
        live: { realms: [corp({ options: { ...needed, tfa: "id=2,type=yubico" } })] },
        changes: ["(update Realm corp)"],
        findings: ["error realm-secret-missing"],
      },
    ],
    [
      "and a new one is made without, so that nobody gets in",
      {
        desired: { realms: { corp: { type: "ldap", options: { ...needed, ...yubico.options } } } },
        changes: ["create Realm corp"],
        requests: [
          "POST /access/domains realm=corp type=ldap base_dn=d server1=h tfa=id=1,type=yubico user_attr=uid",
        ],
        findings: ["warning realm-secret-missing"],
      },
    ],
    [
      "away from one with a key there is nothing to declare",
      {
        desired: { realms: { corp: { type: "ldap", options: { tfa: undefined } } } },
        live: { realms: [corp({ options: { ...needed, ...yubico.options } })] },
        changes: ["update Realm corp"],
        requests: ["PUT /access/domains/corp delete=tfa digest=<digest of corp>"],
      },
    ],
    [
      "who binds as somebody else does it with another password",
      {
        desired: {
          realms: {
            corp: {
              type: "ldap",
              options: { bind_dn: "cn=b" },
              secrets: { password: "ROLECALL_SECRET_LDAP" },
            },
          },
        },
        live: { realms: [corp({ options: { ...needed, bind_dn: "cn=a" } })] },
        changes: ["update Realm corp"],
        requests: [
          "PUT /access/domains/corp bind_dn=cn=b password=<env ROLECALL_SECRET_LDAP> digest=<digest of corp>",
        ],
      },
    ],
    [
      "the server asks the directory first, where something is written",
      {
        desired: {
          realms: {
            corp: { type: "ldap", checksConnection: true, options: { port: 636 } },
            "ad-1": { type: "ad", checksConnection: true },
            new: { type: "ad", checksConnection: true, options: { server1: "h", domain: "d" } },
          },
        },
        live: { realms: [corp(), { ...aRealm("ad-1", "ad"), options: {} }] },
        changes: ["update Realm corp", "create Realm new"],
        requests: [
          "PUT /access/domains/corp port=636 check-connection=1 digest=<digest of corp>",
          "POST /access/domains realm=new type=ad domain=d server1=h check-connection=1",
        ],
      },
    ],
    [
      "a release that can't ask takes nothing unasked, and says nothing of what stays as it is",
      {
        desired: {
          realms: {
            corp: { type: "ldap", checksConnection: true, options: { port: 636 } },
            "ad-1": { type: "ad", checksConnection: true },
          },
        },
        live: { realms: [corp(), { ...aRealm("ad-1", "ad"), options: {} }] },
        version: "8.0.9",
        changes: ["(update Realm corp)"],
        findings: ["error realm-option-unsupported"],
      },
    ],
    [
      "a protected user keeps its realm",
      {
        desired: { ...pruned, realms: { pve: { type: "pve" } }, safety: { protect: ["user:anna@corp"] } },
        live: { users: ["anna@corp"], realms: [corp(), pve] },
      },
    ],
    [
      "a directory group that a new realm will bring is waited for",
      {
        desired: {
          roles: { R: ["VM.Audit"] },
          realms: { corp: { type: "ldap", options: needed } },
          acl: [["/vms", "group:staff-corp", ["R"]]],
        },
        live: { roles: { R: ["VM.Audit"] } },
        changes: ["create Realm corp", "(create ACL /vms group:staff-corp)"],
        requests: ["POST /access/domains realm=corp type=ldap base_dn=d server1=h user_attr=uid"],
        findings: ["warning directory-object-missing"],
      },
    ],
    [
      "a sync that takes away what Git grants",
      {
        desired: {
          roles: { R: ["VM.Audit"] },
          realms: { corp: { type: "ldap", sync: { ...sync, removeVanished: "entry;acl" } } },
          acl: [["/vms", "group:staff-corp", ["R"]]],
        },
        live: {
          roles: { R: ["VM.Audit"] },
          groups: { "staff-corp": [] },
          acl: [["/vms", "group:staff-corp", "R"]],
          realms: [corp({ syncJobs: [{ ...job, removeVanished: "entry;acl" }] })],
        },
        findings: ["warning sync-removes-entries"],
      },
    ],
    [
      "left alone by annotation",
      { desired: { realms: { corp: { type: "ad", ensure: "ignored" } } }, live: { realms: [corp()] } },
    ],
  ])("%s", (_, told) => {
    const plan = planOf(told);
    const { changes = [], requests = [], findings = [] } = told;
    expect(changesOf(plan)).toEqual(changes);
    expect(requestsOf(plan)).toEqual(requests);
    expect(findingsOf(plan)).toEqual(findings);
    const state = plan.operations.reduce(applyWrite, plan.before);
    expect(canonicalState(state)).toBe(canonicalState(plan.after));
  });

  test("a secret is set again when somebody asks, and by no other change", () => {
    const desired = aDesiredState({
      realms: { corp: { type: "ldap", secrets: { password: "ROLECALL_SECRET_LDAP" } } },
    });
    const live = aLiveState({ realms: [corp()] });
    expect(changesOf(planBetween(desired, live))).toEqual([]);
    const plan = planBetween(desired, live, { askedRealms: new Set([aRealmId("corp")]) });
    expect(requestsOf(plan)).toEqual([
      "PUT /access/domains/corp password=<env ROLECALL_SECRET_LDAP> digest=<digest of corp>",
    ]);
    expect(plan.changes[0]?.fields).toEqual([
      {
        field: "password",
        before: null,
        after: "set from env ROLECALL_SECRET_LDAP; it can't be read back",
      },
    ]);
  });

  test("a key that is set again is sent with what the server says beside it", () => {
    const desired = aDesiredState({
      realms: { corp: { ...yubico, secrets: { ...yubico.secrets, password: "ROLECALL_SECRET_LDAP" } } },
    });
    const live = aLiveState({ realms: [corp({ options: { ...needed, ...yubico.options } })] });
    const plan = planBetween(desired, live, { askedRealms: new Set([aRealmId("corp")]) });
    expect(requestsOf(plan)).toEqual([
      "PUT /access/domains/corp tfa=id=1,type=yubico,key=<env ROLECALL_SECRET_YUBICO> password=<env ROLECALL_SECRET_LDAP> digest=<digest of corp>",
    ]);
  });
});
