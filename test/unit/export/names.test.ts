import { describe, expect, test } from "@jest/globals";
import { slugOf, uniqueNames } from "../../../src/export/names.ts";

test.each([
  [["/pool/dev", "PVEVMUser"], "pool-dev-pvevmuser"],
  [["ops", "joe.doe@corp"], "ops-joe-doe-corp"],
  [["__", "..."], ""],
  [["/vms/100", "_odd_"], "vms-100-odd"],
])("%j is %s", (texts, slug) => {
  expect(slugOf(texts)).toBe(slug);
});

describe("names", () => {
  const wanted = (...names: string[]): { name: string; id: string }[] =>
    names.map((name, index) => ({ name, id: `id ${index} of ${name}` }));

  test("that are wanted once are as wanted", () => {
    expect(uniqueNames(wanted("a", "b"))).toEqual(["a", "b"]);
  });

  test("that are wanted twice, empty or long end in a digest, valid and unique", () => {
    const long = "x".repeat(300);
    const names = uniqueNames(wanted("a", "a", "", "", long, long));
    expect(new Set(names).size).toBe(6);
    for (const name of names) {
      expect(name).toMatch(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/u);
      expect(name.length).toBeLessThanOrEqual(63);
    }
  });

  test("do not depend on the order", () => {
    const one = wanted("a", "a", "b");
    expect(uniqueNames([...one].reverse())).toEqual([...uniqueNames(one)].reverse());
  });
});
