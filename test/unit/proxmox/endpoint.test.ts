import { expect, test } from "@jest/globals";

import { parseEndpoint } from "../../../src/proxmox/endpoint.ts";

test.each([
  ["https://pve1.example:8006", "https://pve1.example:8006"],
  ["https://PVE1.example:8006/", "https://pve1.example:8006"],
  ["https://[2001:db8::1]:8006", "https://[2001:db8::1]:8006"],
  ["http://127.0.0.1:8006", "http://127.0.0.1:8006"],
  ["http://127.1:80", "http://127.0.0.1"],
  ["http://[::1]:8006", "http://[::1]:8006"],
  ["http://localhost:8006", "http://localhost:8006"],
])("%s is taken", (text, origin) => {
  expect(parseEndpoint(text)).toEqual({ ok: true, value: { origin } });
});

test.each([
  "http://pve1.example:8006",
  "http://10.0.0.1:8006",
  "http://localhost.example:8006",
  "http://127.0.0.1.example",
  "http://[::ffff:127.0.0.1]:8006",
  "https://user:kanari@pve1.example:8006",
  "https://pve1.example:8006/api2/json",
  "https://pve1.example:8006/?kanari",
  "ftp://localhost",
  "kanari",
  "",
])("%s is refused, and not repeated", (text) => {
  const endpoint = parseEndpoint(text);
  expect(endpoint.ok).toBe(false);
  expect(JSON.stringify(endpoint)).not.toContain("kanari");
});
