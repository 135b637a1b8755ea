import { expect, test } from "@jest/globals";
import { accessStateFrom } from "../../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf } from "../../../src/usercfg/release.ts";
import { aPool, aState, aToken, aUser } from "../../support/builders.ts";

const release = releaseOf("9.2.11")!;

test("the file says what the state is", () => {
  const text = [
    "user:joe@pve:1:0:Joe::joe@example.com:on call::",
    "token:joe@pve!ci:5:0:deploys:",
    "group:ops:joe@pve,ghost@pve::",
    "role:Power:VM.PowerMgmt,VM.Console:",
    "pool:dev::200,101:local:",
    "acl:1:/vms:@ops:Power:",
    "acl:0:/vms:@ops:PVEAuditor:",
    "acl:1:/:joe@pve!ci:PVEAuditor:",
  ].join("\n");
  expect(accessStateFrom(parseUserCfg(text, release), release)).toEqual(
    aState({
      users: [aUser("joe@pve", { firstName: "Joe", email: "joe@example.com", comment: "on call" })],
      tokens: [aToken("joe@pve!ci", { privilegeSeparation: false, expire: 5, comment: "deploys" })],
      groups: { ops: ["joe@pve", "ghost@pve"] },
      roles: { Power: ["VM.PowerMgmt", "VM.Console"] },
      pools: [aPool("dev", [101, 200], ["local"])],
      acl: [
        ["/vms", "group:ops", "Power"],
        ["/vms", "group:ops", "PVEAuditor", false],
        ["/", "token:joe@pve!ci", "PVEAuditor"],
      ],
    }),
  );
});

test("an empty file is a fresh server", () => {
  expect(accessStateFrom(parseUserCfg("", release), release)).toEqual(aState());
});
