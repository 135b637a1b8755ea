import { expect, test } from "@jest/globals";
import { lacksAclPath, parseAclPath } from "../../../src/model/pve-paths.ts";
import { takesEntries } from "../../../src/simulator/calls/paths.ts";
import { profileOf } from "../../../src/simulator/profile.ts";

const releases = ["7.4-16", "8.0.3", "8.1.4", "8.4.5", "9.0.3", "9.1.1", "9.2.11"];

test.each([
  ["/mapping/pci", ["7.4-16"], "8.0 brought it"],
  ["/sdn/zones/a/b", ["7.4-16"], "8.0 brought it"],
  ["/sdn/zones/a", [], undefined],
  ["/pool/a/b", ["7.4-16", "8.0.3"], "8.1 brought it"],
  ["/pool/a", [], undefined],
  ["/sdn/fabrics/f", ["7.4-16", "8.0.3", "8.1.4", "8.4.5"], "9.0 brought it"],
  ["/sdn/vnets/v", releases.slice(1), "8.0 took it away"],
  ["/vms/100", [], undefined],
] as const)("%s is not taken by %j", (text, lacking, why) => {
  const path = parseAclPath(text);
  if (!path.ok) throw new Error(path.problem);
  const said = releases.map((release) => lacksAclPath(path.value, release));
  expect(releases.filter((_, index) => said[index] !== undefined)).toEqual(lacking);
  expect(said.find((words) => words !== undefined)).toBe(why);
  // What is refused in a plan, the server would refuse, too.
  for (const release of lacking) expect(takesEntries(text, profileOf(release)!.library)).toBe(false);
});
