import { expect, test } from "@jest/globals";
import { pve } from "../../../src/model/pve.ts";
import { detailsToRead } from "../../../src/plan/details-to-read.ts";
import { aRealm } from "../../support/builders.ts";
import { aDesiredState, aLiveState, overTime, type TerseDesired } from "../../support/desired-builders.ts";

const sync = { schedule: "daily", scope: "both", removeVanished: "none", enabled: true };
const live = [aRealm("corp", "ldap"), aRealm("sso", "openid"), aRealm("pve", "pve")];

test.each<[string, TerseDesired, "no" | "wanted" | "needed"]>([
  ["nobody speaks of realms", {}, "no"],
  ["a realm stays, and nobody speaks of its job", { realms: { corp: { type: "ldap" } } }, "no"],
  ["a job is declared", { realms: { corp: { type: "ldap", sync } } }, "needed"],
  ["none is to be there", { realms: { corp: { type: "ldap", sync: "absent" } } }, "needed"],
  ["its realm is left alone", { realms: { corp: { ensure: "ignored", sync } } }, "no"],
  ["a directory goes", { realms: { corp: { ensure: "absent" } } }, "wanted"],
  ["a provider goes, which has no job", { realms: { sso: { ensure: "absent" } } }, "no"],
  ["a directory that is not there goes", { realms: { gone: { ensure: "absent" } } }, "no"],
  ["prune takes a directory", { prune: { realms: true }, realms: { pve: { type: "pve" } } }, "wanted"],
  ["prune has none to take", { prune: { realms: true }, realms: { corp: { type: "ldap" } } }, "no"],
])("%s", (_, desired, expected) => {
  const { state } = aLiveState({ realms: live });
  const read = detailsToRead(state, overTime(aDesiredState(desired)), pve, "9.2.11");
  expect(read.syncJobs).toBe(expected);
  expect(detailsToRead(state, overTime(aDesiredState(desired)), pve, "7.4-16").syncJobs).toBe("no");
});
