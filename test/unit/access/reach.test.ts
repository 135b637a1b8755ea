import { expect, test } from "@jest/globals";
import { indexAccess } from "../../../src/access/lookup.ts";
import { holderOf } from "../../../src/access/holder.ts";
import { reachOf, seek } from "../../../src/access/reach.ts";
import { compileGlob } from "../../../src/support/glob.ts";
import { aPool, aState, aToken, aTokenId, aUserId, type TerseState } from "../../support/builders.ts";

type Rows = NonNullable<TerseState["acl"]>;

function reach(
  acl: Rows,
  globs: readonly string[],
  id = "joe@pve",
  sought = /^VM\.(?:Audit|Console)$/u,
): string[] {
  const index = indexAccess(
    aState({
      users: ["joe@pve"],
      groups: { ops: ["joe@pve"] },
      roles: { See: ["VM.Audit"], Use: ["VM.Audit", "VM.Console"] },
      tokens: [
        "joe@pve!sep",
        aToken("joe@pve!full", { privilegeSeparation: false }),
        aToken("root@pam!full", { privilegeSeparation: false }),
      ],
      acl,
      pools: [aPool("dev", [100])],
    }),
  );
  const who = id.includes("!") ? aTokenId(id) : aUserId(id);
  const found = reachOf(
    index,
    holderOf(index, who),
    seek(
      globs.map((text) => compileGlob(text)),
      (name) => sought.test(name),
    ),
  );
  return found.map(({ where, path, privileges }) => `${where}: ${privileges.join("+")} (${path})`);
}

test.each<[string, Rows, readonly string[], readonly string[]]>([
  ["nothing", [], ["/**"], []],
  ["on a path and below", [["/vms", "user:joe@pve", "See"]], ["/**"], ["/vms and below: VM.Audit (/vms)"]],
  ["on the path alone", [["/vms", "user:joe@pve", "See", false]], ["/**"], ["/vms: VM.Audit (/vms)"]],
  [
    "what is asked lies deeper",
    [["/", "user:joe@pve", "See"]],
    ["/vms/**"],
    ["/vms and below: VM.Audit (/*)"],
  ],
  ["and has no name", [["/vms", "group:ops", "See"]], ["/vms/9*"], ["/vms/9*: VM.Audit (/vms/*)"]],
  ["one path of many", [["/", "group:ops", "See"]], ["/vms/900"], ["/vms/900: VM.Audit (/*)"]],
  ["not below what does not propagate", [["/", "group:ops", "See", false]], ["/vms/**"], []],
  [
    "what a deeper entry refuses is not said",
    [
      ["/", "group:ops", "See"],
      ["/vms/900", "user:joe@pve", "NoAccess"],
    ],
    ["/vms/900"],
    [],
  ],
  [
    "but others of the series are",
    [
      ["/", "group:ops", "See"],
      ["/vms/900", "user:joe@pve", "NoAccess"],
    ],
    ["/vms/9*"],
    ["/vms/9*: VM.Audit (/*)"],
  ],
  [
    "at every entry anew, since another one decides there",
    [
      ["/", "user:joe@pve", "See"],
      ["/vms/100", "user:joe@pve", "See"],
    ],
    ["/**"],
    ["/ and below: VM.Audit (/)", "/vms/100 and below: VM.Audit (/vms/100)"],
  ],
  [
    "several globs",
    [
      ["/", "user:joe@pve", "See"],
      ["/vms/900", "user:joe@pve", "See"],
    ],
    ["/storage/**", "/vms/900", "/vms/8*"],
    ["/storage and below, /vms/8*: VM.Audit (/*)", "/vms/900: VM.Audit (/vms/900)"],
  ],
  [
    "what a pool gives on its members",
    [["/pool/dev", "group:ops", "See"]],
    ["/vms/**"],
    ["/vms/100: VM.Audit (/vms/100)"],
  ],
  [
    "on the path less than below it",
    [
      ["/vms", "user:joe@pve", "See"],
      ["/vms", "user:joe@pve", "NoAccess", false],
    ],
    ["/**"],
    ["what is below /vms: VM.Audit (/vms/*)"],
  ],
])("%s", (_, acl, globs, expected) => expect(reach(acl, globs)).toEqual(expected));

test.each<[string, readonly string[]]>([
  ["joe@pve!sep", ["/vms/100 and below: VM.Audit (/vms/100)"]],
  ["joe@pve!full", ["/vms and below: VM.Audit+VM.Console (/vms)"]],
  ["root@pam!full", ["/ and below: VM.Audit+VM.Console (/)"]],
  ["none@pve", []],
])("%s", (id, expected) =>
  expect(
    reach(
      [
        ["/vms", "group:ops", "Use"],
        ["/vms/100", "token:joe@pve!sep", "See"],
      ],
      ["/**"],
      id,
    ),
  ).toEqual(expected),
);
