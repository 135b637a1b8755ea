import { expect, test } from "@jest/globals";
import { isUsable, logInOf } from "../../../src/access/usable.ts";
import { aState, aToken, aTokenId, aUser, aUserId } from "../../support/builders.ts";

const now = 1000;
const state = aState({
  users: [
    "joe@pve",
    aUser("later@pve", { expire: 1001 }),
    aUser("over@pve", { expire: 1000 }),
    aUser("off@pve", { enabled: false, expire: 1 }),
  ],
  tokens: ["joe@pve!tk", aToken("joe@pve!over", { expire: 999 }), "over@pve!tk", "off@pve!tk", "gone@pve!tk"],
});

test.each([
  ["joe@pve", "open"],
  ["later@pve", "open"],
  ["over@pve", "expired"],
  ["off@pve", "disabled"],
  ["gone@pve", "absent"],
  ["joe@pve!tk", "open"],
  ["joe@pve!over", "expired"],
  ["joe@pve!none", "absent"],
  ["over@pve!tk", "owner-expired"],
  ["off@pve!tk", "owner-disabled"],
  ["gone@pve!tk", "owner-absent"],
])("%s: %s", (id, logIn) => {
  const authId = id.includes("!") ? aTokenId(id) : aUserId(id);
  expect(logInOf(state, authId, now)).toBe(logIn);
  expect(isUsable(state, authId, now)).toBe(logIn === "open");
});
