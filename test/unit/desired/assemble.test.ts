import { describe, expect, test } from "@jest/globals";
import type { DesiredOverTime } from "../../../src/model/desired-over-time.ts";
import { buildFiles, buildTexts, manifestText, summary, targetText } from "../../support/manifest-text.ts";

function stateOf(...documents: string[]): DesiredOverTime {
  const { states, diagnostics } = buildTexts(documents);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return states[0]!;
}

function mistakes(...documents: string[]): string[] {
  return summary(buildTexts(documents).diagnostics);
}

const disabled = ", annotations: { rolecall.dev/reconcile: disabled }";
const acl = (name: string, spec: string, metadata = ""): string => manifestText("ACL", name, spec, metadata);

/** Each pair in one line: `ensure path subject +role -role`, `!` where it does not propagate. */
function pairsOf(...documents: string[]): string[] {
  return stateOf(...documents).acl.map(({ ensure, path, subject, grants, revoked }) =>
    [
      `${ensure} ${path} ${subject.id}`,
      ...grants.map(({ role, propagate }) => `+${role}${propagate ? "" : "!"}`),
      ...revoked.map(({ role }) => `-${role}`),
    ].join(" "),
  );
}

describe("ACL manifests add up to pairs", () => {
  const g = "subjects: [{ group: g }]";
  test.each<[string, string[], string[]]>([
    [
      "roles of several",
      [
        acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`),
        acl("b", `{ path: /, roles: [PVEAuditor], propagate: false, ${g} }`),
      ],
      ["present / g +PVEAdmin +PVEAuditor!"],
    ],
    [
      "the same twice",
      [
        acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`),
        acl("b", `{ path: /, roles: [PVEAdmin, PVEAdmin], ${g} }`),
      ],
      ["present / g +PVEAdmin"],
    ],
    [
      "paths as the product spells them",
      [acl("a", `{ paths: [/vms/100/, //vms//100, vms], roles: [PVEAdmin], ${g} }`)],
      ["present /vms g +PVEAdmin", "present /vms/100 g +PVEAdmin"],
    ],
    [
      "every path with every subject",
      [acl("a", "{ paths: [/vms, /], roles: [PVEAdmin], subjects: [{ user: b@pve }, { group: a }] }")],
      [
        "present / a +PVEAdmin",
        "present / b@pve +PVEAdmin",
        "present /vms a +PVEAdmin",
        "present /vms b@pve +PVEAdmin",
      ],
    ],
    ["no role is managed and empty", [acl("a", `{ path: /, roles: [], ${g} }`)], ["absent / g"]],
    ["absent without roles: the pair", [acl("a", `{ path: /, ensure: absent, ${g} }`)], ["absent / g"]],
    [
      "absent with roles: these",
      [acl("a", `{ path: /, ensure: absent, roles: [PVEAdmin], ${g} }`)],
      ["present / g -PVEAdmin"],
    ],
    [
      "absent beside another role",
      [
        acl("a", `{ path: /, ensure: absent, roles: [PVEAdmin], ${g} }`),
        acl("b", `{ path: /, roles: [PVEAuditor], ${g} }`),
      ],
      ["present / g +PVEAuditor -PVEAdmin"],
    ],
    ["left alone", [acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`, disabled)], ["ignored / g"]],
  ])("%s", (_name, documents, pairs) => expect(pairsOf(...documents)).toEqual(pairs));

  test("a pair knows who declares it", () => {
    const state = stateOf(
      acl("b", `{ path: /, roles: [PVEAdmin], ${g} }`),
      acl("a", `{ path: /, roles: [PVEAuditor], ${g} }`),
    );
    expect(state.acl[0]?.declaredBy).toEqual(["a", "b"]);
    expect(state.acl[0]?.source.line).toBe(4);
  });

  test.each<[string, string[], string[]]>([
    [
      "two propagates",
      [
        acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`),
        acl("b", `{ path: /, roles: [PVEAdmin], propagate: false, ${g} }`),
      ],
      ["conflicting-propagate@PVEAdmin"],
    ],
    [
      "a role that one wants gone",
      [
        acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`),
        acl("b", `{ path: /, ensure: absent, roles: [PVEAdmin], ${g} }`),
      ],
      ["conflicting-manifests@PVEAdmin"],
    ],
    [
      "a pair that one wants gone",
      [acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`), acl("b", `{ path: /, ensure: absent, ${g} }`)],
      ["conflicting-manifests@absent"],
    ],
    [
      "a pair that one leaves alone",
      [
        acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`),
        acl("b", `{ path: /, roles: [PVEAuditor], ${g} }`, disabled),
      ],
      ['ignored-pair@"a"'],
    ],
  ])("%s", (_name, documents, expected) => expect(mistakes(...documents)).toEqual(expected));

  test("a contradiction names both places", () => {
    const { diagnostics } = buildFiles({
      "a.yaml": acl("a", `{ path: /, roles: [PVEAdmin], ${g} }`),
      "b.yaml": acl("b", `{ path: /, roles: [PVEAdmin], propagate: false, ${g} }`),
      "t.yaml": targetText(),
    });
    expect(diagnostics).toMatchObject([
      { place: { file: "b.yaml", line: 4 }, related: { file: "a.yaml", line: 4 } },
    ]);
  });
});

describe("one object, one manifest", () => {
  test.each(["User joe@pve", "Group g", "Role R", "Token ci@pve!ab"])("%s", (object) => {
    const [kind = "", name = ""] = object.split(" ");
    const texts = {
      "a.yaml": manifestText(kind, name),
      "b.yaml": manifestText(kind, name),
      "t.yaml": targetText(),
    };
    const { diagnostics, states } = buildFiles(texts);
    expect(diagnostics).toMatchObject([
      { code: "duplicate-object", place: { file: "b.yaml", line: 3 }, related: { file: "a.yaml", line: 3 } },
    ]);
    expect(states).toEqual([]);
  });

  test("on different targets it is not one object", () => {
    const target = [targetText("a"), targetText("b")].join("---\n");
    const documents = ["a", "b"].map((name) => manifestText("User", "joe@pve", `{ targets: [${name}] }`));
    expect(buildTexts(documents, { target }).states.map(({ users }) => users.size)).toEqual([1, 1]);
  });
});

describe("membership", () => {
  const join = manifestText("Membership", "m", "{ group: g, user: joe@pve }");
  const leave = manifestText("Membership", "l", "{ ensure: absent, group: g, user: joe@pve }");

  test("may be declared from every side at once", () => {
    const state = stateOf(
      join,
      manifestText("User", "joe@pve", "{ groups: [] }"),
      manifestText("Group", "g", "{ members: [joe@pve] }"),
    );
    expect(state.memberships).toMatchObject([{ name: "m", group: "g", user: "joe@pve", ensure: "present" }]);
  });

  test.each([
    ["a user", manifestText("User", "joe@pve", "{ groups: [g] }")],
    ["a group", manifestText("Group", "g", "{ members: [joe@pve] }")],
    ["a membership", join],
  ])("an absent one against %s", (_name, text) =>
    expect(mistakes(text, leave)).toEqual(["conflicting-manifests@absent"]),
  );
});

describe("mentions of what is absent count as not there", () => {
  const gone = manifestText("User", "joe@pve", "{ ensure: absent }");

  test("one line offboards somebody", () => {
    const documents = [
      gone,
      manifestText("Group", "g", "{ members: [joe@pve, anna@corp] }"),
      manifestText("Membership", "m", "{ group: h, user: joe@pve }"),
      manifestText("Token", "joe@pve!ab"),
      acl(
        "a",
        "{ path: /, roles: [PVEAdmin], subjects: [{ user: joe@pve }, { token: joe@pve!ab }, { group: g }] }",
      ),
    ];
    const { diagnostics, states } = buildTexts(documents);
    expect(summary(diagnostics)).toEqual([
      "mentions-absent@joe@pve",
      "mentions-absent@joe@pve",
      'mentions-absent@"joe@pve!ab"',
      "mentions-absent@joe@pve",
      "mentions-absent@joe@pve!ab",
    ]);
    expect(diagnostics.every(({ severity }) => severity === "warning")).toBe(true);
    const [state] = states;
    expect([...(state?.users.values() ?? [])]).toMatchObject([{ ensure: "absent" }]);
    expect([...(state?.groups.values() ?? [])]).toMatchObject([{ members: ["anna@corp"] }]);
    expect(state?.memberships).toEqual([]);
    expect(state?.tokens.size).toBe(0);
    expect(state?.acl.map(({ subject }) => subject.id)).toEqual(["g"]);
  });

  test("a group and a role", () => {
    const documents = [
      manifestText("Group", "g", "{ ensure: absent }"),
      manifestText("Role", "R", "{ ensure: absent }"),
      manifestText("Role", "S", "{ includes: [R, PVEAuditor] }"),
      manifestText("User", "joe@pve", "{ groups: [g, h] }"),
      acl("a", "{ path: /, roles: [R], subjects: [{ user: joe@pve }] }"),
    ];
    const { states, diagnostics } = buildTexts(documents);
    expect(summary(diagnostics)).toEqual(["mentions-absent@R", "mentions-absent@g", "mentions-absent@R"]);
    expect([...(states[0]?.users.values() ?? [])]).toMatchObject([{ groups: ["h"] }]);
    expect([...(states[0]?.roles.values() ?? [])]).toMatchObject([{ id: "R" }, { includes: ["PVEAuditor"] }]);
    expect(states[0]?.acl).toMatchObject([{ ensure: "absent", grants: [] }]);
  });

  test("who wants it gone, too, is not warned", () =>
    expect(mistakes(gone, acl("a", "{ path: /, ensure: absent, subjects: [{ user: joe@pve }] }"))).toEqual(
      [],
    ));
});

describe("what could be live is no error", () => {
  test("users, groups, roles and tokens that nobody declares", () =>
    expect(
      mistakes(
        manifestText("User", "joe@pve", "{ groups: [live] }"),
        manifestText("Group", "g", "{ members: [live@corp] }"),
        acl("a", "{ path: /, roles: [Live], subjects: [{ token: live@pve!ab }] }"),
      ),
    ).toEqual([]));

  test.each([
    ["PVEAdmim", "did you mean PVEAdmin?"],
    ["VMOperater", "did you mean VMOperator?"],
    ["PVESomethingElse", undefined],
  ])("but the role %s is a warning", (role, hint) => {
    const text = acl("a", `{ path: /, roles: [${role}], subjects: [{ group: g }] }`);
    const { diagnostics } = buildTexts([text, manifestText("Role", "VMOperator")]);
    expect(diagnostics).toMatchObject([{ severity: "warning", code: "unknown-role" }]);
    expect(diagnostics[0]?.hint).toBe(hint);
  });
});

test("roles that include each other", () =>
  expect(
    mistakes(
      manifestText("Role", "A", "{ includes: [B] }"),
      manifestText("Role", "B", "{ includes: [C, PVEAuditor] }"),
      manifestText("Role", "C", "{ includes: [A] }"),
      manifestText("Role", "D", "{ includes: [A] }"),
    ),
  ).toEqual(["role-cycle@includes", "role-cycle@includes", "role-cycle@includes"]));

describe("scope", () => {
  const scope =
    ", scope: { users: { exclude: [b@pve] }, groups: { exclude: [h*] }, roles: { include: [A*] }, tokens: { exclude: ['b@*'] }, acl: { paths: { include: [/vms/**] }, subjects: { exclude: ['user:b@pve'] } } }";
  test.each<[string, string[]]>([
    [manifestText("User", "a@pve", "{ groups: [g] }"), []],
    [manifestText("User", "b@pve"), ['out-of-scope@"b@pve"']],
    [manifestText("User", "a@pve", "{ groups: [hh] }"), ["out-of-scope@hh"]],
    [manifestText("Group", "hh"), ['out-of-scope@"hh"']],
    [manifestText("Group", "g", "{ members: [b@pve] }"), []],
    [manifestText("Membership", "m", "{ group: hh, user: b@pve }"), ["out-of-scope@hh"]],
    [manifestText("Role", "B"), ['out-of-scope@"B"']],
    [manifestText("Token", "b@pve!ab"), ['out-of-scope@"b@pve!ab"']],
    [acl("a", "{ paths: [/vms, /vms/100], roles: [], subjects: [{ user: a@pve }] }"), []],
    [acl("a", "{ path: /, roles: [], subjects: [{ user: a@pve }] }"), ["out-of-scope@a@pve"]],
    [acl("a", "{ path: /vms, roles: [], subjects: [{ user: b@pve }] }"), ["out-of-scope@b@pve"]],
    [manifestText("User", "b@pve", "{ ensure: absent }"), ['out-of-scope@"b@pve"']],
  ])("%s", (text, expected) =>
    expect(summary(buildTexts([text], { target: targetText("dc1", scope) }).diagnostics)).toEqual(expected),
  );
});

describe("one file for two secrets", () => {
  const sinks = ", sinks: { ci: { file: { dir: /run/ci } } }";
  const token = (name: string, as: string): string =>
    manifestText("Token", name, `{ sinks: [{ name: ci, as: "${as}" }] }`);

  test("of two tokens", () => {
    const target = targetText("dc1", sinks);
    const { diagnostics } = buildTexts([token("a@pve!ab", "x"), token("b@pve!ab", "x")], { target });
    expect(summary(diagnostics)).toEqual(['sink-collision@"x"']);
    expect(diagnostics[0]?.related?.line).toBe(3);
  });

  test("of one on two targets, but not with {target}", () => {
    const target = [targetText("a", sinks), targetText("b", sinks)].join("---\n");
    expect(summary(buildTexts([token("a@pve!ab", "x")], { target }).diagnostics)).toEqual([
      'sink-collision@"x"',
    ]);
    expect(buildTexts([token("a@pve!ab", "{target}/x")], { target }).diagnostics).toEqual([]);
  });

  test("of one token, twice", () => {
    const both = manifestText("Token", "a@pve!ab", "{ sinks: [{ name: ci, as: x }, { name: ci, as: x }] }");
    const { diagnostics } = buildTexts([both], { target: targetText("dc1", sinks) });
    expect(summary(diagnostics)).toEqual(["sink-collision@x"]);
    expect(diagnostics[0]?.message).toContain("twice");
  });

  test("an absent token needs none", () => {
    const gone = manifestText("Token", "b@pve!ab", "{ ensure: absent, sinks: [{ name: ci, as: x }] }");
    expect(
      buildTexts([token("a@pve!ab", "x"), gone], { target: targetText("dc1", sinks) }).diagnostics,
    ).toEqual([]);
  });
});
