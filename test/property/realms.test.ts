import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Realm, Setting } from "../../src/model/access-state.ts";
import { wordSetting } from "../../src/model/realm-scalars.ts";
import { parseSetting, settingFrom } from "../../src/model/realm-values.ts";
import { pve } from "../../src/model/pve.ts";
import { canonicalState } from "../../src/plan/compare.ts";
import { requestFor } from "../../src/plan/requests.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { aRealm } from "../support/builders.ts";
import { aDesiredState, aLiveState, planBetween, type TerseDesired } from "../support/desired-builders.ts";

const names = ["corp", "ad-1", "sso", "pve"] as const;
const types = { corp: "ldap", "ad-1": "ad", sso: "openid", pve: "pve" } as const;
const required = {
  ldap: { base_dn: "d", server1: "h", user_attr: "uid" },
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

type DesiredRealms = NonNullable<TerseDesired["realms"]>;

const desiredRealms: fc.Arbitrary<DesiredRealms> = fc
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
        ...(isYubico(options["tfa"]) && { secrets: { "tfa-key": "ROLECALL_SECRET_YUBICO" } }),
        ...(comment !== undefined && { comment }),
        ...(sync !== undefined && { sync }),
        ...(marked === name && { isDefault: true }),
      };
      return [[name, realm] as const];
    });
    return Object.fromEntries(entries);
  });

/** As the server would have it: with nothing that is undefined, sorted. */
const liveRealms: fc.Arbitrary<readonly Realm[]> = fc
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

describe("realms", () => {
  test("a plan carried out leads to what it says and to an empty plan, in one go", () => {
    fc.assert(
      fc.property(desiredRealms, liveRealms, (realms, live) => {
        const desired = aDesiredState({
          realms,
          prune: { realms: true },
          safety: { allowEmpty: ["realms"] },
          scope: { directories: [] },
        });
        const start = aLiveState({ realms: [...live] });
        const plan = planBetween(desired, start);
        expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
        const state = plan.operations.reduce(applyWrite, plan.before);
        expect(canonicalState(state)).toBe(canonicalState(plan.after));
        expect([...state.realms.values()].filter(({ isDefault }) => isDefault).length).toBeLessThan(2);
        expect(planBetween(desired, { ...start, state }).changes).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("no write sends an empty text", () => {
    fc.assert(
      fc.property(desiredRealms, liveRealms, (realms, live) => {
        const plan = planBetween(aDesiredState({ realms }), aLiveState({ realms: [...live] }));
        for (const write of plan.operations) {
          if (write.kind === "update-realm") expect(Object.values(write.set)).not.toContain("");
          if (write.kind === "create-realm")
            expect(Object.values(write.realm.options ?? {})).not.toContain("");
        }
      }),
    );
  });

  test("whatever sets a second factor with a key sends the key, and no request has one in its text", () => {
    fc.assert(
      fc.property(desiredRealms, liveRealms, (realms, live) => {
        const plan = planBetween(aDesiredState({ realms }), aLiveState({ realms: [...live] }));
        for (const operation of plan.operations) {
          const { tfa } = requestFor(operation).parameters;
          if (tfa === undefined) continue;
          expect(typeof tfa === "string" ? tfa : Object.keys(tfa)).toEqual(
            typeof tfa === "string" ? "type=oath" : ["startsWith", "endsInSecret"],
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  test("reading what a manifest's value is sent as gives the same value; nothing throws", () => {
    const forms = [...pve.realms.options.values()];
    const written = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.integer(),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...forms), written, (option, value) => {
        const setting = parseSetting(option.form, value);
        if (setting.ok) expect(settingFrom(option, wordSetting(setting.value))).toEqual(setting.value);
      }),
      { numRuns: 3000 },
    );
  });
});
