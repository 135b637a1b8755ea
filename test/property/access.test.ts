import { test } from "@jest/globals";
import fc from "fast-check";
import { effectivePermissions, effectivePrivileges } from "../../src/access/effective.ts";
import { indexAccess, type AccessIndex } from "../../src/access/lookup.ts";
import type { AuthId } from "../../src/model/ids.ts";
import { arbitraryState, arbitraryTerseState, paths } from "../support/arbitrary-state.ts";
import { anEntry, aState, aTokenId, aUserId } from "../support/builders.ts";

const subjects: readonly AuthId[] = [
  ...["a@pve", "b@pve", "c@pve"].map(aUserId),
  ...["a@pve!sep", "a@pve!full", "b@pve!sep", "root@pam!sep"].map(aTokenId),
];
const aSubjectAndPath = fc.tuple(fc.constantFrom(...subjects), fc.constantFrom(...paths));

function answers(index: AccessIndex): unknown {
  return subjects.map((id) => paths.map((path) => sorted(effectivePrivileges(index, id, path))));
}

function sorted(privileges: ReadonlyMap<string, boolean>): string[] {
  return [...privileges].map(([name, propagate]) => `${name} ${String(propagate)}`).sort();
}

test("a separated token holds nothing that its owner does not hold, nor further down", () => {
  fc.assert(
    fc.property(arbitraryState, fc.constantFrom("a@pve", "b@pve", "c@pve"), (state, owner) => {
      const index = indexAccess(state);
      return paths.every((path) => {
        const ofOwner = effectivePrivileges(index, aUserId(owner), path);
        const ofToken = effectivePrivileges(index, aTokenId(`${owner}!sep`), path);
        return [...ofToken].every(
          ([name, propagate]) => ofOwner.has(name) && (!propagate || ofOwner.get(name) === true),
        );
      });
    }),
  );
});

test("an entry for a stranger changes nothing for anybody else", () => {
  const stranger = fc.constantFrom("user:zed@pve", "group:zeds");
  fc.assert(
    fc.property(arbitraryState, stranger, fc.constantFrom(...paths), (state, subject, path) => {
      const acl = [...state.acl, anEntry(path, subject, "Administrator")];
      return same(answers(indexAccess(state)), answers(indexAccess({ ...state, acl })));
    }),
  );
});

test("the order of the entries says nothing", () => {
  fc.assert(
    fc.property(arbitraryState, (state) =>
      same(answers(indexAccess(state)), answers(indexAccess({ ...state, acl: [...state.acl].reverse() }))),
    ),
  );
});

test("NoAccess on the root alone, where nothing is granted deeper, leaves nothing to a user", () => {
  fc.assert(
    fc.property(arbitraryTerseState, aSubjectAndPath, (terse, [, path]) => {
      const index = indexAccess(aState({ ...terse, acl: [["/", "user:a@pve", "NoAccess"]] }));
      return effectivePrivileges(index, aUserId("a@pve"), path).size === 0;
    }),
  );
});

test("the whole answer is what is answered path by path, and holds no path without privileges", () => {
  fc.assert(
    fc.property(arbitraryState, fc.constantFrom(...subjects), (state, id) => {
      const index = indexAccess(state);
      return [...effectivePermissions(index, id)].every(
        ([path, privileges]) =>
          privileges.size > 0 && same(sorted(privileges), sorted(effectivePrivileges(index, id, path))),
      );
    }),
  );
});

test("what is asked before does not change an answer", () => {
  fc.assert(
    fc.property(arbitraryState, fc.array(aSubjectAndPath), (state, questions) => {
      const index = indexAccess(state);
      for (const [id, path] of questions) effectivePrivileges(index, id, path);
      return same(answers(index), answers(indexAccess(state)));
    }),
  );
});

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
