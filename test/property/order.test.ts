import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import { isTokenId, ownerOf, type AuthId } from "../../src/model/ids.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { arbitraryWish } from "../support/arbitrary-desired.ts";
import { arbitraryPools, pooledPaths } from "../support/arbitrary-pools.ts";
import { aDesiredState, aReadOf, planBetween } from "../support/desired-builders.ts";
import { aState } from "../support/builders.ts";

/** `joe@pve /vms VM.Audit` of everybody who can log in. */
function held(state: AccessState, paths: readonly string[]): ReadonlySet<string> {
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

/** `after write 2: excess joe@pve /vms VM.Audit`: what is held and at neither end, and what is at both and not held. */
function faultsOf(plan: Plan, paths: readonly string[]): readonly string[] {
  const [before, after] = [held(plan.before, paths), held(plan.after, paths)];
  let now = plan.before;
  return plan.operations.flatMap((operation, index) => {
    now = applyWrite(now, operation);
    const holds = held(now, paths);
    const excess = [...holds].filter((row) => !before.has(row) && !after.has(row));
    const gap = [...before].filter((row) => after.has(row) && !holds.has(row));
    const at = `after write ${index + 1}`;
    return [...excess.map((row) => `${at}: excess ${row}`), ...gap.map((row) => `${at}: gap ${row}`)];
  });
}

function isTold({ findings }: Plan): boolean {
  return findings.some(({ code }) => code.startsWith("transient-"));
}

test("no prefix of a plan gives anybody what neither end gives, nor takes what both give, unless the plan says so", () => {
  const paths = ["/", "/vms", "/vms/100", "/vms/101", "/storage", "/storage/local", "/nodes"];
  const pools = ["/pool", "/pool/p", "/pool/p/s", "/pool/q", "/pool/new"];
  fc.assert(
    fc.property(arbitraryWish, ({ wish, state }) => {
      const plan = planBetween(aDesiredState(wish), aReadOf(aState(state)));
      fc.pre(!isTold(plan) && !plan.findings.some(({ severity }) => severity === "error"));
      expect(faultsOf(plan, [...paths, ...pools])).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("nor where guests and storages move between pools, in one write or two; and what it says is so", () => {
  fc.assert(
    fc.property(arbitraryPools, ({ wish, state, version }) => {
      const plan = planBetween(aDesiredState(wish), { ...aReadOf(aState(state)), version });
      const faults = faultsOf(plan, pooledPaths);
      if (isTold(plan)) expect(faults).not.toEqual([]);
      else expect(faults).toEqual([]);
    }),
    { numRuns: 250 },
  );
});
