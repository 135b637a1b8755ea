import { describe, expect, test } from "@jest/globals";
import { manifestText, readTexts, summary, targetText } from "../../support/manifest-text.ts";

function mistakes(text: string): string[] {
  return summary(readTexts({ "a.yaml": text }).diagnostics);
}

describe("what is no manifest of ours", () => {
  test.each<[string, string, string[]]>([
    ["a list", "[a]\n", ["not-a-manifest@[a]"]],
    ["a text", "hello\n", ["not-a-manifest@hello"]],
    ["no apiVersion", "kind: User\n", ["not-a-manifest@kind"]],
    ["another apiVersion", "apiVersion: v1\nkind: Secret\n", ["unknown-api-version@v1"]],
    ["no kind", "apiVersion: rolecall.dev/v1\n", ["not-a-manifest@apiVersion"]],
    ["an unknown kind", "apiVersion: rolecall.dev/v1\nkind: Usr\n", ["unknown-kind@Usr"]],
  ])("%s", (_name, text, expected) => expect(mistakes(text)).toEqual(expected));
});

describe("what a kind does not take", () => {
  test.each<[string, string, string[]]>([
    ["an unknown field", manifestText("User", "a@pve", "{ enabld: true }"), ["unknown-field@enabld"]],
    ["unknown metadata", manifestText("User", "a@pve", "{}", ", uid: x"), ["unknown-field@uid"]],
    ["a wrong type", manifestText("User", "a@pve", "{ enabled: maybe }"), ["wrong-type@maybe"]],
    ["nothing", manifestText("User", "a@pve", "{ comment: }"), ["wrong-type@comment"]],
    [
      "a number for a date",
      manifestText("User", "a@pve", "{ expire: 1893456000 }"),
      ["wrong-type@1893456000"],
    ],
    ["keys, which hold second factors", manifestText("User", "a@pve", "{ keys: x }"), ["unknown-field@keys"]],
    ["a value that is not listed", manifestText("User", "a@pve", "{ ensure: gone }"), ["invalid-value@gone"]],
    [
      "fields that cannot be let go",
      manifestText("User", "a@pve", "{ unmanaged: [comment] }"),
      ["invalid-value@comment"],
    ],
    ["validity of a user", manifestText("User", "a@pve", "{ validity: {} }"), ["unknown-field@validity"]],
    [
      "a validity without a bound",
      manifestText("Membership", "a", "{ group: a, user: b@pve, validity: {} }"),
      ["missing-field@validity"],
    ],
    [
      "a rotation that there is not",
      manifestText("Token", "a@pve!b", "{ rotation: always, repair: never }"),
      ["invalid-value@always", "invalid-value@never"],
    ],
    [
      "a policy that there is not",
      manifestText("User", "a@pve", "{ password: { from: { env: A }, policy: always } }"),
      ["invalid-value@always"],
    ],
    [
      "a secret of a program",
      manifestText("User", "a@pve", "{ password: { from: { exec: [x] } } }"),
      ["secret-out-of-bounds@exec"],
    ],
    [
      "an age sink that says too little",
      targetText("dc1", ", sinks: { a: { age: {} } }"),
      ["missing-field@age", "missing-field@age"],
    ],
    [
      "two kinds in one sink",
      targetText("dc1", ", sinks: { a: { file: { dir: a }, exec: { command: b } } }"),
      ["conflicting-fields@a"],
    ],
    [
      "a mode that YAML takes for a number",
      targetText("dc1", ", sinks: { a: { file: { dir: a, mode: 0640 } } }"),
      ["wrong-type@0640"],
    ],
    [
      "a password too short to be made",
      manifestText("User", "a@pve", "{ password: { generate: { length: 7, sinks: [{ name: a }] } } }"),
      ["invalid-value@7"],
    ],
    [
      "a sink's Secret without a name",
      targetText("dc1", ", sinks: { a: { kubernetesSecret: { namespace: a, nam: b } } }"),
      ["unknown-field@nam"],
    ],
    ["no prune", targetText().replace("prune: true, ", ""), ["missing-field@spec"]],
    [
      "both credentials",
      targetText().replace("token: {", "password: { user: a@pve, password: { env: A } }, token: {"),
      ["conflicting-fields@credentials"],
    ],
    [
      "a misspelt field is not a missing one, too",
      manifestText("Membership", "a", "{ grup: a, user: b@pve }"),
      ["unknown-field@grup"],
    ],
    [
      "an annotation that is not known",
      manifestText("User", "a@pve", "{}", ", annotations: { rolecall.dev/reconcil: disabled }"),
      ["unknown-field@rolecall.dev/reconcil"],
    ],
    [
      "an annotation with another value",
      manifestText("User", "a@pve", "{}", ", annotations: { rolecall.dev/reconcile: no }"),
      ["invalid-value@rolecall.dev/reconcile"],
    ],
    [
      "a target that is to be left alone",
      targetText("a", "", ", annotations: { rolecall.dev/reconcile: disabled }"),
      ["invalid-value@rolecall.dev/reconcile"],
    ],
    [
      "a finding let pass by what is guarded",
      manifestText("User", "a@pve", "{}", ", annotations: { rolecall.dev/approve: x }"),
      ["invalid-value@rolecall.dev/approve"],
    ],
  ])("%s", (_name, text, expected) => expect(mistakes(text)).toEqual(expected));

  test("what kustomize sets is taken", () =>
    expect(
      mistakes(
        manifestText(
          "User",
          "a@pve",
          "{}",
          ", namespace: x, labels: { a: b }, annotations: { config.kubernetes.io/origin: x }",
        ),
      ),
    ).toEqual([]));
});

test.each([
  ["{ enabld: true }", "did you mean enabled?"],
  ["{ ensure: abscent }", "did you mean absent?"],
  ["{ pasword: { from: { env: A } } }", "did you mean password?"],
  ["{ validity: {} }", "write expire: the server itself ends it"],
])("%s: %s", (spec, hint) =>
  expect(readTexts({ "a.yaml": manifestText("User", "a@pve", spec) }).diagnostics[0]?.hint).toBe(hint),
);

describe("a secret that somebody wrote down is not repeated", () => {
  test.each<[string, string, string]>([
    ["a password", manifestText("User", "a@pve", "{ password: hunter2 }"), "literal-secret"],
    [
      "a password in from",
      manifestText("User", "a@pve", "{ password: { from: hunter2 } }"),
      "literal-secret",
    ],
    ["under a misspelt field", manifestText("User", "a@pve", "{ pasword: hunter2 }"), "unknown-field"],
    [
      "under a misspelt field with a mapping",
      manifestText("User", "a@pve", "{ passwrd: { from: hunter2 } }"),
      "unknown-field",
    ],
    [
      "under a field that is none",
      manifestText("User", "a@pve", "{ password: { from: { value: hunter2 } } }"),
      "unknown-field",
    ],
    ["as a field", manifestText("User", "a@pve", "{ password: { from: { hunter2 } } }"), "unknown-field"],
    [
      "as a variable",
      manifestText("User", "a@pve", "{ password: { from: { env: hunter2! } } }"),
      "invalid-value",
    ],
    [
      "as a number",
      manifestText("User", "a@pve", "{ password: 4711, comment: hunter2 }").replace("hunter2", "x"),
      "literal-secret",
    ],
    ["as keys", manifestText("User", "a@pve", "{ keys: hunter2 }"), "unknown-field"],
    ["of a token", targetText().replace("{ env: TOKEN }", "hunter2"), "literal-secret"],
    ["for credentials", targetText().replace(/token: .*/u, "token: hunter2 } }"), "literal-secret"],
    [
      "beside another mistake",
      manifestText("User", "a@pve", "{ foo: 1, password: { from: hunter2 } }"),
      "literal-secret",
    ],
    [
      "by an alias",
      manifestText("User", "a@pve", "{ password: *p, x: 1 }", ", labels: { a: &p hunter2, b: 1 }"),
      "literal-secret",
    ],
    ["in broken YAML", manifestText("User", "a@pve", "{ password: hunter2, groups: [ }"), "yaml-syntax"],
    [
      "in a block",
      "apiVersion: rolecall.dev/v1\nkind: User\nmetadata: { name: a@pve }\nspec:\n  password: |\n    hunter2\n",
      "literal-secret",
    ],
  ])("%s", (_name, text, code) => {
    const { diagnostics } = readTexts({ "a.yaml": text });
    expect(diagnostics.map((one) => one.code)).toContain(code);
    expect(JSON.stringify(diagnostics)).not.toMatch(/hunter2|4711/u);
  });
});
