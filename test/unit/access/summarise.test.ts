import { expect, test } from "@jest/globals";
import { accessDelta } from "../../../src/access/delta.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { summarise, type ChangeSummary } from "../../../src/access/summarise.ts";
import { aPool, aState, type TerseState } from "../../support/builders.ts";

const users = Array.from({ length: 500 }, (_, index) => `user${index}@pve`);
const base: TerseState = {
  users,
  groups: { all: users },
  roles: { Look: ["VM.Audit"], Rule: ["Permissions.Modify", "VM.Audit"], Nothing: [] },
};
type Acl = NonNullable<TerseState["acl"]>;

function summary(before: TerseState, after: TerseState): readonly ChangeSummary[] {
  const [from, to] = [before, after].map((terse) => indexAccess(aState({ ...base, ...terse })));
  return from === undefined || to === undefined ? [] : summarise(accessDelta(from, to, 1));
}

test("what hits 500 users alike is one row", () => {
  const [row, ...others] = summary({}, { acl: [["/", "group:all", "Look"]] });
  expect(others).toEqual([]);
  expect(row).toMatchObject({ paths: ["/"], propagate: true, gained: ["VM.Audit"], lost: [], dangerous: [] });
  expect(row?.subjects).toHaveLength(500);
  expect(row?.because).toEqual(["group all has Look on /"]);
});

test("so is what each has by an entry of its own; one alone is named", () => {
  const acl = users.map((id) => ["/vms", `user:${id}`, "Look"] as const);
  expect(summary({}, { acl }).map(({ because }) => because)).toEqual([["each has Look on /vms"]]);
  expect(summary({}, { acl: acl.slice(0, 1) }).map(({ because }) => because)).toEqual([
    ["user user0@pve has Look on /vms"],
  ]);
});

test("paths at which the same happens to the same are one row", () => {
  const pools = [aPool("dev", [100, 101], ["local"])];
  const rows = summary({ pools }, { pools, acl: [["/pool/dev", "group:all", "Look"]] });
  expect(rows.map(({ paths, propagate }) => [paths, propagate])).toEqual([
    [["/pool/dev"], true],
    [["/storage/local", "/vms/100", "/vms/101"], false],
  ]);
});

test("where it is otherwise for some below is said", () => {
  const deeper: Acl = [
    ["/vms/100", "user:user1@pve", "Nothing"],
    ["/vms/101", "user:user2@pve", "Nothing", false],
  ];
  const rows = summary({ acl: deeper }, { acl: [...deeper, ["/vms", "group:all", "Look"]] });
  expect(rows.map(({ paths, except, subjects }) => [paths, except, subjects.length])).toEqual([
    [["/vms"], ["/vms/100", "/vms/101"], 500],
    [["/vms/101/*"], [], 1],
  ]);
});

test("dangerous gains come first, then other gains, then losses", () => {
  const before: Acl = [["/access", "user:user1@pve", "Look"]];
  const after: Acl = [
    ["/nodes", "user:user2@pve", "Look"],
    ["/vms", "user:user3@pve", "Rule"],
  ];
  expect(summary({ acl: before }, { acl: after }).map(({ paths, dangerous }) => [paths, dangerous])).toEqual([
    [["/vms"], ["Permissions.Modify"]],
    [["/nodes"], []],
    [["/access"], []],
  ]);
});
