import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { effectivePrivileges } from "../../src/access/effective.ts";
import { holderOf } from "../../src/access/holder.ts";
import { indexAccess, type AccessIndex } from "../../src/access/lookup.ts";
import { reachOf, seek, type Reach } from "../../src/access/reach.ts";
import type { AuthId } from "../../src/model/ids.ts";
import { compileGlob, type Glob } from "../../src/support/glob.ts";
import { arbitraryState, paths } from "../support/arbitrary-state.ts";

const arbitraryIndex = arbitraryState.map(indexAccess);
const arbitraryGlobs = fc
  .uniqueArray(
    fc.constantFrom(
      "/**",
      "**",
      "/",
      "/vms",
      "/vms/*",
      "/vms/1*",
      "/vms/100",
      "/vms/100/**",
      "/*/100",
      "/*/*/deep",
      "/pool/**",
      "/storage/l*",
      "/nodes/**",
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((texts) => texts.map((text) => compileGlob(text)));

/** Named and not, at the places where anything could be different. */
const universe = [
  ...paths,
  "/nodes",
  "/storage",
  ...["/new", "/vms/1", "/vms/199", "/vms/100/x", "/vms/100/deep/x", "/pool/new", "/storage/lx", "/nodes/n1"],
];

function idsOf({ state }: AccessIndex): AuthId[] {
  return [...state.users.keys(), ...state.tokens.keys()];
}

function reachOfAudit(index: AccessIndex, id: AuthId, globs: readonly Glob[]): readonly Reach[] {
  return reachOf(
    index,
    holderOf(index, id),
    seek(globs, (name) => name === "VM.Audit"),
  );
}

function holdsAudit(index: AccessIndex, id: AuthId, path: string): boolean {
  return [...effectivePrivileges(index, id, path).keys()].some((name) => name === "VM.Audit");
}

test("who holds it on a path that a glob takes is found, and nobody who doesn't", () => {
  fc.assert(
    fc.property(arbitraryIndex, arbitraryGlobs, (index, globs) => {
      for (const id of idsOf(index)) {
        const held = universe.filter(
          (path) => globs.some((glob) => glob.takes(path)) && holdsAudit(index, id, path),
        );
        const found = reachOfAudit(index, id, globs);
        if (held.length > 0) expect({ id, held, found: found.length > 0 }).toMatchObject({ found: true });
        for (const { path } of found)
          expect({ id, path, holds: holdsAudit(index, id, path) }).toMatchObject({ holds: true });
      }
    }),
    { numRuns: 300 },
  );
});

test("of a single path, exactly who holds it there", () => {
  fc.assert(
    fc.property(arbitraryIndex, fc.constantFrom(...universe), (index, path) => {
      for (const id of idsOf(index)) {
        expect(reachOfAudit(index, id, [compileGlob(path)]).length > 0).toBe(holdsAudit(index, id, path));
      }
    }),
    { numRuns: 300 },
  );
});
