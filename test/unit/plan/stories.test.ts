import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { desiredAt } from "../../../src/desired/at-instant.ts";
import { declaredIn } from "../../../src/guard/declared.ts";
import { isRefused, judgePlan } from "../../../src/guard/judge.ts";
import { pve } from "../../../src/model/pve.ts";
import { makePlan } from "../../../src/plan/make-plan.ts";
import type { ParameterValue, Plan } from "../../../src/plan/plan.ts";
import { requestFor } from "../../../src/plan/requests.ts";
import type { TargetReport } from "../../../src/reconcile/report.ts";
import { renderJson } from "../../../src/render/json.ts";
import { planSchema } from "../../../src/render/plan-schema.ts";
import { renderText } from "../../../src/render/text.ts";
import { plain } from "../../../src/support/palette.ts";
import { accessStateFrom } from "../../../src/usercfg/access-state.ts";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf } from "../../../src/usercfg/release.ts";
import { aRealm, aRoleId, aTokenId } from "../../support/builders.ts";
import { aReadOf } from "../../support/desired-builders.ts";
import { expectGolden } from "../../support/golden.ts";
import { buildFiles } from "../../support/manifest-text.ts";

const stories = [
  "first-apply",
  "offboarding",
  "drift",
  "mass-deletion",
  "older-privilege",
  "directory",
  "guards",
  "time-boxed",
  "pools",
  "realms",
  "policies-in-a-plan",
];
/** What looks harmless in manifests, or is not in just any order. */
const traps = [
  "trap-auditor-under-administrator",
  "trap-refusal-deleted",
  "trap-propagate-off",
  "trap-limit-replaced",
  "trap-role-shrinks",
  "trap-groups-swap-roles",
  "trap-administrator-replaced",
  "trap-own-entry-lowered",
  "trap-own-entry-lockout",
];
const caller = aTokenId("rolecall@pve!gitops");
const nowSeconds = Date.UTC(2026, 11, 1) / 1000;

function textOf(story: string, file: string): string {
  return readFileSync(fileURLToPath(new URL(`../../golden/${story}/${file}`, import.meta.url)), "utf8");
}

/** What is declared of it is read in full; it is the default. */
function optionsRead(id: string): object {
  return id === "pve" ? { options: {}, isDefault: true } : {};
}

/** The live state of a server of release 9.2.11 with a directory `corp`. */
function liveIn(story: string): ReturnType<typeof aReadOf> {
  const release = releaseOf("9.2.11");
  if (!release) throw new Error("no release 9.2.11");
  const state = accessStateFrom(parseUserCfg(textOf(story, "user.cfg"), release), release);
  const nightly = { id: "nightly", schedule: "daily", scope: "both", removeVanished: "none" };
  const corp = { ...aRealm("corp", "ldap"), syncJobs: [{ ...nightly, enabled: true, comment: "" }] };
  const realms = new Map([
    ...[...state.realms].map(([id, realm]) => [id, { ...realm, ...optionsRead(id) }] as const),
    [corp.id, corp] as const,
  ]);
  const read = aReadOf({ ...state, realms });
  return {
    ...read,
    supportedPrivileges: new Set(state.roles.get(aRoleId("Administrator"))?.privileges ?? []),
  };
}

function reportOf(story: string): TargetReport & { readonly plan: Plan } {
  const { states, diagnostics } = buildFiles({ "manifests.yaml": textOf(story, "manifests.yaml") });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [desired] = states.map((state) => desiredAt(state, nowSeconds));
  if (!desired) throw new Error(`${story} has no target`);
  const plan = makePlan({
    desired,
    live: liveIn(story),
    product: pve,
    caller,
    callers: [caller],
    nowSeconds,
  });
  const findings = judgePlan(plan, {
    safety: desired.target.safety,
    credentials: desired.target.credentials,
    approvals: new Map(),
    declared: declaredIn(desired),
    policies: desired.policies,
    nowSeconds,
    caller,
    superuser: pve.superuser,
    missingPrivilege: "error",
    paused: "error",
    allowExec: false,
  });
  const status = isRefused(findings) ? "refused" : "ok";
  return { name: "dc1", product: "pve", version: "9.2.11", caller, plan: { ...plan, findings }, status };
}

function requestsOf({ operations }: Plan): string {
  const word = (value: ParameterValue): string => {
    if (typeof value === "string") return value;
    if ("digestOf" in value) return `(digest of ${value.digestOf})`;
    if ("endsInSecret" in value) return `${value.startsWith}(${value.endsInSecret})`;
    return "secret" in value ? `(${value.secret})` : `(now + ${value.secondsAhead} s)`;
  };
  const lines = operations.map((operation) => {
    const { method, path, parameters } = requestFor(operation);
    const fields = Object.entries(parameters).map(([name, value]) => ` ${name}=${word(value)}`);
    return `${method} ${path}${fields.join("")}\n`;
  });
  return lines.join("");
}

function expectStory(story: string): TargetReport {
  const report = reportOf(story);
  expectGolden({ case: story, file: "plan.txt" }, renderText([report], { palette: plain, detail: "brief" }));
  expectGolden({ case: story, file: "requests.txt" }, requestsOf(report.plan));
  return report;
}

describe("traps", () => {
  test.each(traps)("%s", (trap) => {
    expectStory(trap);
  });
});

describe("stories", () => {
  test.each(stories)("%s", (story) => {
    const report = expectStory(story);
    expectGolden({ case: story, file: "plan.json" }, renderJson([report]));
    const validate = new Ajv2020({ strict: false }).compile(planSchema);
    expect(validate(JSON.parse(renderJson([report]))) || validate.errors).toBe(true);
  });
});
