import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { wordSetting } from "../../src/model/realm-scalars.ts";
import { parseSetting, settingFrom } from "../../src/model/realm-values.ts";
import { pve } from "../../src/model/pve.ts";
import { canonicalState } from "../../src/plan/compare.ts";
import { requestFor } from "../../src/plan/requests.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { desiredRealms, liveRealms } from "../support/arbitrary-realms.ts";
import { aDesiredState, aLiveState, planBetween } from "../support/desired-builders.ts";

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
