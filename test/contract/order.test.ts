// The write-order scenarios, found by exhaustive search with the real permission code: for each, what every watched
// pair holds at both ends, and the least number of writes that is clean. The plan is carried out write by write, and
// everybody is looked at after each with the engine, not with the proof that made the order.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import { isUsable } from "../../src/access/usable.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import { pve } from "../../src/model/pve.ts";
import { canonicalState } from "../../src/plan/compare.ts";
import { makePlan } from "../../src/plan/make-plan.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { accessStateFrom } from "../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../src/usercfg/parse.ts";
import { releaseOf } from "../../src/usercfg/release.ts";
import { aRoleId, aTokenId, aUserId } from "../support/builders.ts";
import { aReadOf } from "../support/desired-builders.ts";
import { desiredAt } from "../../src/desired/at-instant.ts";
import { buildFiles } from "../support/manifest-text.ts";

interface Expected {
  readonly watch: readonly (readonly [string, string])[];
  readonly before: Readonly<Record<string, readonly string[]>>;
  readonly after: Readonly<Record<string, readonly string[]>>;
  readonly bothFree: boolean;
  readonly batch?: { readonly bothFree: boolean };
  readonly minWritesBothFree: number | null;
  readonly withTemporaryObjects?: Readonly<
    Record<string, { readonly possible: boolean; readonly writes: number }>
  >;
}

const folder = new URL("recordings/order/", import.meta.url);
const nowSeconds = Date.UTC(2026, 10, 22) / 1000;

function read(scenario: string, file: string): string {
  return readFileSync(new URL(`${scenario}/${file}`, folder), "latin1");
}

function stateOf(scenario: string, file: string): AccessState {
  const release = releaseOf("9.2.11");
  if (!release) throw new Error("no release 9.2.11");
  return accessStateFrom(parseUserCfg(read(scenario, file), release), release);
}

function heldIn(state: AccessState, watch: Expected["watch"]): ReadonlyMap<string, readonly string[]> {
  const index = indexAccess(state);
  return new Map(
    watch.map(([who, path]) => {
      const id = who.includes("!") ? aTokenId(who) : aUserId(who);
      const held = isUsable(state, id, nowSeconds) ? [...effectivePrivileges(index, id, path).keys()] : [];
      return [`${who} ${path}`, held];
    }),
  );
}

/** What is held and at neither end, and what is at both ends and not held. */
function faultsOf(state: AccessState, expected: Expected): readonly string[] {
  return [...heldIn(state, expected.watch)].flatMap(([pair, held]) => {
    const [before, after] = [expected.before[pair] ?? [], expected.after[pair] ?? []];
    const excess = held.filter((one) => !before.includes(one) && !after.includes(one));
    const gap = before.filter((one) => after.includes(one) && !held.includes(one));
    return [...excess.map((one) => `excess ${pair} ${one}`), ...gap.map((one) => `gap ${pair} ${one}`)];
  });
}

describe("the write-order scenarios", () => {
  test.each(readdirSync(folder))("%s", (scenario) => {
    // Proof: the recordings are of this shape, and a missing field fails the comparison.
    const expected = JSON.parse(read(scenario, "expect.json")) as Expected;
    const text = read(scenario, "manifests.yaml").replaceAll("${ENDPOINT}", "http://127.0.0.1:8006");
    const [desired] = buildFiles({ "manifests.yaml": text }).states.map((state) => desiredAt(state, 0));
    if (!desired) throw new Error(`${scenario} has no target`);
    const live = aReadOf(stateOf(scenario, "before.user.cfg"));
    const supportedPrivileges = new Set(live.state.roles.get(aRoleId("Administrator"))?.privileges ?? []);
    const plan = makePlan({
      desired,
      live: { ...live, supportedPrivileges },
      product: pve,
      caller: pve.superuser,
      callers: [pve.superuser],
      nowSeconds,
    });

    let state = plan.before;
    const faults = plan.operations.flatMap((operation, index) => {
      state = applyWrite(state, operation);
      return faultsOf(state, expected).map((fault) => `after write ${index + 1}: ${fault}`);
    });
    expect(faults).toEqual([]);
    const bridged = Object.values(expected.withTemporaryObjects ?? {}).find(({ possible }) => possible);
    expect(plan.operations.length).toBe(expected.minWritesBothFree ?? bridged?.writes);
    expect(canonicalState(state)).toBe(canonicalState(stateOf(scenario, "after.user.cfg")));
  });
});
