import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import { isTokenId, ownerOf, type AuthId } from "../../src/model/ids.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { arbitraryWish } from "../support/arbitrary-desired.ts";
import { aDesiredState, aReadOf, planBetween } from "../support/desired-builders.ts";
import { aState } from "../support/builders.ts";

const paths = ["/", "/vms", "/vms/100", "/storage", "/nodes"];

/** `joe@pve /vms VM.Audit` of everybody who can log in. */
function held(state: AccessState): ReadonlySet<string> {
  const index = indexAccess(state);
  const canLogIn = (id: AuthId): boolean =>
    state.users.get(isTokenId(id) ? ownerOf(id) : id)?.enabled === true;
  const rows = [...state.users.keys(), ...state.tokens.keys()]
    .filter(canLogIn)
    .flatMap((id) =>
      paths.flatMap((path) =>
        [...effectivePrivileges(index, id, path).keys()].map((word) => `${id} ${path} ${word}`),
      ),
    );
  return new Set(rows);
}

test("no prefix of a plan gives anybody what neither end gives, nor takes what both give, unless the plan says so", () => {
  fc.assert(
    fc.property(arbitraryWish, ({ wish, state }) => {
      const plan = planBetween(aDesiredState(wish), aReadOf(aState(state)));
      fc.pre(
        !plan.findings.some(({ severity, code }) => severity === "error" || code.startsWith("transient-")),
      );
      const [before, after] = [held(plan.before), held(plan.after)];
      let now = plan.before;
      for (const operation of plan.operations) {
        now = applyWrite(now, operation);
        const holds = held(now);
        expect([...holds].filter((row) => !before.has(row) && !after.has(row))).toEqual([]);
        expect([...before].filter((row) => after.has(row) && !holds.has(row))).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});
