import { describe, expect, test } from "@jest/globals";
import { buildTexts, manifestText, summary, targetText } from "../../support/manifest-text.ts";
import { manifestsFrom } from "../../../src/manifest/read-manifests.ts";
import { parseSpanSeconds } from "../../../src/desired/duration.ts";

function policyText(rule: string, name = "p"): string {
  return manifestText("Policy", name, `{ rules: [ { name: r, message: m, ${rule} } ] }`);
}

const ruling = {
  name: "r",
  severity: "error",
  message: "m",
  except: [],
  source: { file: "a.yaml", line: 4 },
};

describe("a rule, with its defaults", () => {
  test.each<[string, object]>([
    [
      "deny: { privileges: [Permissions.Modify] }",
      { kind: "deny", subjects: ["**"], power: { privileges: ["Permissions.Modify"], paths: ["/**"] } },
    ],
    [
      'deny: { privileges: ["VM.*"], paths: [/vms/**], subjects: ["user:*-ext@*"], except: [group:ops] }',
      {
        kind: "deny",
        subjects: ["user:*-ext@*"],
        except: ["group:ops"],
        power: { privileges: ["VM.*"], paths: ["/vms/**"] },
      },
    ],
    [
      "separate: { between: [ { privileges: [VM.Allocate] }, { privileges: [User.Modify], paths: [/access] } ] }",
      {
        kind: "separate",
        between: [
          { privileges: ["VM.Allocate"], paths: ["/**"] },
          { privileges: ["User.Modify"], paths: ["/access"] },
        ],
      },
    ],
    [
      "require: { privilegeSeparation: true }",
      { kind: "require", subjects: ["**"], requirement: { kind: "privilege-separation" } },
    ],
    [
      "require: { expireWithin: 90d, subjects: [token:**] }",
      { subjects: ["token:**"], requirement: { kind: "expire-within", seconds: 7_776_000, words: "90d" } },
    ],
    [
      'require: { comment: ["*OPS-*"], subjects: [group:**] }',
      { requirement: { kind: "comment", globs: ["*OPS-*"] } },
    ],
    [
      "require: { entrySubjects: [group, token] }",
      { requirement: { kind: "entry-subjects", kinds: ["group", "token"], paths: ["/**"] } },
    ],
    ["severity: warning, require: { privilegeSeparation: true }", { severity: "warning" }],
  ])("%s", (rule, expected) => {
    const { states, diagnostics } = buildTexts([policyText(rule)]);
    expect(diagnostics).toEqual([]);
    expect(states[0]?.policies).toMatchObject([{ name: "p", rules: [{ ...ruling, ...expected }] }]);
  });
});

describe("what is wrong with a rule", () => {
  test.each<[string, string[]]>([
    ["severity: error", ["missing-field@name"]],
    [
      "deny: { privileges: [VM.Audit] }, require: { privilegeSeparation: true }",
      ["conflicting-fields@require"],
    ],
    ["deny: {}", ["missing-field@deny"]],
    ["deny: { privileges: [] }", ["invalid-value@privileges"]],
    [`deny: { privileges: [${"a".repeat(60)}*${"b".repeat(197)}] }`, ["invalid-value@"]],
    ['deny: { privileges: ["*.Nothing"] }', ['unknown-privilege@"*.Nothing"']],
    ["deny: { privileges: [VM.Audit], paths: [vms/**] }", ["invalid-path@vms/**"]],
    ["deny: { privileges: [VM.Audit], paths: [/vms/99] }", ["invalid-path@/vms/99"]],
    ['deny: { privileges: [VM.Audit], paths: ["/*/1*", "**", /v*] }', []],
    ["deny: { privileges: [VM.Audit], subjects: [joe@pve] }", ["invalid-name@joe@pve"]],
    ["deny: { privileges: [VM.Audit], subjects: [user:joe] }", ["invalid-name@user:joe"]],
    ["deny: { privileges: [VM.Audit], except: [users:*] }", ["invalid-name@users:*"]],
    ["require: {}", ["missing-field@require"]],
    [
      "require: { privilegeSeparation: true, comment: [a], subjects: [token:**] }",
      ["conflicting-fields@comment"],
    ],
    ["require: { privilegeSeparation: false }", ["invalid-value@false"]],
    ["require: { expireWithin: 90, subjects: [token:**] }", ["wrong-type@90"]],
    ["require: { expireWithin: 9999d, subjects: [token:**] }", ["invalid-value@9999d"]],
    ["require: { comment: [a] }", ["missing-field@require"]],
    ["require: { comment: [a], subjects: [user:**], paths: [/] }", ["conflicting-fields@paths"]],
    ["require: { entrySubjects: [role] }", ["invalid-value@role"]],
    ["separate: { between: [ { privileges: [VM.Audit] } ] }", ["invalid-value@between"]],
    ["severity: fatal, deny: { privileges: [VM.Audit] }", ["invalid-value@fatal"]],
  ])("%s", (rule, expected) => {
    // The mark of what is too long is cut: only its code is compared.
    const found = summary(buildTexts([policyText(rule)]).diagnostics);
    expect(
      found.map((one, index) => (expected[index]?.endsWith("@") ? one.replace(/@.*/u, "@") : one)),
    ).toEqual(expected);
  });

  test.each<[string, string, string]>([
    ["deny: { privileges: [VM.Adit] }", "unknown-privilege", "did you mean VM.Audit?"],
    ['deny: { privileges: ["Vm.*"] }', "unknown-privilege", "did you mean VM.*?"],
    ["deny: { privileges: [VM.Audit], paths: [/vm/**] }", "invalid-path", "did you mean /vms/**?"],
    ["deny: { privileges: [VM.Audit], paths: [/vms/] }", "invalid-path", "write /vms"],
    ["deny: { privileges: [VM.Audit], subject: [user:*] }", "unknown-field", "did you mean subjects?"],
    [
      "require: { privilegeSeparation: true, except: [user:joe@pve] }",
      "invalid-name",
      "write token:ci@pve!deploy, or token:*@pve!*",
    ],
    ["require: { expireWithin: 90d }", "missing-field", "as [token:**]"],
    [
      "require: { expireWithin: 3mo, subjects: [token:**] }",
      "invalid-value",
      "a number of days or hours, as 90d or 12h",
    ],
    ['deny: { privileges: [""] }', "invalid-value", "a glob of 1 to 256 characters"],
  ])("%s: %s, %s", (rule, code, hint) =>
    expect(buildTexts([policyText(rule)]).diagnostics).toMatchObject([{ code, hint }]),
  );

  test("two rules of one name, two policies of one name", () => {
    const rule = "{ name: r, message: m, require: { privilegeSeparation: true } }";
    const twice = manifestText("Policy", "p", `{ rules: [ ${rule}, ${rule} ] }`);
    expect(summary(buildTexts([twice, policyText("deny: { privileges: [VM.Audit] }")]).diagnostics)).toEqual([
      "duplicate-object@r",
      'duplicate-object@"p"',
    ]);
  });

  test("a group that is nearly the name of a declared one is told, and does not stop anything", () => {
    const documents = [
      policyText("deny: { privileges: [VM.Audit], except: [group:admnis, group:other, group:admins] }"),
      manifestText("Group", "admins"),
    ];
    const { diagnostics, states } = buildTexts(documents);
    expect(summary(diagnostics)).toEqual(["unknown-subject@group:admnis"]);
    expect(diagnostics[0]).toMatchObject({ severity: "warning", hint: "did you mean group:admins?" });
    expect(states).toHaveLength(1);
  });
});

describe("where a policy applies and where it may stand", () => {
  const policy = policyText("require: { privilegeSeparation: true }");

  test("targets select as for every kind", () => {
    const nowhere = manifestText(
      "Policy",
      "q",
      "{ targets: [dc2], rules: [ { name: r, message: m, require: { privilegeSeparation: true } } ] }",
    );
    expect(summary(buildTexts([policy, nowhere]).diagnostics)).toEqual(["selected-nowhere@dc2"]);
  });

  test("with --config it is read from there only", () => {
    const files = (
      texts: Readonly<Record<string, string>>,
    ): Parameters<typeof manifestsFrom>[0]["filenames"] => ({
      files: Object.entries(texts).map(([name, text]) => ({ name, folder: "f", text })),
      diagnostics: [],
    });
    const config = files({ "config.yaml": `${targetText()}---\n${policy}` });
    const read = manifestsFrom({ filenames: files({ "a.yaml": policy }), config });
    expect(summary(read.diagnostics)).toEqual(["misplaced@Policy"]);
    expect(read.manifests.map(({ kind, place }) => `${kind} ${place.file}`)).toEqual([
      "Target config.yaml",
      "Policy config.yaml",
    ]);
  });

  test("it can't be switched off by annotation", () => {
    const off = manifestText(
      "Policy",
      "p",
      "{ rules: [ { name: r, message: m, require: { privilegeSeparation: true } } ] }",
      ", annotations: { rolecall.dev/reconcile: disabled }",
    );
    expect(summary(buildTexts([off]).diagnostics)).toEqual(["invalid-value@rolecall.dev/reconcile"]);
  });
});

test.each([
  ["12h", 43_200],
  ["90d", 7_776_000],
  ["3650d", 315_360_000],
])("%s is %d seconds", (text, value) => expect(parseSpanSeconds(text)).toEqual({ ok: true, value }));

test.each(["", "0d", "3651d", "1w", "90", "-1d", "1.5d"])("%p is no span", (text) =>
  expect(parseSpanSeconds(text)).toMatchObject({ ok: false }),
);
