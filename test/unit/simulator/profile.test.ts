import { describe, expect, test } from "@jest/globals";
import { takesEntries } from "../../../src/simulator/calls/paths.ts";
import { profileOf, type Profile } from "../../../src/simulator/profile.ts";

function played(version: string): Profile {
  const profile = profileOf(version);
  if (profile === undefined) throw new Error(`no release ${version}`);
  return profile;
}

const releases = ["7.4-16", "8.0.2", "8.4.5", "9.0.3", "9.2.11"];

describe("what a release has", () => {
  test.each<readonly [string, readonly string[]]>([
    ["/vms/100", releases],
    ["/pool/dev", releases],
    ["/sdn/zones/z", releases],
    ["/sdn/vnets/v", ["7.4-16"]],
    ["/mapping", ["8.0.2", "8.4.5", "9.0.3", "9.2.11"]],
    ["/sdn/zones", ["8.0.2", "8.4.5", "9.0.3", "9.2.11"]],
    ["/sdn/zones/z/v/12", ["8.0.2", "8.4.5", "9.0.3", "9.2.11"]],
    ["/sdn/dns/d", ["8.4.5", "9.0.3", "9.2.11"]],
    ["/pool/dev/sub", ["8.4.5", "9.0.3", "9.2.11"]],
    ["/sdn/fabrics", ["9.0.3", "9.2.11"]],
    ["/sdn/route-maps/r", ["9.2.11"]],
    ["/sdn/vnets", []],
    ["/nowhere", []],
  ])("%s takes entries on %j", (path, on) => {
    expect(releases.filter((version) => takesEntries(path, played(version).library))).toEqual(on);
  });

  test.each([
    ["7.4-16", 5, false],
    ["8.0.2", 5, false],
    ["8.4.5", 8, true],
    ["9.2.11", 8, true],
  ])("%s: passwords from %d characters on, limits of a user's fields: %s", (version, minimum, limits) => {
    const { minimumPasswordLength, limitsUserFields } = played(version);
    expect([minimumPasswordLength, limitsUserFields]).toEqual([minimum, limits]);
  });
});
