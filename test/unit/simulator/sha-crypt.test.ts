import { describe, expect, test } from "@jest/globals";
import { matchesShaCrypt, shaCrypt } from "../../../src/simulator/sha-crypt.ts";
import { recordedBytes } from "../../support/recordings.ts";

function recordedHash(scenario: string, user: string): string {
  const lines = recordedBytes(`pve/${scenario}.after.shadow.cfg`).split("\n");
  return lines.find((line) => line.startsWith(`${user}:`))?.split(":")[1] ?? "";
}

describe("SHA-256 crypt", () => {
  test("hashes the specification's example as the specification does", () => {
    expect(shaCrypt("Hello world!", "$5$saltstring")).toBe(
      "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
    );
  });

  test.each([
    ["auth-password", "dis", "firstpass1"],
    ["limited-adm", "adm", "password1"],
    ["limited-adm", "m1", "newpassword"],
    ["limited-low", "low", "password1"],
    ["users-create", "full", "s3cret-pass"],
    ["users-create", "pw64", "x".repeat(64)],
    ["users-create", "pw8", "pässwörd"],
    ["users-create", "u4p", "longenough"],
  ])("%s: knows the password of %s from the hash that the real server stored", (scenario, user, password) => {
    const hash = recordedHash(scenario, user);
    expect(hash).toMatch(/^\$5\$/u);
    expect(matchesShaCrypt(password, hash)).toBe(true);
    expect(matchesShaCrypt(`${password} `, hash)).toBe(false);
  });

  test.each(["", "$6$abc$def", "$5$abc", "x", "*"])("nothing matches what is no such hash: %j", (hash) => {
    expect(matchesShaCrypt("", hash)).toBe(false);
    expect(matchesShaCrypt("abc", hash)).toBe(false);
  });

  test("takes as much of a salt, and as many rounds, as the specification lets it", () => {
    expect(shaCrypt("Hello world!", "$5$rounds=10000$saltstringsaltstring")).toBe(
      "$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
    );
  });

  test("shows rounds where the setting does, and no fewer than a thousand", () => {
    expect(shaCrypt("abc", "$5$rounds=10$salt")).toMatch(/^\$5\$rounds=1000\$salt\$.{43}$/u);
  });
});
