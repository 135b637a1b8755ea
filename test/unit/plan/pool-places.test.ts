import { describe, expect, test } from "@jest/globals";
import { pve } from "../../../src/model/pve.ts";
import { PoolPlaces } from "../../../src/plan/pool-places.ts";
import { aPool, aState } from "../../support/builders.ts";
import { aPlan } from "../../support/desired-builders.ts";

const path = pve.normalizeAclPath;

describe("where entries on pools are looked at", () => {
  const before = aState({ pools: [aPool("dev", [100, 101], ["local"]), aPool("prod", [200, 201])] });
  const after = aState({ pools: [aPool("dev", [101], ["local"]), aPool("prod", [100, 200, 201])] });

  test.each([
    [
      "a pool: one of those that are alike, each kind, and each that moves",
      ["/pool/dev"],
      ["/storage/local", "/vms/100", "/vms/101", "/vms/200"],
    ],
    ["above all pools", ["/pool"], ["/storage/local", "/vms/100", "/vms/101", "/vms/200"]],
    ["elsewhere: one of any pool", ["/vms"], ["/vms/100"]],
    ["only on the root: what stands there is the same on both ways", ["/"], []],
  ])("%s", (_, paths, places) => {
    expect([...new PoolPlaces(before, after).placesFor(paths.map(path))].sort()).toEqual(places);
  });

  test("nowhere, without pools", () => {
    expect(new PoolPlaces(aState(), aState()).placesFor([path("/pool/dev")])).toEqual([]);
  });
});

test("what moves from a guest to its pool is granted there first", () => {
  const plan = aPlan(
    {
      prune: { acl: true },
      acl: [["/pool/dev", "user:joe@pve", ["PVEVMUser"]]],
    },
    {
      users: ["joe@pve"],
      pools: [aPool("dev", [100])],
      acl: [["/vms/100", "user:joe@pve", "PVEVMUser"]],
    },
  );
  expect(plan.operations.map(({ kind }) => kind)).toEqual(["grant", "revoke"]);
});

test("a refusal on a pool is seen at its guests: what it keeps from somebody is taken away before it goes", () => {
  const plan = aPlan(
    {
      prune: { acl: true },
      safety: { allowEmpty: ["acl"] },
    },
    {
      users: ["joe@pve"],
      pools: [aPool("dev", [100])],
      acl: [
        ["/pool/dev", "user:joe@pve", "NoAccess"],
        ["/vms", "user:joe@pve", "Administrator"],
      ],
    },
  );
  expect(plan.operations.flatMap((operation) => ("path" in operation ? [operation.path] : []))).toEqual([
    "/vms",
    "/pool/dev",
  ]);
});
