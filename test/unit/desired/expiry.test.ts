import { expect, test } from "@jest/globals";
import { parseBeginning, parseEnd, parseExpiry } from "../../../src/desired/expiry.ts";

test.each([
  ["never", 0],
  ["2027-01-31", Date.UTC(2027, 0, 31, 23, 59, 59) / 1000],
  ["2028-02-29", Date.UTC(2028, 1, 29, 23, 59, 59) / 1000],
  ["2026-12-05T18:00:00Z", Date.UTC(2026, 11, 5, 18) / 1000],
  ["2026-12-05T18:00Z", Date.UTC(2026, 11, 5, 18) / 1000],
  ["2026-12-05T18:00:00.9Z", Date.UTC(2026, 11, 5, 18) / 1000],
  ["2026-12-05t18:00:00+02:00", Date.UTC(2026, 11, 5, 16) / 1000],
  ["2026-12-31T23:00:00-05:30", Date.UTC(2027, 0, 1, 4, 30) / 1000],
])("%s is %d", (text, seconds) => expect(parseExpiry(text)).toEqual({ ok: true, value: seconds }));

test.each([
  "",
  "tomorrow",
  "Never",
  "2027-02-29",
  "2027-13-01",
  "2027-1-31",
  "31.01.2027",
  "0099-01-01",
  "1969-12-31",
  "1970-01-01T00:00:00Z",
  "2026-12-05T18:00:00",
  "2026-12-05T24:00:00Z",
  "2026-12-05T18:60:00Z",
  "2026-12-05T18:00:00+15:00",
  "1893456000",
  "0",
])("%p is none", (text) => expect(parseExpiry(text)).toMatchObject({ ok: false }));

test.each([
  ["2026-12-05", Date.UTC(2026, 11, 5) / 1000, Date.UTC(2026, 11, 6) / 1000],
  ["2028-02-29", Date.UTC(2028, 1, 29) / 1000, Date.UTC(2028, 2, 1) / 1000],
  ["2026-12-31", Date.UTC(2026, 11, 31) / 1000, Date.UTC(2027, 0, 1) / 1000],
  ["2026-12-05T18:00:00Z", Date.UTC(2026, 11, 5, 18) / 1000, Date.UTC(2026, 11, 5, 18) / 1000],
  ["2026-12-05T18:00:00+02:00", Date.UTC(2026, 11, 5, 16) / 1000, Date.UTC(2026, 11, 5, 16) / 1000],
])("from %s on is %d, until it is %d", (text, from, until) => {
  expect(parseBeginning(text)).toEqual({ ok: true, value: from });
  expect(parseEnd(text)).toEqual({ ok: true, value: until });
});

test.each(["never", "", "2027-02-29", "2026-12-05T18:00:00", "friday"])("%p bounds nothing", (text) => {
  expect(parseBeginning(text)).toMatchObject({ ok: false });
  expect(parseEnd(text)).toMatchObject({ ok: false });
});
