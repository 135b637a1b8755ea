import { describe, expect, test } from "@jest/globals";
import { buildFiles, manifestText, summary, targetText, type Texts } from "../../support/manifest-text.ts";

const targets: Texts = {
  "t.yaml": [
    targetText("a", "", ", labels: { env: prod, site: x }"),
    targetText("b", "", ", labels: { env: prod, site: y }"),
    targetText("c", "", ", labels: { env: test }"),
    targetText("d"),
  ].join("---\n"),
};

function selected(selector: string): string[] {
  const { states, diagnostics } = buildFiles({
    ...targets,
    "u.yaml": manifestText("User", "joe@pve", `{ targets: ${selector} }`),
  });
  expect(diagnostics).toEqual([]);
  return states.filter(({ users }) => users.size > 0).map(({ target }) => target.name);
}

test("without spec.targets: all", () => {
  const { states } = buildFiles({ ...targets, "u.yaml": manifestText("User", "joe@pve") });
  expect(states.map(({ users }) => users.size)).toEqual([1, 1, 1, 1]);
});

test.each<[string, string[]]>([
  ["[a, c]", ["a", "c"]],
  ["{}", ["a", "b", "c", "d"]],
  ["{ matchLabels: { env: prod } }", ["a", "b"]],
  ["{ matchLabels: { env: prod, site: y } }", ["b"]],
  ["{ matchExpressions: [{ key: env, operator: In, values: [test, dev] }] }", ["c"]],
  ["{ matchExpressions: [{ key: env, operator: NotIn, values: [prod] }] }", ["c", "d"]],
  ["{ matchExpressions: [{ key: site, operator: Exists }] }", ["a", "b"]],
  ["{ matchExpressions: [{ key: site, operator: DoesNotExist }] }", ["c", "d"]],
  ["{ matchLabels: { env: prod }, matchExpressions: [{ key: site, operator: NotIn, values: [x] }] }", ["b"]],
])("%s", (selector, names) => expect(selected(selector)).toEqual(names));

describe("mistakes", () => {
  test.each<[string, string[]]>([
    ["[a, bb]", ["selected-nowhere@bb"]],
    ["[]", ["selected-nowhere@targets"]],
    ["{ matchLabels: { env: dev } }", ["selected-nowhere@targets"]],
    [
      "{ matchExpressions: [{ key: env, operator: In }] }",
      ["conflicting-fields@In", "selected-nowhere@targets"],
    ],
    ["{ matchExpressions: [{ key: env, operator: Exists, values: [a] }] }", ["conflicting-fields@Exists"]],
  ])("%s", (selector, expected) => {
    const text = manifestText("User", "joe@pve", `{ targets: ${selector} }`);
    const { states, diagnostics } = buildFiles({ ...targets, "u.yaml": text });
    expect(summary(diagnostics).sort()).toEqual(expected.sort());
    expect(states).toEqual([]);
  });

  test("a target that may stand in a broken file is no mistake", () => {
    const broken = {
      ...targets,
      "u.yaml": manifestText("User", "joe@pve", "{ targets: [e] }"),
      "e.yaml": "a: [",
    };
    expect(summary(buildFiles(broken).diagnostics)).toEqual(["yaml-syntax@"]);
  });
});
