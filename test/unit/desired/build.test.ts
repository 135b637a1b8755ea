import { expect, test } from "@jest/globals";
import { buildDesired } from "../../../src/desired/build.ts";
import {
  buildFiles,
  buildTexts,
  manifestText,
  readTexts,
  summary,
  targetText,
} from "../../support/manifest-text.ts";

const two = [targetText("dc2"), targetText("dc1")].join("---\n");

test("one state a target, by name", () =>
  expect(buildTexts([], { target: two }).states.map(({ target }) => target.name)).toEqual(["dc1", "dc2"]));

test("only those that are asked for", () =>
  expect(buildTexts([], { target: two, targets: ["dc2"] }).states.map(({ target }) => target.name)).toEqual([
    "dc2",
  ]));

test("a name that no target has", () => {
  const { states, diagnostics } = buildTexts([], { target: two, targets: ["dc1", "dc3"] });
  expect(summary(diagnostics)).toEqual(["unknown-target@dc3"]);
  expect(diagnostics[0]).toMatchObject({ excerpt: "--target dc3", hint: "did you mean dc1?" });
  expect(states).toEqual([]);
});

test("no target at all, and the other mistakes all the same", () => {
  const { diagnostics } = buildFiles({ "a.yaml": manifestText("User", "joe") });
  expect(summary(diagnostics)).toEqual(["no-target@", 'invalid-name@"joe"']);
  expect(buildDesired([]).diagnostics).toMatchObject([{ code: "no-target" }]);
});

test("no target, but a file that could not be read", () =>
  expect(buildDesired([], { unread: 1 })).toEqual({ states: [], diagnostics: [] }));

test("what was read is not the whole: no state", () => {
  const { manifests } = readTexts({ "a.yaml": targetText() });
  expect(buildDesired(manifests).states).toHaveLength(1);
  expect(buildDesired(manifests, { unread: 1 })).toEqual({ states: [], diagnostics: [] });
});

test("an error anywhere leaves no state: half of one would delete the other half", () => {
  const documents = [manifestText("User", "joe@pve"), manifestText("User", "anna")];
  expect(buildTexts(documents).states).toEqual([]);
});

test("a mistake is told once, on however many targets", () => {
  const documents = [manifestText("User", "joe@pve", "{ email: x }")];
  expect(buildTexts(documents, { target: two }).diagnostics).toHaveLength(1);
});
