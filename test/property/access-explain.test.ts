import { test } from "@jest/globals";
import fc from "fast-check";
import { effectivePermissions, effectivePrivileges } from "../../src/access/effective.ts";
import { explain } from "../../src/access/explain.ts";
import { indexAccess, type AccessIndex } from "../../src/access/lookup.ts";
import { reportPermissions } from "../../src/access/report.ts";
import { whoCan } from "../../src/access/who-can.ts";
import { authKey, type AuthId } from "../../src/model/ids.ts";
import { sortedSet } from "../../src/support/compare.ts";
import { arbitraryState, paths } from "../support/arbitrary-state.ts";
import { aRole } from "../support/builders.ts";

const arbitraryIndex = arbitraryState.map(indexAccess);
const path = fc.constantFrom(...paths, "/vms/100/fresh", "/vms/100/", "//vms//100");

function idsOf({ state }: AccessIndex): AuthId[] {
  return [...state.users.keys(), ...state.tokens.keys()];
}

function flags(privileges: Iterable<readonly [string, boolean]>): string[] {
  return sortedSet([...privileges].map(([name, propagate]) => `${name} ${String(propagate)}`));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

test("what the reasons give is what is held, with the same flags", () => {
  fc.assert(
    fc.property(arbitraryIndex, path, (index, asked) =>
      idsOf(index).every((id) => {
        const explained = [...explain(index, id, asked).privileges];
        const held = explained.map(([name, { propagate }]) => [name, propagate] as const);
        return same(flags(held), flags(effectivePrivileges(index, id, asked)));
      }),
    ),
    { numRuns: 300 },
  );
});

test("every reason is an entry of the state whose role has the privilege", () => {
  fc.assert(
    fc.property(arbitraryIndex, path, (index, asked) =>
      idsOf(index).every((id) =>
        [...explain(index, id, asked).privileges].every(
          ([name, { because }]) =>
            because.length > 0 &&
            because.every(
              (reason) =>
                reason.kind === "superuser" ||
                (index.state.acl.some((entry) => same(keyed(entry), keyed(reason.entry))) &&
                  index.state.roles.get(reason.entry.role)?.privileges.includes(name) === true),
            ),
        ),
      ),
    ),
  );
});

function keyed({ path: at, subject, role, propagate }: AccessIndex["state"]["acl"][number]): unknown {
  return [at, subject.kind, subject.id, role, propagate];
}

test("what is cut is not held, or not below", () => {
  fc.assert(
    fc.property(arbitraryIndex, path, (index, asked) =>
      idsOf(index).every((id) => {
        const { privileges, cut } = explain(index, id, asked);
        return cut.every(({ privilege, extent }) =>
          extent === "here" ? !privileges.has(privilege) : privileges.get(privilege)?.propagate === false,
        );
      }),
    ),
  );
});

test("the report is everybody's whole answer", () => {
  fc.assert(
    fc.property(arbitraryIndex, (index) => {
      const report = [...reportPermissions(index)];
      const sorted = (permissions: ReturnType<typeof effectivePermissions>): string[] =>
        sortedSet([...permissions].map(([at, privileges]) => `${at} ${flags(privileges).join()}`));
      return (
        same(
          report.map(({ id }) => id),
          sortedSet(idsOf(index)),
        ) &&
        report.every(({ id, permissions }) =>
          same(sorted(permissions), sorted(effectivePermissions(index, id))),
        )
      );
    }),
    { numRuns: 300 },
  );
});

test("who can is who holds", () => {
  const [privilege] = aRole("R", ["VM.Console"]).privileges;
  fc.assert(
    fc.property(arbitraryIndex, path, (index, asked) => {
      if (privilege === undefined) return false;
      const holders = idsOf(index).filter((id) => effectivePrivileges(index, id, asked).has(privilege));
      return same(
        whoCan(index, privilege, asked, 1).map(({ subject }) => subject),
        sortedSet(holders.map(authKey)),
      );
    }),
  );
});
