import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { format, resolveConfig } from "prettier";
import { grantFor } from "../../../src/guard/caller-grant.ts";
import { pve } from "../../../src/model/pve.ts";
import type { TargetHealth } from "../../../src/reconcile/check.ts";
import { doctorSchema } from "../../../src/render/doctor-schema.ts";
import { renderDoctor, renderDoctorJson } from "../../../src/render/doctor.ts";
import { renderGrants, renderGrantsJson, type GrantSheet } from "../../../src/render/grants.ts";
import { coloured, plain } from "../../../src/support/palette.ts";
import { aTokenId } from "../../support/builders.ts";
import { aDesiredState } from "../../support/desired-builders.ts";
import { expectGolden } from "../../support/golden.ts";
import { buildFiles } from "../../support/manifest-text.ts";

const targets: readonly TargetHealth[] = [
  {
    name: "office",
    product: "pve",
    version: "9.2.11",
    checks: [
      {
        area: "endpoint",
        status: "ok",
        code: "endpoint-reached",
        message: "https://pve1.example:8006: reached",
      },
      {
        area: "endpoint",
        status: "warning",
        code: "endpoint-unreachable",
        message: "https://pve2.example:8006: no connection: the connection was refused (ECONNREFUSED)",
        hint: "is the node up",
      },
      {
        area: "certificate",
        status: "error",
        code: "certificate-mismatch",
        message: "shown is AA (CN=\u001b[31mforged), pinned is BB",
      },
      { area: "release", status: "ok", code: "release-supported", message: "Proxmox VE 9.2.11 is supported" },
    ],
  },
  { name: "lab", product: "pve", checks: [] },
];

const [plan, gitops] = [aTokenId("rolecall@pve!plan"), aTokenId("gitops@pve!ci")];
const desired = aDesiredState({
  users: { "joe@pve": {} },
  groups: { ops: { members: [] } },
  acl: [
    ["/vms", "group:ops", ["PVEAuditor"]],
    ["/storage", "group:ops", ["PVEAuditor"]],
  ],
});
const asking = { superuser: pve.superuser, callers: [plan, gitops] };
const sheet: GrantSheet = {
  target: "office",
  superuser: pve.superuser,
  grants: [
    grantFor(desired, { ...asking, purpose: "plan", caller: plan }),
    grantFor(desired, { ...asking, purpose: "apply", caller: gitops }),
  ],
};
const root: GrantSheet = {
  target: "lab",
  superuser: pve.superuser,
  grants: [grantFor(desired, { ...asking, purpose: "apply", caller: pve.superuser })],
};

describe("what a doctor says", () => {
  test.each([
    ["health.txt", renderDoctor(targets, plain)],
    ["health.json", renderDoctorJson(targets)],
    ["grants.yaml", renderGrants([sheet])],
    ["grants.json", renderGrantsJson([sheet])],
    ["root.yaml", renderGrants([root])],
  ])("%s", (file, text) => expectGolden({ case: "render-doctor", file }, text));

  test("every line bears its mark in words; colours only repeat them", () => {
    // eslint-disable-next-line no-control-regex -- the colours are what is taken away
    expect(renderDoctor(targets, coloured).replace(/\u001b\[\d+m/gu, "")).toBe(renderDoctor(targets, plain));
  });

  test("several targets' manifests say whose they are, and all are valid together", () => {
    const target = (name: string): string =>
      `apiVersion: rolecall.dev/v1\nkind: Target\nmetadata: { name: ${name} }\nspec: { product: pve, endpoints: [http://127.0.0.1:8006], prune: false,` +
      ` credentials: { token: { id: root@pam!ci, secret: { env: X } } } }\n`;
    const { diagnostics, states } = buildFiles({
      "targets.yaml": `${target("office")}---\n${target("lab")}`,
      "grants.yaml": renderGrants([sheet, { ...sheet, target: "lab" }]),
    });
    expect(diagnostics).toEqual([]);
    expect(states.map(({ acl }) => acl.length)).toEqual([8, 8]);
  });
});

describe("the published schema", () => {
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(doctorSchema);

  test("docs/doctor.schema.json is the constant", async () => {
    const file = "doctor.schema.json";
    const options = { ...(await resolveConfig("docs/doctor.schema.json")), filepath: file };
    expectGolden({ case: "../../docs", file }, await format(JSON.stringify(doctorSchema), options));
  });

  test.each([
    ["health", renderDoctorJson(targets)],
    ["grants", renderGrantsJson([sheet, root])],
  ])("holds of %s", (_, text) => {
    validate(JSON.parse(text));
    expect(validate.errors).toBe(null);
  });

  test("refuses a check without a status", () => {
    const checks = [{ area: "login", code: "x", message: "y" }];
    const target = { name: "a", product: "pve", status: "ok", checks };
    expect(validate({ formatVersion: 1, targets: [target] })).toBe(false);
  });
});
