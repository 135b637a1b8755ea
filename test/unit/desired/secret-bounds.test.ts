import { expect, test } from "@jest/globals";
import { boundReference, commandFrom, secretReferenceFrom } from "../../../src/desired/secret-bounds.ts";

const bounds = { envPrefix: "ROLECALL_SECRET_", dir: "/run/secrets" };

test.each([
  [{ env: "ROLECALL_SECRET_JOE" }, { source: "env", name: "ROLECALL_SECRET_JOE" }],
  [{ file: "joe" }, { source: "file", path: "/run/secrets/joe" }],
  [{ file: "a/../b" }, { source: "file", path: "/run/secrets/b" }],
  [{ file: "/run/secrets/joe" }, { source: "file", path: "/run/secrets/joe" }],
])("%j is within", (written, reference) =>
  expect(boundReference(secretReferenceFrom(written), bounds, "dc1")).toEqual({ reference }),
);

test.each([
  { env: "DC1_TOKEN" },
  { env: "rolecall_secret_joe" },
  { file: "../joe" },
  { file: "/etc/shadow" },
  { file: "/run/secrets-of-others/joe" },
  { file: "." },
])("%j is not", (written) =>
  expect(boundReference(secretReferenceFrom(written), bounds, "dc1")).toMatchObject({
    said: { code: "secret-out-of-bounds" },
  }),
);

test("a folder that is the working folder", () => {
  const here = { envPrefix: "A_", dir: "." };
  expect(boundReference({ source: "file", path: "joe" }, here, "dc1")).toMatchObject({
    reference: { path: "joe" },
  });
  expect(boundReference({ source: "file", path: "../joe" }, here, "dc1")).toHaveProperty("said");
});

test("a variable that looks like a secret is not named", () =>
  expect(JSON.stringify(boundReference({ source: "env", name: "hunter2" }, bounds, "dc1"))).not.toContain(
    "hunter2",
  ));

test.each([
  ["vault", ".", "vault"],
  ["./store.sh", ".", "./store.sh"],
  ["../store.sh", "manifests", "./store.sh"],
  ["bin/store.sh", "manifests", "manifests/bin/store.sh"],
  ["/usr/bin/vault", "manifests", "/usr/bin/vault"],
])("the program %s in %s is %s", (command, folder, expected) =>
  expect(commandFrom(folder, command)).toBe(expected),
);
