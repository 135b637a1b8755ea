// In: nothing. Out: realms as manifests may want them, and as a server may have them, with names so few that every rule meets
// every other. Must not know: what a law says.

import fc from "fast-check";
import type { Realm, Setting } from "../../src/model/access-state.ts";
import { pve } from "../../src/model/pve.ts";
import { aRealm } from "./builders.ts";
import type { TerseDesired } from "./desired-builders.ts";

const names = ["ldap-1", "ad-1", "sso", "pve"] as const;
const types = { "ldap-1": "ldap", "ad-1": "ad", sso: "openid", pve: "pve" } as const;
const required = {
  ldap: { base_dn: "dc=d", server1: "h", user_attr: "uid" },
  ad: { domain: "d", server1: "h" },
  openid: { "client-id": "c", "issuer-url": "u" },
  pve: {},
} as const;

/** Options that may come and go. */
const values: Readonly<Record<string, fc.Arbitrary<Setting | undefined>>> = {
  verify: fc.constantFrom(true, false, undefined),
  port: fc.constantFrom(389, 636, undefined),
  filter: fc.constantFrom("(a=b)", undefined),
  mode: fc.constantFrom("ldap", "ldaps"),
  autocreate: fc.constantFrom(true, false, undefined),
  prompt: fc.constantFrom("login", undefined),
  tfa: fc.constantFrom("type=oath", "id=1,type=yubico", "id=2,type=yubico", undefined),
};

function optionsFor(type: string): fc.Arbitrary<Readonly<Record<string, Setting | undefined>>> {
  const own = Object.entries(values).filter(([name]) => pve.realms.options.get(name)?.types.includes(type));
  return fc.record(Object.fromEntries(own), { requiredKeys: [] });
}

const job = fc.record({
  schedule: fc.constantFrom("daily", "hourly"),
  scope: fc.constantFrom("both", "users"),
  removeVanished: fc.constantFrom("none", "entry"),
  enabled: fc.boolean(),
});
const declaredJob = fc
  .tuple(job, fc.constantFrom({}, { enableNew: true }, { enableNew: false }))
  .map(([one, enableNew]) => ({ ...one, ...enableNew }));

function isSynchronised(type: string): boolean {
  return pve.realms.synchronised.includes(type);
}

function isYubico(setting: Setting | undefined): boolean {
  return String(setting).includes("yubico");
}

/** The variable that the key of a second factor is read from. */
export const keyVariable = "ROLECALL_SECRET_YUBICO";

type DesiredRealms = NonNullable<TerseDesired["realms"]>;

export const desiredRealms: fc.Arbitrary<DesiredRealms> = fc
  .tuple(
    fc.constantFrom(...names, undefined),
    ...names.map((name) => {
      const type = types[name];
      return fc.option(
        fc.record({
          ensure:
            name === "pve"
              ? fc.constant("present" as const)
              : fc.constantFrom("present" as const, "absent" as const),
          comment: fc.constantFrom("x", "", undefined),
          options: optionsFor(type),
          sync: isSynchronised(type)
            ? fc.option(fc.oneof(declaredJob, fc.constant("absent" as const)), { nil: undefined })
            : fc.constant(undefined),
        }),
        { nil: undefined },
      );
    }),
  )
  .map(([marked, ...realms]) => {
    const entries = names.flatMap((name, index) => {
      const one = realms[index];
      if (one === undefined) return [];
      const { comment, sync, options, ensure } = one;
      const type = types[name];
      const realm = {
        ensure,
        type,
        options: { ...required[type], ...options },
        ...(isYubico(options["tfa"]) && { secrets: { "tfa-key": keyVariable } }),
        ...(comment !== undefined && { comment }),
        ...(sync !== undefined && { sync }),
        ...(marked === name && { isDefault: true }),
      };
      return [[name, realm] as const];
    });
    return Object.fromEntries(entries);
  });

/** As the server would have it: with nothing that is undefined, sorted. */
export const liveRealms: fc.Arbitrary<readonly Realm[]> = fc
  .tuple(
    fc.constantFrom(...names, undefined),
    ...names.map((name) =>
      fc.option(
        fc.record({
          comment: fc.constantFrom("", "y"),
          options: optionsFor(types[name]),
          jobs: fc.array(declaredJob, { maxLength: 2 }),
        }),
        { nil: undefined, freq: name === "pve" ? 1000 : 3 },
      ),
    ),
  )
  .map(([marked, ...realms]) =>
    names.flatMap((name, index): Realm[] => {
      const one = realms[index];
      if (one === undefined) return [];
      const type = types[name];
      const all: Readonly<Record<string, Setting | undefined>> = { ...required[type], ...one.options };
      const options = Object.entries(all).filter(
        (entry): entry is [string, Setting] => entry[1] !== undefined,
      );
      return [
        {
          ...aRealm(name, type),
          comment: one.comment || (pve.realms.builtInComments.get(name) ?? ""),
          ...(marked === name && { isDefault: true as const }),
          options: Object.fromEntries(options.sort(([a], [b]) => (a < b ? -1 : 1))),
          syncJobs: isSynchronised(type)
            ? one.jobs.map((each, number) => ({ id: `job-${name}-${number}`, comment: "", ...each }))
            : [],
        },
      ];
    }),
  );
