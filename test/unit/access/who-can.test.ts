import { expect, test } from "@jest/globals";
import { indexAccess } from "../../../src/access/lookup.ts";
import { whoCan } from "../../../src/access/who-can.ts";
import { wordReason } from "../../../src/access/words.ts";
import { aRole, aState, aUser } from "../../support/builders.ts";

test("names who can, with the reasons, and nobody who cannot log in", () => {
  const index = indexAccess(
    aState({
      users: ["joe@pve", "anna@pve", aUser("off@pve", { enabled: false }), "none@pve"],
      groups: { ops: ["joe@pve", "off@pve"] },
      tokens: ["joe@pve!tk", "joe@pve!bare"],
      acl: [
        ["/vms", "group:ops", "PVEVMUser"],
        ["/vms", "token:joe@pve!tk", "PVEVMUser"],
        ["/vms/100", "user:anna@pve", "PVEVMUser", false],
      ],
    }),
  );
  const [privilege] = aRole("R", ["VM.PowerMgmt"]).privileges;
  const holdings = privilege === undefined ? [] : whoCan(index, privilege, "/vms/100", 1);
  expect(
    holdings.map(({ subject, propagate, because }) => [subject, propagate, because.map(wordReason)]),
  ).toEqual([
    ["token:joe@pve!tk", true, ["token joe@pve!tk has PVEVMUser on /vms", "group ops has PVEVMUser on /vms"]],
    ["user:anna@pve", false, ["user anna@pve has PVEVMUser on /vms/100"]],
    ["user:joe@pve", true, ["group ops has PVEVMUser on /vms"]],
    ["user:root@pam", true, ["root@pam holds every privilege"]],
  ]);
});
