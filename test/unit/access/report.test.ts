import { expect, test } from "@jest/globals";
import { indexAccess } from "../../../src/access/lookup.ts";
import { reportPermissions } from "../../../src/access/report.ts";
import { aState, aUser } from "../../support/builders.ts";

const index = indexAccess(
  aState({
    users: ["a@pve", aUser("b@pve", { enabled: false }), "c@pve"],
    groups: { ops: ["a@pve", "b@pve"] },
    tokens: ["a@pve!tk"],
    acl: [["/vms", "group:ops", "PVEAuditor"]],
  }),
);
const report = [...reportPermissions(index)];
const of = (id: string) => report.find((row) => row.id === id)?.permissions;

test("is of all users and tokens, disabled ones too, sorted", () => {
  expect(report.map(({ id }) => id)).toEqual(["a@pve", "a@pve!tk", "b@pve", "c@pve", "root@pam"]);
  expect([...(of("b@pve")?.keys() ?? [])]).toEqual(["/vms"]);
  expect(of("a@pve!tk")?.size).toBe(0);
});

test("those whom the same groups' entries speak of share one answer", () => {
  expect(of("b@pve")).toBe(of("a@pve"));
});
