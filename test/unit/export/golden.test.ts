// A company that grew by hand, as its files say it, and what a person then finds in theirs.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { accessStateFrom } from "../../../src/usercfg/access-state.ts";
import { parseDomains } from "../../../src/usercfg/domains.ts";
import { parseUserCfg } from "../../../src/usercfg/parse.ts";
import { releaseOf } from "../../../src/usercfg/release.ts";
import { aReadOf, changesOf, planBetween } from "../../support/desired-builders.ts";
import { adoptedByExport, exportedTexts } from "../../support/exported.ts";
import { expectGolden } from "../../support/golden.ts";

const folder = fileURLToPath(new URL("../../golden/export/", import.meta.url));
const release = releaseOf("9.2.11")!;
const state = {
  ...accessStateFrom(parseUserCfg(readFileSync(`${folder}user.cfg`, "latin1"), release), release),
  realms: parseDomains(readFileSync(`${folder}domains.cfg`, "latin1")),
};

test("its files", () => {
  const texts = exportedTexts(state);
  expect(Object.keys(texts)).toEqual([
    "realms.yaml",
    "users.yaml",
    "groups.yaml",
    "roles.yaml",
    "pools.yaml",
    "acl.yaml",
    "tokens.yaml",
  ]);
  for (const [file, text] of Object.entries(texts)) expectGolden({ case: "export", file }, text);
});

test("the plan of them touches nothing but the entry that no manifest can name", () => {
  const plan = planBetween(adoptedByExport(state), aReadOf(state));
  expect(changesOf(plan)).toEqual(["delete ACL /vms/100/old user:bruno@pve"]);
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
});
