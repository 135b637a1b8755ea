import { describe, expect, test } from "@jest/globals";
import { explain, type Explanation } from "../../../src/access/explain.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { wordReason } from "../../../src/access/words.ts";
import { aPool, aState, aToken, aTokenId, aUserId, type TerseState } from "../../support/builders.ts";

type Acl = NonNullable<TerseState["acl"]>;
const base: TerseState = {
  users: ["joe@pve"],
  groups: { ops: ["joe@pve"], night: ["joe@pve"] },
  roles: { Look: ["VM.Audit", "VM.Console"], Run: ["VM.PowerMgmt", "VM.Console"] },
};

function explained(terse: TerseState, id: string, path: string): Explanation {
  const authId = id.includes("!") ? aTokenId(id) : aUserId(id);
  return explain(indexAccess(aState({ ...base, ...terse })), authId, path);
}

/** Privilege, with `*` where it holds below too: reasons. */
function because(terse: TerseState, id: string, path: string): Record<string, readonly string[]> {
  return Object.fromEntries(
    [...explained(terse, id, path).privileges].map(([name, held]) => [
      name + (held.propagate ? "*" : ""),
      held.because.map(wordReason),
    ]),
  );
}

/** What is replaced, and by what. */
function replaced(terse: TerseState, id: string, path: string): readonly (readonly [string, ...string[]])[] {
  return explained(terse, id, path).replaced.map(({ reason, by }) => [
    wordReason(reason),
    ...by.map(wordReason),
  ]);
}

describe("what gives a privilege", () => {
  test("an entry of a group, inherited from above", () => {
    const acl: Acl = [["/vms", "group:ops", "Look"]];
    const reasons = ["group ops has Look on /vms"];
    expect(because({ acl }, "joe@pve", "/vms/100")).toEqual({ "VM.Audit*": reasons, "VM.Console*": reasons });
  });

  test("every entry that has it", () => {
    const acl: Acl = [
      ["/vms", "group:ops", "Look", false],
      ["/vms", "group:night", "Run"],
    ];
    expect(because({ acl }, "joe@pve", "/vms")).toEqual({
      "VM.Audit": ["group ops has Look on /vms"],
      "VM.Console*": ["group night has Run on /vms", "group ops has Look on /vms"],
      "VM.PowerMgmt*": ["group night has Run on /vms"],
    });
  });

  test("a pool that the guest is in, and what stands above the pool", () => {
    const pools = [aPool("dev", [100])];
    const own = because({ pools, acl: [["/pool/dev", "user:joe@pve", "Look"]] }, "joe@pve", "/vms/100");
    expect(own["VM.Audit"]).toEqual(["user joe@pve has Look on /pool/dev"]);
    const above = because({ pools, acl: [["/pool", "user:joe@pve", "Look"]] }, "joe@pve", "/vms/100");
    expect(above["VM.Audit"]).toEqual(["user joe@pve has Look on /pool, by way of /pool/dev"]);
  });

  test("being the superuser, or an unseparated token of it", () => {
    const tokens = [aToken("root@pam!full", { privilegeSeparation: false })];
    const reasons = ["root@pam holds every privilege"];
    expect(because({ tokens }, "root@pam", "/vms")["VM.Audit*"]).toEqual(reasons);
    expect(because({ tokens }, "root@pam!full", "/vms")["VM.Audit*"]).toEqual(reasons);
  });

  test("nothing for a token that is not there", () => {
    expect(explained({}, "joe@pve!gone", "/vms").privileges.size).toBe(0);
  });
});

describe("a token", () => {
  const acl: Acl = [
    ["/vms", "group:ops", "Look", false],
    ["/vms", "token:joe@pve!sep", "Run"],
    ["/vms", "token:joe@pve!sep", "Look"],
  ];
  const tokens = ["joe@pve!sep", aToken("joe@pve!full", { privilegeSeparation: false })];

  test("that is separated holds what both sides give, by both sides' reasons", () => {
    expect(because({ tokens, acl }, "joe@pve!sep", "/vms")["VM.Audit"]).toEqual([
      "token joe@pve!sep has Look on /vms",
      "group ops has Look on /vms",
    ]);
  });

  test("that is separated is cut by who lacks the privilege, on the path or below it", () => {
    const { cut } = explained({ tokens, acl }, "joe@pve!sep", "/vms");
    expect(cut.map(({ privilege, extent, lackedBy }) => [privilege, extent, lackedBy])).toEqual([
      ["VM.Audit", "below", "joe@pve"],
      ["VM.Console", "below", "joe@pve"],
      ["VM.PowerMgmt", "here", "joe@pve"],
    ]);
  });

  test("that is separated, without entries of its own, is cut of all by itself", () => {
    const { cut, privileges } = explained(
      { tokens, acl: [["/", "user:joe@pve", "Look"]] },
      "joe@pve!sep",
      "/",
    );
    expect(privileges.size).toBe(0);
    expect(cut.map(({ lackedBy }) => lackedBy)).toEqual(["joe@pve!sep", "joe@pve!sep"]);
  });

  test("that is not separated holds by its owner's reasons", () => {
    expect(because({ tokens, acl }, "joe@pve!full", "/vms")).toEqual(because({ acl }, "joe@pve", "/vms"));
  });
});

describe("what is replaced", () => {
  test.each<[string, Acl, string, string, string]>([
    [
      "what is inherited, by a deeper entry",
      [
        ["/", "user:joe@pve", "Look"],
        ["/vms", "group:ops", "Run"],
      ],
      "/vms/101",
      "user joe@pve has Look on /",
      "group ops has Run on /vms",
    ],
    [
      "a group's entry, by the user's own on the same path",
      [
        ["/vms", "user:joe@pve", "Look"],
        ["/vms", "group:ops", "Run"],
      ],
      "/vms",
      "group ops has Run on /vms",
      "user joe@pve has Look on /vms",
    ],
    [
      "another role on the same path, by NoAccess",
      [
        ["/vms", "group:ops", "Run"],
        ["/vms", "group:night", "NoAccess"],
      ],
      "/vms",
      "group ops has Run on /vms",
      "group night has NoAccess on /vms",
    ],
    [
      "what an entry gives, by a pool's refusal",
      [
        ["/vms", "group:ops", "Run"],
        ["/pool/dev", "user:joe@pve", "NoAccess"],
      ],
      "/vms/100",
      "group ops has Run on /vms",
      "user joe@pve has NoAccess on /pool/dev",
    ],
    [
      "what a pool gives, by a refusal",
      [
        ["/vms", "user:joe@pve", "NoAccess"],
        ["/pool/dev", "group:ops", "Run"],
      ],
      "/vms/100",
      "group ops has Run on /pool/dev",
      "user joe@pve has NoAccess on /vms",
    ],
  ])("%s", (_, acl, path, hidden, by) => {
    expect(replaced({ acl, pools: [aPool("dev", [100])] }, "joe@pve", path)).toEqual([[hidden, by]]);
  });

  test("on its own way only: what a pool brings back counts", () => {
    const acl: Acl = [
      ["/", "user:joe@pve", "Look"],
      ["/vms", "group:ops", "Run"],
    ];
    const pools = [aPool("dev", [100])];
    expect(replaced({ acl, pools }, "joe@pve", "/vms/100")).toEqual([
      ["user joe@pve has Look on /", "group ops has Run on /vms"],
    ]);
    expect(because({ acl, pools }, "joe@pve", "/vms/100")["VM.Audit"]).toEqual([
      "user joe@pve has Look on /, by way of /pool/dev",
    ]);
  });

  test("not an entry above that does not propagate: it would not count anyway", () => {
    const acl: Acl = [
      ["/", "user:joe@pve", "Look", false],
      ["/vms", "group:ops", "Run"],
    ];
    expect(replaced({ acl }, "joe@pve", "/vms/100")).toEqual([]);
  });
});
