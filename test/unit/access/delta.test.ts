import { describe, expect, test } from "@jest/globals";
import { listChanges } from "../../../src/access/changes.ts";
import { accessDelta, computedDelta } from "../../../src/access/delta.ts";
import { indexAccess } from "../../../src/access/lookup.ts";
import { aPool, aState, aToken, aUser, type TerseState } from "../../support/builders.ts";

const now = 1000;
const base: TerseState = {
  users: ["joe@pve"],
  groups: { ops: ["joe@pve"] },
  roles: { Look: ["VM.Audit"], Run: ["VM.PowerMgmt"], Nothing: [] },
};
type Acl = NonNullable<TerseState["acl"]>;
const onVms: Acl = [["/vms", "user:joe@pve", "Look"]];

/** `PATH +GAINED -LOST`, with `(here)` where nothing named below has it too, and what it is because of. */
function changes(before: TerseState, after: TerseState, delta = usable): readonly string[] {
  return listChanges(
    delta(indexAccess(aState({ ...base, ...before })), indexAccess(aState({ ...base, ...after }))),
  ).map(({ subject, path, propagate, gained, lost, because }) =>
    [
      subject === "user:joe@pve" ? path : `${subject} ${path}`,
      ...(propagate ? [] : ["(here)"]),
      ...gained.map((name) => `+${name}`),
      ...lost.map((name) => `-${name}`),
      `because ${because.join("; ")}`,
    ].join(" "),
  );
}

function usable(...[before, after]: Parameters<typeof computedDelta>): ReturnType<typeof computedDelta> {
  return accessDelta(before, after, now);
}

describe("entries", () => {
  test.each<[string, Acl, Acl, readonly string[]]>([
    ["a new one", [], onVms, ["/vms +VM.Audit because user joe@pve has Look on /vms"]],
    ["one that is gone", onVms, [], ["/vms -VM.Audit because user joe@pve no longer has Look on /vms"]],
    [
      "one that does not propagate",
      [],
      [["/vms", "group:ops", "Look", false]],
      ["/vms (here) +VM.Audit because group ops has Look on /vms"],
    ],
    [
      "one that no longer propagates",
      onVms,
      [["/vms", "user:joe@pve", "Look", false]],
      ["/vms/* -VM.Audit because user joe@pve has Look on /vms, no longer with propagate"],
    ],
    [
      "one that replaces what was inherited",
      [["/", "user:joe@pve", "Look"]],
      [
        ["/", "user:joe@pve", "Look"],
        ["/vms/100", "user:joe@pve", "Nothing"],
      ],
      [
        "/vms/100 -VM.Audit because user joe@pve has Nothing on /vms/100; user joe@pve has Look on /, which is replaced here",
      ],
    ],
    [
      "a refusal that is gone",
      [
        ["/vms", "group:ops", "Look"],
        ["/vms", "user:joe@pve", "NoAccess"],
      ],
      [["/vms", "group:ops", "Look"]],
      ["/vms +VM.Audit because group ops has Look on /vms; user joe@pve no longer has NoAccess on /vms"],
    ],
    [
      "one that ceases to propagate and so no longer hides what is above",
      [
        ["/", "group:ops", "Run"],
        ["/vms", "user:joe@pve", "Look"],
      ],
      [
        ["/", "group:ops", "Run"],
        ["/vms", "user:joe@pve", "Look", false],
      ],
      [
        "/vms/* +VM.PowerMgmt -VM.Audit because group ops has Run on /; user joe@pve has Look on /vms, no longer with propagate",
      ],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(changes({ acl: before }, { acl: after })).toEqual(expected);
  });

  test("what others name below is listed, where it changes", () => {
    const others: Acl = [
      ["/vms/100", "user:anna@pve", "Look"],
      ["/vms/101", "group:ops", "Nothing"],
    ];
    const because = "because user joe@pve has Look on /vms";
    expect(changes({ acl: others }, { acl: [...others, ...onVms] })).toEqual([
      `/vms +VM.Audit ${because}`,
      `/vms/100 +VM.Audit ${because}`,
    ]);
  });
});

describe("roles, groups and pools", () => {
  test("a role that gains and loses", () => {
    const roles = { ...base.roles, Look: ["VM.Console"] };
    expect(changes({ acl: onVms }, { acl: onVms, roles })).toEqual([
      "/vms +VM.Console -VM.Audit because role Look now has VM.Console; role Look no longer has VM.Audit",
    ]);
  });

  test("a group that is joined, and left", () => {
    const acl: Acl = [["/vms", "group:ops", "Look"]];
    const without = { acl, groups: { ops: [] } };
    expect(changes(without, { acl })).toEqual([
      "/vms +VM.Audit because now in group ops; group ops has Look on /vms",
    ]);
    expect(changes({ acl }, without)).toEqual(["/vms -VM.Audit because no longer in group ops"]);
  });

  test("a guest that comes into a pool", () => {
    const acl: Acl = [["/pool/dev", "user:joe@pve", "Look"]];
    const [empty, full] = [
      { acl, pools: [aPool("dev")] },
      { acl, pools: [aPool("dev", [100])] },
    ];
    expect(changes(empty, full)).toEqual([
      "/vms/100 (here) +VM.Audit because /vms/100 is now in /pool/dev; user joe@pve has Look on /pool/dev",
    ]);
    expect(changes(full, empty)).toEqual([
      "/vms/100 (here) -VM.Audit because /vms/100 is no longer in /pool/dev",
    ]);
  });
});

describe("who cannot log in", () => {
  const disabled = { acl: onVms, users: [aUser("joe@pve", { enabled: false })] };

  test("gains and loses nothing that can be used", () => {
    expect(changes(disabled, { ...disabled, acl: [] })).toEqual([]);
    expect(changes(disabled, { ...disabled, acl: [] }, computedDelta)).toHaveLength(1);
  });

  test("loses all by it, and gets it back", () => {
    expect(changes({ acl: onVms }, disabled)).toEqual(["/vms -VM.Audit because is disabled"]);
    expect(changes(disabled, { acl: onVms })).toEqual([
      "/vms +VM.Audit because is no longer disabled; user joe@pve has Look on /vms",
    ]);
  });

  test("is new, or deleted", () => {
    const acl: Acl = [["/vms", "group:ops", "Look"]];
    expect(changes({ users: [], acl }, { acl })).toEqual([
      "/vms +VM.Audit because is new; group ops has Look on /vms",
    ]);
    expect(changes({ acl }, { users: [], groups: { ops: [] }, acl })).toEqual([
      "/vms -VM.Audit because is deleted",
    ]);
  });
});

describe("tokens", () => {
  const tokens = ["joe@pve!tk"];
  const both: Acl = [...onVms, ["/vms", "token:joe@pve!tk", "Look"]];

  test("lose with their owner", () => {
    expect(changes({ tokens, acl: both }, { tokens, acl: both.slice(1) })).toEqual([
      "token:joe@pve!tk /vms -VM.Audit because user joe@pve no longer has Look on /vms",
      "/vms -VM.Audit because user joe@pve no longer has Look on /vms",
    ]);
    const outside = { tokens, groups: { ops: [] } };
    const acl: Acl = [
      ["/vms", "group:ops", "Look"],
      ["/vms", "token:joe@pve!tk", "Look"],
    ];
    expect(changes({ tokens, acl }, { ...outside, acl })[0]).toBe(
      "token:joe@pve!tk /vms -VM.Audit because its owner is no longer in group ops",
    );
  });

  test("gain by an end of separation, and lose by its beginning", () => {
    const full = { acl: onVms, tokens: [aToken("joe@pve!tk", { privilegeSeparation: false })] };
    const separated = { acl: onVms, tokens };
    expect(changes(separated, full)).toEqual([
      "token:joe@pve!tk /vms +VM.Audit because the token is no longer separated",
    ]);
    expect(changes(full, separated)).toEqual([
      "token:joe@pve!tk /vms -VM.Audit because the token is now separated",
    ]);
  });

  test("of a disabled owner lose too", () => {
    const disabled = { tokens, acl: both, users: [aUser("joe@pve", { enabled: false })] };
    expect(changes({ tokens, acl: both }, disabled)[0]).toBe(
      "token:joe@pve!tk /vms -VM.Audit because its owner is disabled",
    );
  });
});

test("those whom the same entries speak of share one answer", () => {
  const users = ["a@pve", "b@pve", "c@pve"];
  const state = (acl: Acl): TerseState => ({ users, groups: { ops: users }, acl });
  const delta = accessDelta(
    indexAccess(aState({ ...base, ...state([]) })),
    indexAccess(aState({ ...base, ...state([["/", "group:ops", "Look"]]) })),
    now,
  );
  expect(delta.shares.map(({ subjects }) => subjects)).toEqual([["user:a@pve", "user:b@pve", "user:c@pve"]]);
});
