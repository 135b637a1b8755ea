import { expect, test } from "@jest/globals";
import { coloured, plain } from "../../../src/support/palette.ts";

test("plain is the text; coloured switches on and off what it switched on", () => {
  expect(plain.red("a")).toBe("a");
  expect(coloured.bold(`a${coloured.red("b")}c`)).toBe("\u001b[1ma\u001b[31mb\u001b[39mc\u001b[22m");
  expect(coloured.green("")).toBe("");
});
