import { describe, expect, test } from "@jest/globals";
import { chainLine, hashOf, sealOf } from "../../../src/apply/audit-chain.ts";
import { aLog, auditLine, proved } from "../../support/audit-lines.ts";

const log = aLog(3);
const [one = "", two = "", three = "", four = "", five = "", six = ""] = log;
const hashAt = (line: string): string => sealOf(Buffer.from(line.trimEnd()))?.claimed ?? "";

describe("a chained line", () => {
  test("ends with the hash of all that comes before it, and names that of the line before", () => {
    expect(two).toMatch(new RegExp(`,"previous":"${hashAt(one)}","hash":"[0-9a-f]{64}"\\}\n$`, "u"));
    expect(hashAt(two)).toBe(hashOf(two.slice(0, two.indexOf(',"hash"'))));
    expect(one).not.toContain("previous");
  });
});

describe("a log", () => {
  test("that is whole has its counts and its last hash", () => {
    expect(proved([log.join("")])).toEqual({
      files: [{ file: "a", lines: 6, writes: 3, torn: [] }],
      broken: undefined,
      open: [],
      last: hashAt(six),
      absent: [],
    });
  });

  test("may go on in a next file, or begin where an older one ended", () => {
    expect(proved([one + two, three + four])).toMatchObject({ broken: undefined });
    expect(proved([three + four], { after: hashAt(two) })).toMatchObject({ broken: undefined });
  });

  test("may be empty", () => expect(proved([""])).toMatchObject({ broken: undefined, last: undefined }));

  test.each<[string, readonly string[], object]>([
    ["a changed line", [one, two.replace("done", "lost"), three], { kind: "changed", line: 2 }],
    ["a changed last line", [one, two.replace("done", "lost")], { kind: "changed", line: 2 }],
    ["a line that is none any more", [one, `x${two}`, three], { kind: "changed", line: 2 }],
    ["a line less", [one, three, four], { kind: "missing", line: 2 }],
    ["no beginning", [two, three], { kind: "missing", line: 1 }],
    ["two lines swapped", [one, three, two, four], { kind: "reordered", line: 2 }],
    ["a line later than it was", [one, three, four, two, five], { kind: "reordered", line: 2 }],
    ["a line twice", [one, two, two, three], { kind: "repeated", line: 3 }],
    ["a line twice, later", [one, two, three, one], { kind: "repeated", line: 4 }],
    [
      "another log's beginning in it",
      [one, chainLine({ ...auditLine, run: "s" }, { hash: undefined, torn: [] }).text],
      { kind: "missing", line: 2 },
    ],
    ["a word of somebody's", [one, "hello\n", two], { kind: "cut", line: 2 }],
    ["a line that was cut short", [one, `${two.slice(0, 40)}\n`, three], { kind: "missing", line: 3 }],
    ["a last line that was cut short, with an end", [one, `${two.slice(0, 40)}\n`], { kind: "cut", line: 2 }],
    ["a blank line", [one, "\n", two], { kind: "cut", line: 2 }],
    ["files in another order", [], { kind: "reordered", file: "a", line: 1 }],
    [
      "something else in place of it",
      ["root:x:0:0\n", "bin:x:1:1\n"],
      { kind: "foreign", file: "a", line: 1 },
    ],
    ["something else, without a line end", ["hello"], { kind: "foreign", file: "a", line: 1 }],
    ["nothing but ends of lines", ["\n", "\n"], { kind: "foreign", file: "a", line: 1 }],
    ["more than any disk cuts off", [one, "{\n".repeat(1_001), two], { kind: "cut", line: 2 }],
  ])("with %s is broken there", (_, lines, broken) => {
    const files = lines.length === 0 ? [three + four, one + two] : [lines.join("")];
    expect(proved(files).broken).toMatchObject(broken);
  });

  test("with a file beside it that is something else is broken there, unless it is before", () => {
    expect(proved([one, "hello\n", two]).broken).toMatchObject({ kind: "foreign", file: "b" });
    expect(proved(["hello\n", one]).broken).toMatchObject({ kind: "foreign", file: "a" });
    expect(proved([one + three, "hello\n"]).broken).toMatchObject({ kind: "missing", file: "a" });
  });

  test("of which not every line is remembered is broken where it is, if in fewer words", () => {
    const moved = [one, three, four, five, two, six];
    expect(proved([log.join("")], { remembered: 2, expect: [hashAt(one)] })).toMatchObject({
      broken: undefined,
      absent: [],
    });
    expect(proved([moved.join("")], { remembered: 2 }).broken).toMatchObject({ line: 2 });
    const twice = [...log, one];
    expect(proved([twice.join("")]).broken).toMatchObject({ kind: "repeated", line: 7 });
    expect(proved([twice.join("")], { remembered: 2 }).broken).toMatchObject({ kind: "missing", line: 7 });
    const back = chainLine({ ...auditLine, run: "s" }, { hash: hashAt(one), torn: [] }).text;
    expect(proved([log.join("") + back], { remembered: 2 }).broken).toMatchObject({
      kind: "missing",
      line: 7,
      message: expect.stringContaining("not among the 2 before it"),
    });
  });

  test("whose end is missing is whole, but for who knows a hash of it", () => {
    const noted = { expect: [hashAt(six), hashAt(two)] };
    expect(proved([log.join("")], noted)).toMatchObject({ broken: undefined, absent: [] });
    expect(proved([one + two + three], noted)).toMatchObject({ broken: undefined, absent: [hashAt(six)] });
  });
});

describe("a line that was cut off when it was written", () => {
  const torn = '{"formatVersion":1,"ti';
  const tail = { hash: hashAt(two), torn: [hashOf(torn)] };
  const next = chainLine({ ...auditLine, write: 2 }, tail).text;

  test("is told at the end, where it has no line end", () => {
    expect(proved([one + two + torn])).toMatchObject({ broken: undefined, files: [{ torn: [3] }] });
  });

  test("is told where the next line knows of it, in another file too", () => {
    expect(proved([`${one}${two}${torn}\n${next}`])).toMatchObject({
      broken: undefined,
      files: [{ torn: [3] }],
    });
    expect(proved([one + two + torn, next])).toMatchObject({
      broken: undefined,
      files: [{ torn: [3] }, { torn: [] }],
    });
  });

  test("is not to be changed, removed or added", () => {
    expect(proved([`${one}${two}${torn}x\n${next}`]).broken).toMatchObject({ kind: "cut", line: 3 });
    expect(proved([one + two + next]).broken).toMatchObject({ kind: "missing", line: 3 });
    expect(proved([`${one}${two}${torn}\n${torn}\n${next}`]).broken).toMatchObject({ kind: "cut", line: 4 });
  });

  test("may lack its line end only", () => {
    expect(proved([`${one}${two.trimEnd()}`])).toMatchObject({ broken: undefined, last: hashAt(two) });
  });
});

test("a write without its outcome is told, with its place", () => {
  expect(proved([one + two, three]).open).toEqual([
    expect.objectContaining({
      file: "b",
      line: 1,
      write: 2,
      target: "dc1",
      operation: "DELETE /access/groups/ops",
    }),
  ]);
});
