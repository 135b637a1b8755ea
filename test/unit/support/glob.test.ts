import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { compileGlob, compileGlobs, compileTextGlob } from "../../../src/support/glob.ts";

describe("what a glob takes", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["/vms/100", ["/vms/100"], ["/vms/1000", "/vms", "/vms/100/x"]],
    ["/vms/*", ["/vms/100", "/vms/"], ["/vms", "/vms/100/x"]],
    ["/vms/**", ["/vms", "/vms/100", "/vms/100/x"], ["/vmsx", "/"]],
    ["/**", ["/", "/vms", ""], ["vms"]],
    ["**", ["", "/", "user:joe@pve"], []],
    ["*@pve", ["joe@pve", "@pve"], ["joe@pam", "a/b@pve"]],
    ["*-ext@*", ["joe-ext@corp"], ["joe@corp"]],
    ["VM.*", ["VM.Audit", "VM.Config.CPU"], ["VMxAudit", "Sys.Audit"]],
    ["/a/**/b", ["/a//b", "/a/x/b", "/a/x/y/b"], ["/a/b"]],
    ["*é*", ["café!"], ["cafe"]],
    ["a+(b)", ["a+(b)"], ["aab"]],
  ])("%s", (glob, taken, left) => {
    const { takes } = compileGlob(glob);
    expect(taken.filter((text) => !takes(text))).toEqual([]);
    expect(left.filter((text) => takes(text))).toEqual([]);
  });

  test("excluding wins", () => {
    const takes = compileGlobs({ include: ["*@pve", "root@pam"], exclude: ["backup@*"] });
    expect(["joe@pve", "root@pam", "backup@pve", "joe@pam"].map(takes)).toEqual([true, true, false, false]);
  });

  test("in a text that is no path, a star is any run", () => {
    expect(compileTextGlob("*OPS-*").takes("see https://tickets/OPS-1, please")).toBe(true);
    expect(compileTextGlob("x/**").takes("x")).toBe(false);
  });
});

test.each<[string, string, readonly string[]]>([
  ["/vms/**", "/", ["vms", "vms/…"]],
  ["/vms/**", "/vms", ["…"]],
  ["/vms/**", "/vms/100", ["…"]],
  ["/vms/9*", "/vms", ["9…"]],
  ["/vms/9*", "/vms/900", []],
  ["/vms/900", "/vms", ["900"]],
  ["/vms/900", "/vms/900", []],
  ["/*/900", "/", ["…"]],
  ["/pool/a/*", "/", ["pool/a/…"]],
  ["/**", "/nodes", ["…"]],
])("%s below %s", (glob, folder, rests) =>
  expect(
    compileGlob(glob)
      .below(folder)
      .map(({ beginning, isOpen }) => `${beginning}${isOpen ? "…" : ""}`),
  ).toEqual(rests),
);

/** What the glob means, as the expression that it would be. */
function expression(glob: string): RegExp {
  const source = glob
    .split(/(\/\*\*$|\*\*|\*)/u)
    .map((part) => {
      if (part === "/**") return "(?:/.*)?";
      if (part === "**") return ".*";
      return part === "*" ? "[^/]*" : part.replace(/[.*+?^${}()|[\]\\/]/gu, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`, "su");
}

test("takes what the expression takes", () => {
  const piece = fc.constantFrom("a", "b", "/", "*", "**", "/**", ".");
  const glob = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
  const text = fc.array(fc.constantFrom("a", "b", "/", "."), { maxLength: 8 }).map((one) => one.join(""));
  fc.assert(
    fc.property(glob, text, (pattern, other) => {
      expect(compileGlob(pattern).takes(other)).toBe(expression(pattern).test(other));
    }),
  );
});

test("what lies below a folder begins as one of the rests says", () => {
  const piece = fc.constantFrom("a", "b", "/", "*", "**", "/**");
  const glob = fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join("")}`);
  const segments = fc.array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(glob, segments, fc.nat(2), (pattern, path, depth) => {
      const folder = `/${path.slice(0, depth).join("/")}`;
      const rest = path.slice(depth).join("/");
      fc.pre(rest !== "");
      const whole = `/${path.join("/")}`;
      const found = compileGlob(pattern).below(folder);
      const isFound = found.some(({ beginning, isOpen }) =>
        isOpen ? rest.startsWith(beginning) : rest === beginning,
      );
      if (compileGlob(pattern).takes(whole)) expect(isFound).toBe(true);
    }),
  );
});

test("a hostile glob on a hostile text comes to an end", () => {
  // A backtracking expression would not, for longer than the universe is old.
  const glob = compileGlob(`${"**a".repeat(40)}b`);
  expect(glob.takes("a".repeat(4000))).toBe(false);
});
