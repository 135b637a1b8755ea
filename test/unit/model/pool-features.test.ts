import { expect, test } from "@jest/globals";
import { poolFeaturesOf } from "../../../src/model/pool-features.ts";
import { parentOf, poolsAlong } from "../../../src/model/pool-paths.ts";
import { pve } from "../../../src/model/pve.ts";
import { aPoolId } from "../../support/builders.ts";

test.each<[string, string | undefined, boolean, boolean]>([
  ["7.4-16", undefined, false, false],
  ["8.0.4", undefined, false, false],
  ["8.0.5", "transfer", false, false],
  ["8.0.6", "allow-move", false, false],
  ["8.0.9-1", "allow-move", false, false],
  ["8.1", "allow-move", true, false],
  ["8.1.0~beta", "allow-move", true, false],
  ["8.10.2", "allow-move", true, false],
  ["9.0.0", "allow-move", true, true],
  ["9", "allow-move", true, true],
  ["10.1", "allow-move", true, true],
])("release %s", (version, move, nested, letterFirst) => {
  expect(poolFeaturesOf(version)).toEqual({ move, nested, letterFirst });
});

test.each<[string, readonly string[]]>([
  ["/pool/a/b/c", ["a/b/c", "a/b", "a"]],
  ["/pool/a", ["a"]],
  ["/pool", []],
  ["/", []],
  ["/pools/a", []],
  ["/vms/100", []],
])("the pools along %s", (path, pools) => {
  expect(poolsAlong(pve.normalizeAclPath(path))).toEqual(pools);
});

test("the pool that one is in", () => {
  expect(["a", "a/b", "a/b/c"].map((id) => parentOf(aPoolId(id)))).toEqual([undefined, "a", "a/b"]);
});
