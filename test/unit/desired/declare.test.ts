import { describe, expect, test } from "@jest/globals";
import { buildTexts, manifestText, summary, targetText } from "../../support/manifest-text.ts";

const sinks = { target: targetText("dc1", ", sinks: { ci: { file: { dir: /run/ci } } }") };

function user(spec: string): unknown {
  const { states, diagnostics } = buildTexts([manifestText("User", "joe@pve", spec)]);
  expect(diagnostics).toEqual([]);
  const { source, ...rest } = [...(states[0]?.users.values() ?? [])][0] ?? {};
  expect(source).toMatchObject({ file: "a.yaml" });
  return rest;
}

describe("a user", () => {
  const guarded = { id: "joe@pve", ensure: "present", enabled: true, expire: 0 };
  test.each<[string, object]>([
    ["{}", guarded],
    ["{ enabled: false }", { ...guarded, enabled: false }],
    ["{ unmanaged: [enabled] }", { id: "joe@pve", ensure: "present", expire: 0 }],
    ["{ unmanaged: [enabled, expire] }", { id: "joe@pve", ensure: "present" }],
    ['{ comment: "" }', { ...guarded, comment: "" }],
    ['{ comment: "  on call ", firstName: " " }', { ...guarded, comment: "on call", firstName: "" }],
    ["{ groups: [] }", { ...guarded, groups: [] }],
    ["{ groups: [b, a, b] }", { ...guarded, groups: ["a", "b"] }],
    ['{ email: "" }', { ...guarded, email: "" }],
    ["{ ensure: absent }", { ...guarded, ensure: "absent" }],
  ])("%s", (spec, expected) => expect(user(spec)).toEqual(expected));

  test("no spec at all", () => {
    const text = "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: joe@pve }\n";
    expect([...(buildTexts([text]).states[0]?.users.keys() ?? [])]).toEqual(["joe@pve"]);
  });

  test("a password is bound to the target's folder", () =>
    expect(user("{ password: { from: { file: joe } } }")).toMatchObject({
      password: {
        origin: { kind: "given", from: { source: "file", path: "/run/secrets/rolecall/joe" } },
        policy: "initial",
      },
    }));

  test("the disabling annotation wins over ensure", () => {
    const metadata = ", annotations: { rolecall.dev/reconcile: disabled }";
    const { states } = buildTexts([manifestText("User", "joe@pve", "{ ensure: absent }", metadata)]);
    expect([...(states[0]?.users.values() ?? [])][0]?.ensure).toBe("ignored");
  });
});

describe("a role", () => {
  test.each<[string, object]>([
    ["{}", { optionalPrivileges: [], includes: [] }],
    ["{ privileges: [] }", { privileges: [], optionalPrivileges: [], includes: [] }],
    ["{ privileges: [VM.Console, VM.Audit, VM.Console] }", { privileges: ["VM.Audit", "VM.Console"] }],
    ["{ includes: [PVEAuditor] }", { privileges: [], includes: ["PVEAuditor"] }],
    [
      "{ optionalPrivileges: [VM.Monitor, VM.Audit], privileges: [VM.Audit] }",
      { optionalPrivileges: ["VM.Monitor"] },
    ],
  ])("%s", (spec, expected) => {
    const [role] = [...(buildTexts([manifestText("Role", "R", spec)]).states[0]?.roles.values() ?? [])];
    expect(role).toMatchObject(expected);
    expect(role && "privileges" in role).toBe(spec !== "{}");
  });
});

test("a token", () => {
  const text = manifestText(
    "Token",
    "ci@pve!ab",
    '{ comment: "c", sinks: [{ name: ci, as: "{target}/a.env" }] }',
  );
  const [token] = [...(buildTexts([text], sinks).states[0]?.tokens.values() ?? [])];
  expect(token).toMatchObject({
    id: "ci@pve!ab",
    privilegeSeparation: true,
    expire: 0,
    comment: "c",
    deliveries: [
      {
        sink: { kind: "file", name: "ci", dir: "/run/ci" },
        as: "dc1/a.env",
        format: "env",
        key: "PROXMOX_API_TOKEN",
      },
    ],
  });
});

describe("what the server would refuse", () => {
  test.each<[string, string, string, string[]]>([
    ["User", "joe", "{}", ['invalid-name@"joe"']],
    ["User", "jö@pve", "{}", ['invalid-name@"jö@pve"']],
    ["User", "root@pam", "{}", ['built-in@"root@pam"']],
    ["User", "rolecall-tmp-1@pve", "{}", ['reserved-name@"rolecall-tmp-1@pve"']],
    ["Group", "rolecall-pause", "{}", ['reserved-name@"rolecall-pause"']],
    ["Membership", "m", "{ group: rolecall-pause, user: joe@pve }", ["reserved-name@rolecall-pause"]],
    ["User", "joe@pve", "{ email: joe }", ["invalid-value@joe"]],
    ["User", "joe@pve", "{ expire: 2027-02-30 }", ["invalid-expiry@2027-02-30"]],
    ["User", "joe@pve", '{ comment: "0" }', ['invalid-value@"0"']],
    ["User", "joe@pve", `{ firstName: ${"x".repeat(1025)} }`, ["invalid-value@"]],
    ["User", "joe@pve", "{ groups: [a b] }", ["invalid-name@a b"]],
    ["User", "joe@pve", "{ unmanaged: [enabled], enabled: true }", ["conflicting-fields@enabled"]],
    ["User", "joe@pve", "{ password: { from: { env: OTHER } } }", ["secret-out-of-bounds@OTHER"]],
    ["User", "joe@pve", "{ password: { from: { file: ../x } } }", ["secret-out-of-bounds@../x"]],
    ["Group", "a b", "{}", ['invalid-name@"a b"']],
    ["Group", "a", "{ members: [joe] }", ["invalid-name@joe"]],
    ["Membership", "m", "{ group: a b, user: joe }", ["invalid-name@a b", "invalid-name@joe"]],
    ["Role", "PVEAuditor", "{}", ['built-in@"PVEAuditor"']],
    ["Role", "pveMine", "{}", ['reserved-name@"pveMine"']],
    [
      "Role",
      "R",
      "{ privileges: [VM.PowerMgnt], optionalPrivileges: [x] }",
      ["unknown-privilege@VM.PowerMgnt", "unknown-privilege@x"],
    ],
    ["Role", "R", "{ includes: [R] }", ["role-cycle@includes"]],
    ["Token", "ci@pve", "{}", ['invalid-name@"ci@pve"']],
    ["Token", "ci@pve!ab", "{ sinks: [{ name: cy, as: a }] }", ["unknown-sink@cy"]],
    ["Token", "ci@pve!ab", "{ sinks: [{ name: ci, as: ../a }] }", ["sink-out-of-bounds@../a"]],
    ["Token", "ci@pve!ab", "{ sinks: [{ name: ci, as: /a }] }", ["sink-out-of-bounds@/a"]],
    ["Token", "ci@pve!ab", "{ sinks: [{ name: ci, as: '{host}/a' }] }", ["sink-out-of-bounds@'{host}/a'"]],
    ["Token", "ci@pve!ab", "{ sinks: [{ name: ci, as: a/ }] }", ["sink-out-of-bounds@a/"]],
    ["ACL", "a", "{ path: /vms/x, roles: [], subjects: [{ group: g }] }", ["invalid-path@/vms/x"]],
    ["ACL", "a", "{ roles: [], subjects: [{ group: g }] }", ["missing-field@spec"]],
    ["ACL", "a", "{ path: /, subjects: [{ group: g }] }", ["missing-field@spec"]],
    [
      "ACL",
      "a",
      "{ path: /, paths: [/vms], roles: [], subjects: [{ group: g }] }",
      ["conflicting-fields@paths"],
    ],
    ["ACL", "a", "{ ensure: absent, path: /, roles: [], subjects: [{ group: g }] }", ["invalid-value@roles"]],
    ["ACL", "a", "{ path: /, roles: [], subjects: [{ user: root@pam }] }", ["root-acl@root@pam"]],
    ["ACL", "a", "{ path: /, roles: [], subjects: [{ token: joe@pve }] }", ["invalid-name@joe@pve"]],
  ])("%s %s %s", (kind, name, spec, expected) => {
    const { states, diagnostics } = buildTexts([manifestText(kind, name, spec)], sinks);
    expect(summary(diagnostics).map((one) => one.replace(/x{20,}.*$/u, ""))).toEqual(expected);
    expect(states).toEqual([]);
  });
});

test.each([
  ["Role", "R", "{ privileges: [VM.PowerMgnt] }", "did you mean VM.PowerMgmt?"],
  ["User", "joe@pve", "{ expire: nevr }", "did you mean never?"],
  ["Token", "ci@pve!ab", "{ sinks: [{ name: cii, as: a }] }", "did you mean ci?"],
])("%s %s %s: %s", (kind, name, spec, hint) =>
  expect(buildTexts([manifestText(kind, name, spec)], sinks).diagnostics[0]?.hint).toBe(hint),
);

describe("how long a token's secrets live", () => {
  const day = 86_400;
  const withSink = (spec: string): string =>
    manifestText("Token", "ci@pve!ab", `{ ${spec}, sinks: [{ name: ci, as: a.env }] }`);
  const expireOf = (text: string): unknown =>
    [...(buildTexts([text], sinks).states[0]?.tokens.values() ?? [])][0]?.expire;

  test.each<[string, number, number]>([
    ["lifetime: 90d, renewBefore: 15d", 90 * day, 15 * day],
    ["lifetime: 90d", 90 * day, 30 * day],
    ["lifetime: 24h, renewBefore: 2h", day, 7200],
  ])("%s", (spec, seconds, renewBeforeSeconds) =>
    expect(expireOf(withSink(spec))).toEqual({ seconds, renewBeforeSeconds }),
  );

  test("rotation and repair", () => {
    const [token] = [
      ...(buildTexts([withSink("rotation: replace, repair: reissue")], sinks).states[0]?.tokens.values() ??
        []),
    ];
    expect(token).toMatchObject({ expire: 0, rotation: "replace", repair: "reissue" });
  });

  test.each<[string, string, string]>([
    ["an end and a lifetime", withSink("expire: never, lifetime: 90d"), "conflicting-fields"],
    ["an expiry that is let go", withSink("unmanaged: [expire], lifetime: 90d"), "conflicting-fields"],
    ["a sink for an expiry that is let go", withSink("unmanaged: [expire]"), "conflicting-fields"],
    ["renewBefore without a lifetime", withSink("renewBefore: 15d"), "missing-field"],
    ["a lifetime without a sink", manifestText("Token", "ci@pve!ab", "{ lifetime: 90d }"), "missing-field"],
    ["a repair without a sink", manifestText("Token", "ci@pve!ab", "{ repair: reissue }"), "missing-field"],
    ["too short a lifetime", withSink("lifetime: 23h"), "invalid-value"],
    ["too long a lifetime", withSink("lifetime: 3651d"), "invalid-value"],
    ["no duration", withSink("lifetime: quarter"), "invalid-value"],
    ["too late a renewal", withSink("lifetime: 90d, renewBefore: 119m"), "invalid-value"],
    ["a renewal at once", withSink("lifetime: 90d, renewBefore: 90d"), "invalid-value"],
  ])("%s is a mistake", (_, text, code) => {
    expect(buildTexts([text], sinks).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
});

test("a generated password can't be enforced", () => {
  const text = manifestText(
    "User",
    "joe@pve",
    "{ password: { generate: { sinks: [{ name: ci, as: joe }] }, policy: enforce } }",
  );
  expect(buildTexts([text], sinks).diagnostics).toMatchObject([{ code: "conflicting-fields" }]);
});
