import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess } from "../../src/access/lookup.ts";
import { Trial } from "../../src/access/trial.ts";
import { isUsable } from "../../src/access/usable.ts";
import type { AccessState } from "../../src/model/access-state.ts";
import type { AuthId } from "../../src/model/ids.ts";
import { pve } from "../../src/model/pve.ts";
import type { Write } from "../../src/plan/plan.ts";
import { applyWrite } from "../../src/plan/simulate.ts";
import { tryWrite } from "../../src/plan/try-write.ts";
import { adopted } from "../support/adopted.ts";
import { stateFrom, strangeEnds } from "../support/arbitrary-ends.ts";
import { aReadOf, planBetween } from "../support/desired-builders.ts";

const nowSeconds = Date.UTC(2026, 0, 1) / 1000;
const paths = ["/", "/vms", "/vms/100", "/vms/100/fresh"].map(pve.normalizeAclPath);

function writesBetween(before: AccessState, after: AccessState): readonly Write[] {
  return planBetween(adopted(after), aReadOf(before)).operations;
}

/** What everybody can use, asked of a trial and of an index that is made anew. */
function expectSame(trial: Trial, state: AccessState): void {
  const index = indexAccess(state);
  const ids: AuthId[] = [...state.users.keys(), ...state.tokens.keys()];
  for (const id of ids) {
    for (const path of paths) {
      const held = isUsable(state, id, nowSeconds) ? effectivePrivileges(index, id, path) : new Map();
      expect([id, path, [...trial.held(id, path)].sort()]).toEqual([id, path, [...held].sort()]);
    }
  }
}

test("a state that writes are tried on answers as one that they were carried out on, there and back", () => {
  fc.assert(
    fc.property(strangeEnds, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (ends, choices) => {
      const [before, after] = [stateFrom(ends.before), stateFrom(ends.after)];
      const trial = new Trial(before, nowSeconds);
      let state = before;
      const kept: (readonly [undo: () => void, state: AccessState])[] = [];
      for (const [index, write] of [
        ...writesBetween(before, after),
        ...writesBetween(after, before),
      ].entries()) {
        const undo = tryWrite(trial, write);
        expectSame(trial, applyWrite(state, write));
        // What is created stays: a server takes no entry of what is not there.
        if (choices[index % choices.length] === true && !write.kind.startsWith("create-")) undo();
        else {
          kept.push([undo, state]);
          state = applyWrite(state, write);
        }
        expectSame(trial, state);
      }
      for (const [undo, earlier] of kept.toReversed()) {
        undo();
        expectSame(trial, earlier);
      }
    }),
    { numRuns: 60 },
  );
});
