import { describe, expect, test } from "@jest/globals";
import { effectivePermissions, effectivePrivileges } from "../../../src/access/effective.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { compareText } from "../../../src/support/compare.ts";
import { aPool, aState, aToken, aTokenId, aUser, aUserId, type TerseState } from "../../support/builders.ts";

// Two roles of two privileges each, one of them in both, tell everything apart that the rules do.
const roles = {
  Look: ["VM.Audit", "VM.Console"],
  Run: ["VM.PowerMgmt", "VM.Console"],
  Nothing: [],
};
const base: TerseState = { users: ["joe@pve"], groups: { ops: ["joe@pve"], night: ["joe@pve"] }, roles };

/** What somebody holds: privileges without `VM.`, with `*` where they hold below too. */
function held(terse: TerseState, id: string, path: string): string {
  const authId = id.includes("!") ? aTokenId(id) : aUserId(id);
  const privileges = effectivePrivileges(indexAccess(aState({ ...base, ...terse })), authId, path);
  return [...privileges]
    .map(([name, propagate]) => name.replace("VM.", "") + (propagate ? "*" : ""))
    .sort(compareText)
    .join(" ");
}

const look = "Audit* Console*";
const run = "Console* PowerMgmt*";
const both = "Audit* Console* PowerMgmt*";

describe("down the tree", () => {
  const acl: TerseState["acl"] = [["/vms", "user:joe@pve", "Look"]];

  test.each([
    ["/vms", look],
    ["/vms/100", look],
    ["/vms/100/deep/below", look],
    ["/", ""],
    ["/vmsx", ""],
    ["/storage", ""],
  ])("an entry on /vms gives on %s: %s", (path, expected) => {
    expect(held({ acl }, "joe@pve", path)).toBe(expected);
  });

  test("a deeper entry replaces what is inherited and does not add to it", () => {
    const deeper: TerseState = { acl: [...acl, ["/vms/100", "user:joe@pve", "Run"]] };
    expect(held(deeper, "joe@pve", "/vms/100")).toBe(run);
    expect(held(deeper, "joe@pve", "/vms/101")).toBe(look);
  });

  test("a role without privileges replaces too", () => {
    expect(held({ acl: [...acl, ["/vms/100", "user:joe@pve", "Nothing"]] }, "joe@pve", "/vms/100")).toBe("");
  });

  test("roles on one path add up", () => {
    expect(held({ acl: [...acl, ["/vms", "user:joe@pve", "Run"]] }, "joe@pve", "/vms")).toBe(both);
  });

  test("of two lines for one path, subject and role the last one holds", () => {
    expect(held({ acl: [...acl, ["/vms", "user:joe@pve", "Look", false]] }, "joe@pve", "/vms/100")).toBe("");
  });
});

describe("an entry that does not propagate", () => {
  const alone: TerseState["acl"] = [["/vms", "user:joe@pve", "Run", false]];

  test("holds on its path, and says so", () => {
    expect(held({ acl: alone }, "joe@pve", "/vms")).toBe("Console PowerMgmt");
    expect(held({ acl: alone }, "joe@pve", "/vms/100")).toBe("");
  });

  test("hides what is inherited on its path only", () => {
    const acl: TerseState["acl"] = [["/", "user:joe@pve", "Look"], ...alone];
    expect(held({ acl }, "joe@pve", "/vms")).toBe("Console PowerMgmt");
    expect(held({ acl }, "joe@pve", "/vms/100")).toBe(look);
  });

  test("hides the entry of a group beside it on its path only", () => {
    const acl: TerseState["acl"] = [["/vms", "group:ops", "Look"], ...alone];
    expect(held({ acl }, "joe@pve", "/vms")).toBe("Console PowerMgmt");
    expect(held({ acl }, "joe@pve", "/vms/100")).toBe(look);
  });

  test("leaves a privilege below to another role that propagates", () => {
    const acl: TerseState["acl"] = [["/vms", "user:joe@pve", "Look"], ...alone];
    expect(held({ acl }, "joe@pve", "/vms")).toBe("Audit* Console* PowerMgmt");
    expect(held({ acl }, "joe@pve", "/vms/100")).toBe(look);
  });
});

describe("groups", () => {
  test("give what they have to their members, and add up", () => {
    const acl: TerseState["acl"] = [
      ["/vms", "group:ops", "Look"],
      ["/vms", "group:night", "Run"],
    ];
    expect(held({ acl }, "joe@pve", "/vms")).toBe(both);
    expect(held({ acl }, "anna@pve", "/vms")).toBe("");
  });

  test("give nothing on a path where the user has an entry", () => {
    const acl: TerseState["acl"] = [
      ["/vms", "group:ops", "Look"],
      ["/vms", "user:joe@pve", "Run"],
    ];
    expect(held({ acl }, "joe@pve", "/vms")).toBe(run);
  });

  test("replace, deeper down, what the user has above", () => {
    const acl: TerseState["acl"] = [
      ["/vms/100", "group:ops", "Look"],
      ["/vms", "user:joe@pve", "Run"],
    ];
    expect(held({ acl }, "joe@pve", "/vms/100")).toBe(look);
  });

  test("give to users who do not exist, where a file says so", () => {
    const terse: TerseState = { groups: { ops: ["ghost@pve"] }, acl: [["/", "group:ops", "Look"]] };
    expect(held(terse, "ghost@pve", "/vms")).toBe(look);
  });

  test("give nothing once they are gone", () => {
    expect(held({ groups: {}, acl: [["/", "group:ops", "Look"]] }, "joe@pve", "/")).toBe("");
  });
});

describe("NoAccess", () => {
  test("beats the other roles on its path, those of other groups too", () => {
    const acl: TerseState["acl"] = [
      ["/vms", "group:ops", "Look"],
      ["/vms", "group:night", "NoAccess"],
    ];
    expect(held({ acl }, "joe@pve", "/vms/100")).toBe("");
  });

  test("is replaced by a deeper entry", () => {
    const acl: TerseState["acl"] = [
      ["/vms", "user:joe@pve", "NoAccess"],
      ["/vms/100", "group:ops", "Look"],
    ];
    expect(held({ acl }, "joe@pve", "/vms")).toBe("");
    expect(held({ acl }, "joe@pve", "/vms/100")).toBe(look);
  });

  test("that does not propagate lets the other roles through to what is below", () => {
    const acl: TerseState["acl"] = [
      ["/vms", "user:joe@pve", "NoAccess", false],
      ["/vms", "user:joe@pve", "Look"],
    ];
    expect(held({ acl }, "joe@pve", "/vms")).toBe("");
    expect(held({ acl }, "joe@pve", "/vms/100")).toBe(look);
  });
});

describe("pools", () => {
  const pools = [aPool("dev", [100], ["local"]), aPool("dev/sub", [101], ["local"])];
  const ofPool: TerseState["acl"] = [["/pool/dev", "user:joe@pve", "Look"]];

  test.each([
    ["/vms/100", "Audit Console"],
    ["/vms/101", "Audit Console"],
    ["/storage/local", "Audit Console"],
    ["/vms/102", ""],
    ["/vms/100/deep", ""],
    ["/vms/100/", ""],
    ["/pool/dev/sub", look],
  ])("give their roles without propagate on %s: %s", (path, expected) => {
    expect(held({ pools, acl: ofPool }, "joe@pve", path)).toBe(expected);
  });

  test("add to what an entry gives, and come back where an entry replaced the same role above", () => {
    const acl: TerseState["acl"] = [...ofPool, ["/vms/100", "user:joe@pve", "Run"]];
    expect(held({ pools, acl }, "joe@pve", "/vms/100")).toBe("Audit Console* PowerMgmt*");
    const onRoot: TerseState["acl"] = [
      ["/", "user:joe@pve", "Look"],
      ["/vms/100", "user:joe@pve", "Nothing"],
    ];
    expect(held({ pools, acl: onRoot }, "joe@pve", "/vms/100")).toBe("Audit Console");
  });

  test("do not undo a refusal, and refuse what an entry gives", () => {
    const refused: TerseState["acl"] = [...ofPool, ["/vms", "user:joe@pve", "NoAccess"]];
    expect(held({ pools, acl: refused }, "joe@pve", "/vms/100")).toBe("");
    const refusing: TerseState["acl"] = [
      ["/pool/dev", "user:joe@pve", "NoAccess"],
      ["/vms", "user:joe@pve", "Look"],
    ];
    expect(held({ pools, acl: refusing }, "joe@pve", "/vms/100")).toBe("");
    expect(held({ pools, acl: refusing }, "joe@pve", "/vms/102")).toBe(look);
  });

  test("of which one refuses make all refuse", () => {
    const acl: TerseState["acl"] = [...ofPool, ["/pool/dev/sub", "user:joe@pve", "NoAccess"]];
    expect(held({ pools, acl }, "joe@pve", "/storage/local")).toBe("");
    expect(held({ pools, acl }, "joe@pve", "/vms/100")).toBe("Audit Console");
  });

  test("whose members were not read give nothing", () => {
    const unread = { id: aPool("dev").id, comment: "" };
    expect(held({ pools: [unread], acl: ofPool }, "joe@pve", "/vms/100")).toBe("");
  });
});

describe("tokens", () => {
  const tokens = ["joe@pve!sep", aToken("joe@pve!full", { privilegeSeparation: false })];
  const ofOwner: TerseState["acl"] = [["/vms", "group:ops", "Look"]];

  test("that are not separated hold what their owner holds, whatever their entries", () => {
    const acl: TerseState["acl"] = [...ofOwner, ["/vms", "token:joe@pve!full", "Run"]];
    expect(held({ tokens, acl }, "joe@pve!full", "/vms")).toBe(look);
  });

  test("that are separated hold nothing without entries of their own", () => {
    expect(held({ tokens, acl: ofOwner }, "joe@pve!sep", "/vms")).toBe("");
  });

  test("that are separated hold what both they and their owner hold, below where both do", () => {
    const acl: TerseState["acl"] = [...ofOwner, ["/vms", "token:joe@pve!sep", "Run"]];
    expect(held({ tokens, acl }, "joe@pve!sep", "/vms")).toBe("Console*");
    const alone: TerseState["acl"] = [...ofOwner, ["/vms", "token:joe@pve!sep", "Look", false]];
    expect(held({ tokens, acl: alone }, "joe@pve!sep", "/vms")).toBe("Audit Console");
  });

  test("of root@pam: all, or where separated, their own entries with nothing taken away", () => {
    const ofRoot = ["root@pam!sep", aToken("root@pam!full", { privilegeSeparation: false })];
    const acl: TerseState["acl"] = [["/vms", "token:root@pam!sep", "Run"]];
    expect(held({ tokens: ofRoot, acl }, "root@pam!sep", "/vms")).toBe(run);
    expect(held({ tokens: ofRoot, acl }, "root@pam!full", "/")).toBe(held({}, "root@pam", "/"));
  });

  test("that do not exist hold nothing", () => {
    const acl: TerseState["acl"] = [["/", "token:joe@pve!gone", "Run"]];
    expect(held({ tokens, acl }, "joe@pve!gone", "/")).toBe("");
  });
});

describe("what the server does not know", () => {
  test("a role that does not exist gives nothing and hides nothing", () => {
    const acl: TerseState["acl"] = [
      ["/", "user:joe@pve", "Look"],
      ["/vms", "user:joe@pve", "Gone"],
    ];
    expect(held({ acl }, "joe@pve", "/vms")).toBe(look);
  });

  test("permissions of a disabled, expired user are computed like any other's", () => {
    const users = [aUser("joe@pve", { enabled: false, expire: 1 })];
    expect(held({ users, acl: [["/", "user:joe@pve", "Look"]] }, "joe@pve", "/vms")).toBe(look);
  });
});

describe("the superuser", () => {
  test("holds every privilege of the release everywhere, below too, whatever the ACL says", () => {
    const acl: TerseState["acl"] = [["/vms", "user:root@pam", "NoAccess"]];
    const everything = held({ acl }, "root@pam", "/vms/100").split(" ");
    expect(everything).toHaveLength(47);
    expect(everything.every((name) => name.endsWith("*"))).toBe(true);
  });
});

describe("the whole answer", () => {
  const pathsFor = (terse: TerseState, id: string): string[] =>
    [...effectivePermissions(indexAccess(aState({ ...base, ...terse })), aUserId(id)).keys()].sort(
      compareText,
    );
  const top = ["/", "/access", "/access/groups", "/nodes", "/pool", "/sdn", "/storage", "/vms"];

  test("names the top of the tree", () => {
    expect(pathsFor({}, "root@pam")).toEqual(top);
  });

  test("names what entries name, all above it, and members of pools", () => {
    const terse: TerseState = {
      acl: [["/mapping/pci/m1", "user:anna@pve", "Look"]],
      pools: [aPool("dev", [100], ["local"])],
    };
    const more = ["/mapping", "/mapping/pci", "/mapping/pci/m1", "/storage/local", "/vms/100"];
    expect(pathsFor(terse, "root@pam")).toEqual([...top, ...more].sort(compareText));
  });

  test("leaves out where nothing is held", () => {
    expect(pathsFor({ acl: [["/vms", "user:joe@pve", "Look"]] }, "joe@pve")).toEqual(["/vms"]);
    expect(pathsFor({ acl: [["/vms", "user:joe@pve", "Nothing"]] }, "joe@pve")).toEqual([]);
  });
});
