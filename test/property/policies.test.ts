import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { indexAccess } from "../../src/access/lookup.ts";
import { whoCan } from "../../src/access/who-can.ts";
import { judgeOffline } from "../../src/guard/policy/judge-policies.ts";
import { subjectKey } from "../../src/model/ids.ts";
import type { DesiredState } from "../../src/model/desired.ts";
import type { Policy } from "../../src/model/policy.ts";
import { pve } from "../../src/model/pve.ts";
import type { Finding } from "../../src/plan/plan.ts";
import { arbitraryLive, arbitraryWish } from "../support/arbitrary-desired.ts";
import { arbitraryState, paths } from "../support/arbitrary-state.ts";
import { aDesiredState, aPlace, aPrivilege } from "../support/desired-builders.ts";
import { foundOf, judge } from "../support/judged.ts";
import { aDenial, aRequirement, aSeparation } from "../support/policies.ts";

const everything = { privileges: ["*"], paths: ["/**"] };

const all = [
  aDenial(everything),
  aDenial({ privileges: ["VM.*"], paths: ["/vms/1*"], subjects: ["group:g1"] }),
  aSeparation({ privileges: ["VM.Audit"] }, { privileges: ["Sys.Audit"] }),
  aRequirement({ kind: "privilege-separation" }),
  aRequirement({ kind: "comment", globs: ["one"] }, { subjects: ["**"] }),
  aRequirement({ kind: "expire-within", seconds: 60, words: "60s" }, { subjects: ["**"] }),
  aRequirement({ kind: "entry-subjects", kinds: ["group"], paths: ["/**"] }),
].map((policy, index): Policy => ({ ...policy, name: `p${index}` }));

function found(
  policies: readonly Policy[],
  run: { readonly wish: object; readonly state: object },
): readonly Finding[] {
  return judge({ ...run.wish, policies }, run.state).findings.filter(({ code }) =>
    code.startsWith("policy-"),
  );
}

test("rules that except everybody find nothing", () => {
  const excepting = all.map((policy) => ({
    ...policy,
    rules: policy.rules.map((rule) => ({ ...rule, except: ["**"] })),
  }));
  fc.assert(
    fc.property(arbitraryWish, (run) => {
      expect(found(excepting, run)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("policies change nothing but findings, in whatever order they and their rules stand", () => {
  fc.assert(
    fc.property(
      arbitraryWish,
      fc.shuffledSubarray([...all], { minLength: all.length }),
      ({ wish, state }, shuffled) => {
        const [plain, first, second] = [[], all, shuffled].map((policies) =>
          judge({ ...wish, policies }, state),
        );
        expect(first?.plan.operations).toEqual(plain?.plan.operations);
        expect(first?.findings).toEqual(second?.findings);
      },
    ),
    { numRuns: 60 },
  );
});

test("every violation names somebody, and every error one that manifests or the plan bring about", () => {
  fc.assert(
    fc.property(arbitraryWish, (run) => {
      for (const { details = [], count, message, severity } of found(all, run)) {
        const subjects = new Set(details.flatMap((detail) => detail.subjects));
        expect({ message, count }).toEqual({ message, count: subjects.size });
        expect(count).toBeGreaterThan(0);
        if (message.includes("no manifest declares it")) expect(severity).toBe("warning");
      }
    }),
    { numRuns: 60 },
  );
});

test("where nothing is declared and nothing changes, nothing is refused", () => {
  fc.assert(
    fc.property(arbitraryLive, (live) => {
      const judged = judge({ policies: all }, live);
      for (const code of ["policy-deny", "policy-separate", "policy-require"]) {
        for (const { severity } of foundOf(code, judged)) expect(severity).toBe("warning");
      }
    }),
    { numRuns: 60 },
  );
});

const undeclared: DesiredState = aDesiredState();

/** All entries and objects of the state as if manifests had them. */
function declaring(
  state: ReturnType<typeof indexAccess>["state"],
  policies: readonly Policy[],
): DesiredState {
  const source = aPlace("a");
  return {
    ...undeclared,
    policies,
    acl: state.acl.map(({ path, subject, role, propagate }) => ({
      path,
      subject,
      ensure: "present",
      grants: [{ role, propagate, source }],
      revoked: [],
      outside: [],
      declaredBy: ["a"],
      source,
    })),
  };
}

test("denied on one path are those who can, but the superuser", () => {
  fc.assert(
    fc.property(
      arbitraryState,
      fc.constantFrom(...paths, "/vms/999"),
      fc.constantFrom("VM.Audit", "VM.Console", "Sys.Audit"),
      (state, path, privilege) => {
        const policy = aDenial({ privileges: [privilege], paths: [path] });
        const [finding] = judgeOffline(declaring(state, [policy]), state, {
          nowSeconds: 1,
          superuser: pve.superuser,
        });
        const able = whoCan(indexAccess(state), aPrivilege(privilege), path, 1)
          .map(({ subject }) => subject)
          .filter((subject) => subject !== subjectKey({ kind: "user", id: pve.superuser }));
        const named = new Set((finding?.details ?? []).flatMap(({ subjects }) => subjects));
        expect([...named].sort()).toEqual(able);
      },
    ),
    { numRuns: 300 },
  );
});
