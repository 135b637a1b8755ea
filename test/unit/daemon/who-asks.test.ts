import { describe, expect, test } from "@jest/globals";
import { hostIn, isAnsweredHost, isLoopbackName, isOfThisMachine } from "../../../src/daemon/who-asks.ts";

test.each([
  ["localhost", true],
  ["LOCALHOST", true],
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["0.0.0.0", false],
  ["10.0.0.1", false],
  ["127.0.0.1.evil.example", false],
  ["", false],
])("%s is this machine only: %s", (host, expected) => expect(isLoopbackName(host)).toBe(expected));

test.each([
  ["localhost:8080", "localhost"],
  ["LocalHost.", "localhost"],
  ["[::1]:80", "::1"],
  ["[::1]", "::1"],
  ["192.0.2.1:1", "192.0.2.1"],
  ["", ""],
])("%s names the host %s", (header, host) => expect(hostIn(header)).toBe(host));

test.each([
  [undefined, true],
  ["localhost", true],
  ["10.1.2.3:9855", true],
  ["[2001:db8::1]:9855", true],
  ["rolecall.rolecall.svc:9855", true],
  ["Rolecall.Rolecall.SVC.", true],
  ["rolecall", false],
  ["rolecall.rolecall.svc.evil.example", false],
  ["10.1.2.3.evil.example", false],
  ["x@localhost", false],
  ["localhost, evil.example", false],
  ["", false],
])("asked for as %s it answers: %s", (header, expected) =>
  expect(isAnsweredHost(header, ["Rolecall.rolecall.svc"])).toBe(expected),
);

describe("this machine", () => {
  const own = { address: "127.0.0.1", httpVersion: "1.1", headers: { host: "localhost:9855" } };

  test("asks from itself, by its own name", () => {
    expect(isOfThisMachine(own)).toBe(true);
    expect(isOfThisMachine({ ...own, address: "192.0.2.1" })).toBe(false);
    expect(isOfThisMachine({ ...own, headers: { host: "192.0.2.1" } })).toBe(false);
    expect(isOfThisMachine({ ...own, headers: {} })).toBe(false);
  });

  test.each([
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-whatever",
    "x-real-ip",
    "forwarded",
    "via",
    "origin",
  ])("does not where others ask through it: %s", (name) => {
    expect(isOfThisMachine({ ...own, headers: { ...own.headers, [name]: "x" } })).toBe(false);
  });

  test("does not speak as proxies do that tell nothing of themselves", () => {
    expect(isOfThisMachine({ ...own, httpVersion: "1.0" })).toBe(false);
  });
});
