import { expect, test } from "@jest/globals";
import { endpointMistake } from "../../../src/desired/endpoint.ts";

test.each([
  ["https://pve1.example:8006", undefined],
  ["https://10.0.0.1/", undefined],
  ["http://127.0.0.1:8006", undefined],
  ["http://localhost", undefined],
  ["http://[::1]:8006", undefined],
  ["http://pve1.example:8006", "plain-http"],
  ["http://127.0.0.1.example", "plain-http"],
  ["https://joe:hunter2@pve1.example", "literal-secret"],
  ["https://pve1.example/api2/json", "invalid-value"],
  ["https://pve1.example?x=1", "invalid-value"],
  ["ftp://pve1.example", "invalid-value"],
  ["pve1.example:8006", "invalid-value"],
  ["", "invalid-value"],
])("%s: %s", (text, code) => {
  const said = endpointMistake(text);
  expect(said?.code).toBe(code);
  expect(JSON.stringify({ said })).not.toContain("hunter2");
});
