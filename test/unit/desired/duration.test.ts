import { expect, test } from "@jest/globals";
import { parseDurationMs } from "../../../src/desired/duration.ts";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["1h", 3_600_000],
  ["7d", 604_800_000],
])("%s is %d ms", (text, ms) => expect(parseDurationMs(text)).toEqual({ ok: true, value: ms }));

test.each(["", "5", "5 m", "0s", "-5m", "1.5h", "8d", "5M", "1h30m"])("%p is none", (text) =>
  expect(parseDurationMs(text)).toMatchObject({ ok: false }),
);
