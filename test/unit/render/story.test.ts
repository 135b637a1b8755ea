import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { format, resolveConfig } from "prettier";
import type { Outcome } from "../../../src/apply/outcome.ts";
import { renderJson } from "../../../src/render/json.ts";
import { renderMarkdown } from "../../../src/render/markdown.ts";
import { renderOutcomes } from "../../../src/render/outcomes.ts";
import { planSchema } from "../../../src/render/plan-schema.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { renderText } from "../../../src/render/text.ts";
import { plain } from "../../../src/support/palette.ts";
import { expectGolden } from "../../support/golden.ts";
import { emptyPlan, storyPlan } from "../../support/story-plan.ts";

const refused: TargetReport = {
  name: "dc1",
  product: "pve",
  status: "refused",
  plan: storyPlan,
  complete: ["users", "groups", "acl", "pools"],
};
const matching: TargetReport = {
  name: "dc2",
  product: "pve",
  status: "ok",
  plan: { ...emptyPlan, target: "dc2" },
};
const unreachable: TargetReport = {
  name: "dc3",
  product: "pve",
  status: "unreachable",
  error: {
    code: "tls",
    message: "the certificate of pve3.example is not the pinned one",
    hint: "compare the two fingerprints",
  },
};
const suspended: TargetReport = {
  name: "dc4",
  product: "pve",
  status: "ok",
  notice: "suspended, so it is passed over",
};
const all = [refused, matching, unreachable, suspended];

const outcomes: readonly Outcome[] = [
  { change: 0, status: "applied" },
  { change: 1, status: "applied" },
  {
    change: 2,
    status: "failed",
    error: "create user failed: change password failed: user 'anna' does not exist\n",
  },
  { change: 3, status: "unconfirmed", error: "596 Broken pipe" },
  { change: 4, status: "failed", error: "Permission check failed (/access/groups, User.Modify)" },
  { change: 5, status: "not-attempted", error: "depends on user anna@pve" },
  { change: 6, status: "not-attempted" },
  { change: 7, status: "not-attempted" },
  { change: 8, status: "not-attempted", error: "held" },
];
const applied: TargetReport = { ...refused, status: "ok", outcomes };

describe("a plan with everything in it reads like a story", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["plan.txt", renderText([refused], { palette: plain, detail: "brief" })],
    ["plan-verbose.txt", renderText([refused], { palette: plain, detail: "verbose" })],
    ["plan.json", renderJson([refused])],
    ["plan.md", renderMarkdown([refused])],
    ["targets.txt", renderText(all, { palette: plain, detail: "brief" })],
    ["targets.json", renderJson(all)],
    ["targets.md", renderMarkdown(all)],
    ["empty.txt", renderText([matching], { palette: plain, detail: "brief" })],
    ["outcomes.txt", renderOutcomes([applied], plain)],
    ["outcomes.json", renderJson([applied])],
    ["outcomes.md", renderMarkdown([applied])],
  ];
  test.each(cases)("%s", (file, text) => {
    expectGolden({ case: "render-story", file }, text);
  });
});

describe("the published schema", () => {
  const folder = fileURLToPath(new URL("../../golden/", import.meta.url));
  const validate = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(
    planSchema,
  );

  test("docs/plan.schema.json is the constant", async () => {
    const file = "plan.schema.json";
    const options = { ...(await resolveConfig("docs/plan.schema.json")), filepath: file };
    expectGolden({ case: "../../docs", file }, await format(JSON.stringify(planSchema), options));
  });

  test("holds of every golden plan, whoever made it", () => {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /(?:^|\/)(?:plan|targets|outcomes)\.json$/u.test(file),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      validate(JSON.parse(readFileSync(`${folder}${file}`, "utf8")));
      expect({ file, errors: validate.errors ?? [] }).toEqual({ file, errors: [] });
    }
  });

  test.each([
    ["a plan without its summary", { changes: [], operations: [], findings: [], unmanaged: [] }],
    ["an unreachable target without an error", { status: "unreachable" }],
    ["an unknown key", { colour: "red" }],
  ])("refuses %s", (_, keys) => {
    const target = { name: "a", product: "pve", version: "9", caller: "a@pve", status: "ok", ...keys };
    expect(validate({ formatVersion: 1, targets: [target] })).toBe(false);
  });
});
