import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectivePermissions, effectivePrivileges } from "../../../src/access/effective.ts";
import {
  explainAt,
  explainEverywhere,
  explainPlaces,
  type Statement,
} from "../../../src/access/everywhere.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { nodesOf } from "../../../src/access/nodes.ts";
import { pve } from "../../../src/model/pve.ts";
import { arbitraryState } from "../../support/arbitrary-state.ts";
import { aPool, aState, aUserId, type TerseState } from "../../support/builders.ts";

function statementsOf(terse: TerseState): string[] {
  const index = indexAccess(aState({ users: ["joe@pve"], groups: { ops: ["joe@pve"] }, ...terse }));
  return explainEverywhere(index, aUserId("joe@pve")).map(inShort);
}

function inShort({ path, extent, explanation }: Statement): string {
  return `${extent} ${path}: ${[...explanation.privileges.keys()].join(" ")}`;
}

const roles = { A: ["VM.Audit"], B: ["VM.Console"] };

describe("a path is named where something else holds on it or below it", () => {
  test.each<{ title: string; state: TerseState; statements: string[] }>([
    { title: "nothing anywhere", state: {}, statements: [] },
    {
      title: "an inherited role is said once",
      state: { acl: [["/vms", "group:ops", "A"]], pools: [aPool("dev", [100])] },
      statements: ["here-and-below /vms: VM.Audit"],
    },
    {
      title: "an entry that ends at its path lets what is above hold below it",
      state: {
        acl: [
          ["/", "group:ops", "A"],
          ["/vms", "user:joe@pve", "B", false],
        ],
      },
      statements: ["here-and-below /: VM.Audit", "here /vms: VM.Console"],
    },
    {
      title: "what begins below a path",
      state: {
        acl: [
          ["/vms", "group:ops", "A"],
          ["/vms", "user:joe@pve", "NoAccess", false],
        ],
      },
      statements: ["here /vms: ", "below /vms: VM.Audit"],
    },
    {
      title: "a refusal below a grant",
      state: {
        acl: [
          ["/vms", "group:ops", "A"],
          ["/vms/100", "group:ops", "NoAccess"],
        ],
      },
      statements: ["here-and-below /vms: VM.Audit", "here-and-below /vms/100: "],
    },
    {
      title: "a pool gives on its members, not below them",
      state: { acl: [["/pool/dev", "group:ops", "A"]], pools: [aPool("dev", [100])] },
      statements: ["here-and-below /pool/dev: VM.Audit", "here /vms/100: VM.Audit"],
    },
  ])("$title", ({ state, statements }) => {
    expect(statementsOf({ roles, ...state })).toEqual(statements);
  });
});

test("the statements alone tell what holds on every path, and below every path", () => {
  fc.assert(
    fc.property(arbitraryState, (state) => {
      const index = indexAccess(state);
      for (const id of [...state.users.keys(), ...state.tokens.keys()]) {
        const statements = explainEverywhere(index, id);
        for (const path of [...index.places.keys()].flatMap((one) => [
          one,
          `${one === "/" ? "" : one}/new`,
        ])) {
          const told = [...(toldBy(statements, path)?.explanation.privileges.keys() ?? [])];
          const held = [...effectivePrivileges(index, id, path).keys()];
          expect({ id, path, held: told.sort() }).toEqual({ id, path, held: held.sort() });
        }
      }
    }),
    { numRuns: 100 },
  );
});

/** As a reader takes them: the nearest that speaks of the path. */
function toldBy(statements: readonly Statement[], path: string): Statement | undefined {
  for (const [distance, node] of nodesOf(path).entries()) {
    const extent = distance === 0 ? "here" : "below";
    const found = statements.find(
      (one) => one.path === node && (one.extent === "here-and-below" || one.extent === extent),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

test("of one path it is said what holds, whatever is said of those above it", () => {
  const index = indexAccess(aState({ users: ["joe@pve"], roles, acl: [["/", "user:joe@pve", "A"]] }));
  const path = pve.normalizeAclPath("/vms");
  expect(explainAt(index, aUserId("joe@pve"), path).map(inShort)).toEqual(["here-and-below /vms: VM.Audit"]);
});

test("the places are those of the server's answer, and those where something is refused", () => {
  fc.assert(
    fc.property(arbitraryState, (state) => {
      const index = indexAccess(state);
      for (const id of state.users.keys()) {
        const held = explainPlaces(index, id).filter(({ privileges }) => privileges.size > 0);
        expect(held.map(({ path }) => path)).toEqual([...effectivePermissions(index, id).keys()].sort());
      }
    }),
    { numRuns: 50 },
  );
});
