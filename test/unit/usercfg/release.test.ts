import { describe, expect, test } from "@jest/globals";
import { pve } from "../../../src/model/pve.ts";
import { releaseOf } from "../../../src/usercfg/release.ts";
import { aRoleId } from "../../support/builders.ts";

const has = (version: string, role: string, privilege: string): boolean =>
  [...(releaseOf(version)?.builtInRoles.get(aRoleId(role)) ?? [])].some((name) => name === privilege);

test.each([
  ["7.4-16", 37, 14],
  ["8.4.1", 42, 17],
  ["9.0", 47, 17],
  ["9.2.11", 47, 17],
])("%s has its privileges and roles", (version, privileges, roles) => {
  expect(releaseOf(version)?.builtInRoles.size).toBe(roles);
  expect(releaseOf(version)?.privileges.size).toBe(privileges);
});

test.each(["6.4", "10.0", "pve", ""])("of %j nothing is known", (version) => {
  expect(releaseOf(version)).toBeUndefined();
});

describe("what the model lists for all releases", () => {
  const releases = ["7.4", "8.4", "9.2.11"].map((version) => releaseOf(version)!);

  test("is what some release has", () => {
    expect(new Set(releases.flatMap(({ privileges }) => [...privileges]))).toEqual(pve.privileges);
    expect(new Set(releases.flatMap(({ builtInRoles }) => [...builtInRoles.keys()]))).toEqual(
      pve.builtInRoles,
    );
  });
});

describe("what came and went", () => {
  test.each([
    ["VM.Monitor", "PVEVMAdmin", [true, true, false]],
    ["VM.GuestAgent.Audit", "PVEAuditor", [false, false, true]],
    ["VM.GuestAgent.Unrestricted", "PVEVMUser", [false, false, false]],
    ["VM.Replicate", "PVEVMAdmin", [false, false, true]],
    ["Permissions.Modify", "PVEAdmin", [true, false, false]],
    ["Permissions.Modify", "Administrator", [true, true, true]],
    ["Mapping.Use", "PVEMappingUser", [false, true, true]],
    ["Sys.AccessNetwork", "Administrator", [false, true, true]],
    ["Sys.AccessNetwork", "PVEAdmin", [false, false, false]],
  ])("%s in %s", (privilege, role, held) => {
    expect(["7.4", "8.4", "9.2"].map((version) => has(version, role, privilege))).toEqual(held);
  });
});
