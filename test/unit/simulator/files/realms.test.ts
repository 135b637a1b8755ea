import { describe, expect, test } from "@jest/globals";
import { parseRealms, writeRealms, type RealmSection } from "../../../../src/simulator/files/realms.ts";
import { recordedBytes, recordingNames } from "../../../support/recordings.ts";

const recorded = recordingNames("pve").filter((name) => /^domains\..*domains\.cfg$/u.test(name));

function sectionsOf(text: string): Map<string, RealmSection> {
  return new Map(
    [...parseRealms(text)].flatMap(([realm, section]) => (section === "broken" ? [] : [[realm, section]])),
  );
}

describe("domains.cfg", () => {
  test.each(recorded)("%s is written as it was read", (name) => {
    const text = recordedBytes(`pve/${name}`);
    expect(writeRealms(sectionsOf(text))).toBe(text);
  });

  test("pam and pve are always there", () => {
    expect([...parseRealms("").keys()]).toEqual(["pam", "pve"]);
  });

  test("a section that lacks what its type requires is broken, and no other", () => {
    const realms = parseRealms(
      "ldap: x\n\tserver1 h\n\tuser_attr uid\n\nopenid: y\n\tclient-id c\n\tissuer-url u\n",
    );
    expect(realms.get("x")).toBe("broken");
    expect(realms.get("y")).toEqual({
      type: "openid",
      options: new Map([
        ["client-id", "c"],
        ["issuer-url", "u"],
      ]),
    });
  });

  test("sections of unknown types and stray lines are passed over", () => {
    expect([...parseRealms("nope: x\n\ta b\n\n# word\nstray\n").keys()]).toEqual(["pam", "pve"]);
  });
});
