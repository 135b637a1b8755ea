import { describe, expect, test } from "@jest/globals";
import { desiredAt } from "../../../src/desired/at-instant.ts";
import { nextBoundary } from "../../../src/desired/boundaries.ts";
import type { DesiredOverTime } from "../../../src/model/desired-over-time.ts";
import { buildTexts, manifestText, summary } from "../../support/manifest-text.ts";

const at = (text: string): number => Date.parse(text) / 1000;

function built(...documents: string[]): DesiredOverTime {
  const { states, diagnostics } = buildTexts(documents);
  expect(diagnostics).toEqual([]);
  return states[0]!;
}

function acl(name: string, role: string, validity = "", more = ""): string {
  const said = validity === "" ? "" : `, validity: { ${validity} }`;
  return manifestText(
    "ACL",
    name,
    `{ path: /vms, roles: [${role}], subjects: [{ group: g }]${more}${said} }`,
  );
}

function membership(name: string, validity = ""): string {
  const said = validity === "" ? "" : `, validity: { ${validity} }`;
  return manifestText("Membership", name, `{ group: g, user: joe@pve${said} }`);
}

/** The one pair at an instant: `present +role (role of another time)`. */
function pairAt(desired: DesiredOverTime, instant: string): string {
  return desiredAt(desired, at(instant))
    .acl.map(({ ensure, grants, outside }) =>
      [
        ensure,
        ...grants.map(({ role, propagate }) => `+${role}${propagate ? "" : "!"}`),
        ...outside.map(({ role }) => `(${role})`),
      ].join(" "),
    )
    .join("; ");
}

describe("a pair, to the second", () => {
  const week = "notBefore: 2026-12-01T08:00:00Z, notAfter: 2026-12-05T18:00:00Z";
  const day = "notBefore: 2026-12-01, notAfter: 2026-12-01";
  test.each<[string, string[], string, string]>([
    ["before it begins", [acl("a", "PVEAdmin", week)], "2026-12-01T07:59:59Z", "absent (PVEAdmin)"],
    ["when it begins", [acl("a", "PVEAdmin", week)], "2026-12-01T08:00:00Z", "present +PVEAdmin"],
    ["in its last second", [acl("a", "PVEAdmin", week)], "2026-12-05T17:59:59Z", "present +PVEAdmin"],
    ["when it is over", [acl("a", "PVEAdmin", week)], "2026-12-05T18:00:00Z", "absent (PVEAdmin)"],
    ["a day begins with it", [acl("a", "PVEAdmin", day)], "2026-12-01T00:00:00Z", "present +PVEAdmin"],
    ["a day is whole", [acl("a", "PVEAdmin", day)], "2026-12-01T23:59:59Z", "present +PVEAdmin"],
    ["a day is over", [acl("a", "PVEAdmin", day)], "2026-12-02T00:00:00Z", "absent (PVEAdmin)"],
    [
      "what another manifest grants for ever stays",
      [acl("a", "PVEAdmin", week), acl("b", "PVEAuditor")],
      "2027-01-01T00:00:00Z",
      "present +PVEAuditor (PVEAdmin)",
    ],
    [
      "the same role for ever elsewhere",
      [acl("a", "PVEAdmin", week), acl("b", "PVEAdmin")],
      "2027-01-01T00:00:00Z",
      "present +PVEAdmin",
    ],
    [
      "the same role at two times, between them",
      [acl("a", "PVEAdmin", "notAfter: 2026-12-01"), acl("b", "PVEAdmin", "notBefore: 2026-12-03")],
      "2026-12-02T12:00:00Z",
      "absent (PVEAdmin)",
    ],
    [
      "and in the second of them",
      [acl("a", "PVEAdmin", "notAfter: 2026-12-01"), acl("b", "PVEAdmin", "notBefore: 2026-12-03")],
      "2026-12-03T00:00:00Z",
      "present +PVEAdmin",
    ],
    [
      "one day after the other, with another flag",
      [
        acl("a", "PVEAdmin", "notAfter: 2026-12-01", ", propagate: false"),
        acl("b", "PVEAdmin", "notBefore: 2026-12-02"),
      ],
      "2026-12-01T23:59:59Z",
      "present +PVEAdmin!",
    ],
    [
      "one that is left alone, whatever its validity",
      [
        manifestText(
          "ACL",
          "a",
          "{ path: /vms, roles: [PVEAdmin], subjects: [{ group: g }], validity: { notAfter: 2026-12-01 } }",
          ", annotations: { rolecall.dev/reconcile: disabled }",
        ),
      ],
      "2027-01-01T00:00:00Z",
      "ignored",
    ],
  ])("%s", (_, documents, instant, expected) => {
    expect(pairAt(built(...documents), instant)).toBe(expected);
  });
});

describe("a membership", () => {
  test.each([
    ["2026-11-30T23:59:59Z", ["outside", "present"]],
    ["2026-12-01T00:00:00Z", ["present", "present"]],
    ["2026-12-02T00:00:00Z", ["outside", "present"]],
  ])("at %s", (instant, expected) => {
    const desired = built(membership("a", "notBefore: 2026-12-01, notAfter: 2026-12-01"), membership("b"));
    expect(desiredAt(desired, at(instant)).memberships.map(({ ensure }) => ensure)).toEqual(expected);
  });
});

describe("the next boundary", () => {
  const desired = built(
    acl("a", "PVEAdmin", "notBefore: 2026-12-01T08:00:00Z, notAfter: 2026-12-05T18:00:00Z"),
    membership("m", "notAfter: 2026-12-03"),
    acl("never", "PVEAuditor"),
  );

  test.each<[string, string | undefined]>([
    ["2020-01-01T00:00:00Z", "2026-12-01T08:00:00Z"],
    ["2026-12-01T07:59:59Z", "2026-12-01T08:00:00Z"],
    ["2026-12-01T08:00:00Z", "2026-12-04T00:00:00Z"],
    ["2026-12-03T23:59:59Z", "2026-12-04T00:00:00Z"],
    ["2026-12-04T00:00:00Z", "2026-12-05T18:00:00Z"],
    ["2026-12-05T18:00:00Z", undefined],
  ])("after %s is %s", (instant, expected) => {
    expect(nextBoundary(desired, at(instant))).toBe(expected && at(expected));
  });

  test("is told of each manifest once, the earliest first, with what it declares and where", () => {
    expect(desiredAt(desired, at("2026-11-01T00:00:00Z")).boundaries).toMatchObject([
      {
        event: "begins",
        kind: "ACL",
        name: "a",
        objects: ["/vms group:g"],
        source: { file: "a.yaml", line: 3 },
      },
      { event: "ends", kind: "Membership", name: "m", objects: ["joe@pve in g"] },
    ]);
  });

  test("is none of what is absent or left alone", () => {
    const gone = manifestText("User", "joe@pve", "{ ensure: absent }");
    const { states } = buildTexts([membership("m", "notAfter: 2030-01-01"), gone]);
    expect(nextBoundary(states[0]!, 0)).toBeUndefined();
  });
});

describe("mistakes in a validity", () => {
  test.each<[string, string[], string[]]>([
    [
      "over before it begins",
      [acl("a", "PVEAdmin", "notBefore: 2026-12-06, notAfter: 2026-12-05")],
      ["invalid-validity@2026-12-05"],
    ],
    [
      "over when it begins",
      [membership("m", "notBefore: 2026-12-05T18:00:00Z, notAfter: 2026-12-05T19:00:00+01:00")],
      ["invalid-validity@2026-12-05T19:00:00+01:00"],
    ],
    ["no instant", [membership("m", "notAfter: never")], ["invalid-validity@never"]],
    [
      "without a zone",
      [membership("m", "notBefore: 2026-12-05T18:00")],
      ["invalid-validity@2026-12-05T18:00"],
    ],
    [
      "both at once",
      [acl("a", "PVEAdmin", "notBefore: soon, notAfter: later")],
      ["invalid-validity@soon", "invalid-validity@later"],
    ],
    ["a number", [membership("m", "notAfter: 1893456000")], ["wrong-type@1893456000"]],
    ["another bound", [membership("m", "until: 2026-12-05")], ["unknown-field@until"]],
    [
      "of what is absent",
      [acl("a", "PVEAdmin", "notAfter: 2026-12-05", ", ensure: absent")],
      ["conflicting-fields@validity"],
    ],
    [
      "the same role with another flag at the same time",
      [
        acl("a", "PVEAdmin", "notAfter: 2026-12-05"),
        acl("b", "PVEAdmin", "notBefore: 2026-12-05", ", propagate: false"),
      ],
      ["conflicting-propagate@PVEAdmin"],
    ],
  ])("%s", (_, documents, expected) => {
    const found = summary(buildTexts(documents).diagnostics);
    expect(found).toEqual(expected);
  });
});

describe("what ended long ago", () => {
  const document = acl("a", "PVEAdmin", "notAfter: 2026-12-05");
  test.each<[string | undefined, string[]]>([
    [undefined, []],
    ["2026-12-07T00:00:00Z", []],
    ["2027-01-04T23:59:59Z", []],
    ["2027-01-05T00:00:00Z", ["validity-over@2026-12-05"]],
  ])("at %s", (instant, expected) => {
    const options = instant === undefined ? {} : { nowSeconds: at(instant) };
    const { diagnostics, states } = buildTexts([document], options);
    expect(summary(diagnostics)).toEqual(expected);
    expect(states).toHaveLength(1);
  });
});
