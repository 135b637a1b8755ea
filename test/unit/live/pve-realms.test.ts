import { describe, expect, test } from "@jest/globals";
import type { Details } from "../../../src/live/pve-reads.ts";
import { readLiveState } from "../../../src/live/pve.ts";
import type { LiveState } from "../../../src/model/live-state.ts";
import { pve } from "../../../src/model/pve.ts";
import { ApiError, type ApiErrorKind } from "../../../src/proxmox/api-error.ts";
import { aRealmId } from "../../support/builders.ts";
import { cannedClient, freshReads, type CannedReads } from "../../support/canned-reads.ts";

const never = new AbortController().signal;
const realms = ["corp", "sso", "pam"].map(aRealmId);
const domains = [
  { realm: "sso", type: "openid", default: 1 },
  { realm: "pam", type: "pam", comment: "PAM" },
  { realm: "corp", type: "ldap", tfa: "oath" },
  { realm: "broken" },
];
const details: CannedReads = {
  "/access/domains": domains,
  "/access/domains/sso": {
    type: "openid",
    digest: "d",
    "issuer-url": "https://id",
    "client-id": "pve",
    "client-key": "k3y-that-nobody-sees",
    default: 1,
    autocreate: 1,
  },
  "/access/domains/pam": { type: "pam", digest: "d", plugin: "PVE::Auth::PAM", comment: "PAM" },
  "/access/domains/corp": {
    type: "ldap",
    digest: "d",
    server1: "h",
    port: "636",
    verify: 0,
    user_classes: "inetorgperson, person",
    "sync-defaults-options": "scope=both,remove-vanished=acl;entry",
    tfa: "type=yubico,id=1,key=k3y-that-nobody-sees",
    comment: "c",
  },
};

function read(
  reads: CannedReads,
  asked: Partial<Details> = {},
  fails: Readonly<Record<string, ApiErrorKind>> = {},
): Promise<LiveState> {
  const client = cannedClient({ ...freshReads, ...details, ...reads });
  const failing = {
    ...client,
    get: (path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown> => {
      const kind = fails[path];
      if (kind === undefined) return client.get(path, query, signal);
      const words = kind === "failed" ? "domain 'corp' does not exist" : kind;
      return Promise.reject(new ApiError(kind, { method: "GET", path }, { words }));
    },
  };
  return readLiveState(
    failing,
    pve,
    () => ({ pools: new Set(), realms: new Set(realms), syncJobs: "no", ...asked }),
    never,
  );
}

describe("realms", () => {
  test("options in one spelling, without secrets; what was not asked for is as listed", async () => {
    const { state } = await read({});
    expect(Object.fromEntries(state.realms)).toEqual({
      broken: { id: "broken", type: "", comment: "" },
      corp: {
        id: "corp",
        type: "ldap",
        comment: "",
        options: {
          port: 636,
          server1: "h",
          "sync-defaults-options": "remove-vanished=entry;acl,scope=both",
          tfa: "id=1,type=yubico",
          user_classes: "inetorgperson,person",
          verify: false,
        },
      },
      pam: { id: "pam", type: "pam", comment: "PAM", options: {} },
      sso: {
        id: "sso",
        type: "openid",
        comment: "",
        isDefault: true,
        options: { autocreate: true, "client-id": "pve", "issuer-url": "https://id" },
      },
    });
    expect(JSON.stringify([...state.realms])).not.toContain("nobody-sees");
  });

  test("jobs, by realm", async () => {
    const job = {
      id: "b",
      realm: "corp",
      schedule: "daily",
      scope: "both",
      enabled: 0,
      "remove-vanished": "acl;entry",
    };
    const jobs = [
      job,
      { id: "a", realm: "corp", schedule: "hourly", enabled: 1, "enable-new": 0 },
      { id: "z", realm: "gone", schedule: "daily" },
    ];
    const { state } = await read({ "/cluster/jobs/realm-sync": jobs }, { syncJobs: "needed" });
    expect(state.realms.get(aRealmId("corp"))?.syncJobs).toEqual([
      {
        id: "a",
        schedule: "hourly",
        scope: "",
        removeVanished: "none",
        enabled: true,
        enableNew: false,
        comment: "",
      },
      { id: "b", schedule: "daily", scope: "both", removeVanished: "entry;acl", enabled: false, comment: "" },
    ]);
    expect(state.realms.get(aRealmId("pam"))?.syncJobs).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, ApiErrorKind>>, string]>([
    ["a realm", { "/access/domains/corp": "forbidden" }, "realms Sys.Audit /access/realm"],
    ["jobs", { "/cluster/jobs/realm-sync": "forbidden" }, "sync jobs Sys.Audit /"],
  ])("%s that may not be seen is told", async (_, fails, told) => {
    const { incomplete } = await read({ "/cluster/jobs/realm-sync": [] }, { syncJobs: "needed" }, fails);
    expect(incomplete.map(({ list, privilege, path }) => `${list} ${privilege} ${path}`)).toEqual([told]);
  });

  test("one that is gone meanwhile is not there; another failure is one", async () => {
    const { state } = await read({}, {}, { "/access/domains/corp": "failed" });
    expect([...state.realms.keys()]).toEqual(["broken", "pam", "sso"]);
    await expect(read({}, {}, { "/access/domains/corp": "unreachable" })).rejects.toMatchObject({
      kind: "unreachable",
    });
  });

  test("jobs that would only be good to see may be hidden: then nothing is known of them", async () => {
    const fails = { "/cluster/jobs/realm-sync": "forbidden" } as const;
    const { incomplete, state } = await read({}, { syncJobs: "wanted" }, fails);
    expect(incomplete).toEqual([]);
    expect([...state.realms.values()].filter(({ syncJobs }) => syncJobs !== undefined)).toEqual([]);
  });

  test("a text of a second factor that makes no sense goes no further, since it may hold the key", async () => {
    const corp = { type: "ldap", digest: "d", tfa: "type=yubico,key=k3y-that, nobody-sees" };
    const { state } = await read({ "/access/domains/corp": corp });
    expect(state.realms.get(aRealmId("corp"))?.options).toEqual({});
  });
});
